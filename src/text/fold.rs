//! Folding for lists and for what is found in a loaded page, under the names their callers know: see [`super::search`].

pub use super::search::{find, fold};
