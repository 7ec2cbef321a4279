//! The terminal itself: what it can do, taking it over and giving it back whole, what it sends.

mod ability;
mod guard;
mod input;

pub use ability::{Capabilities, capabilities};
pub use guard::{Guard, StartError, size};
pub use input::{Input, Inputs, events};
