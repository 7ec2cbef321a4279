//! The built program in a pseudo-terminal, as a person meets it.
#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests say what they believed")]

mod bytes;
mod deletion;
mod ending;
mod export;
mod failures;
mod folder;
mod hostile;
mod idle;
mod local;
mod shapes;
mod sign_in;
mod story;
mod tty;
mod world;
