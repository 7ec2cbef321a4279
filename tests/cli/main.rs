//! The built binary as scripts use it: standard output, standard error, exit codes.
#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests say what they believed")]

#[cfg(feature = "delete")]
mod archive;
#[cfg(feature = "delete")]
mod delete;
mod export;
mod keeping;
mod offline;
mod profiles;
mod read;
mod secrets;
mod shelf;
mod support;
mod sync;
mod usage;
