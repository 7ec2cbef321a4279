//! Conversations as files, and those files back.

mod names;

pub use names::{file_name, free_name};
