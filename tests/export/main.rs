//! Exports: what each format must and must not hold, that the lossless one comes back equal, and the service's own files.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod badinputs;
mod hourly;
mod laws;
mod page;
mod round_trip;
mod support;
