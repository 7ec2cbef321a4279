//! The side of the program that touches the world: clock, log, workers.

pub mod clock;
pub mod log;
