//! Exports: what each format must and must not hold.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod badinputs;
mod laws;
mod page;
mod support;
