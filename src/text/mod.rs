//! Text that came from others: made safe to show, measured in cells, cut, wrapped, folded for search.
//!
//! Every string of a server passes through [`body`] or [`label`] before it is drawn or printed. What would act on a terminal is shown
//! as a mark instead of being stripped, because hiding evidence is as bad as obeying it. [`width`] is the one rule for cells.

mod chars;
mod cut;
mod file_name;
pub mod fold;
mod number;
mod sanitize;
pub mod search;
mod width;
pub mod wrap;

pub use chars::printable;
pub use cut::{fit, fit_both, fit_name, pad, to_ascii};
pub use file_name::{file_name, free_name};
pub use number::thousands;
pub use sanitize::{Clean, body, label};
pub(crate) use width::solitary;
pub use width::{clusters, width};
