//! `tui`
