//! `text`
