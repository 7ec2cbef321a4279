//! `tui`

pub mod screen;
pub mod terminal;
