//! Search: an index and a look at the messages themselves give the same answer, for whatever people write.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod build;
mod inputs;
mod laws;
mod messages;
