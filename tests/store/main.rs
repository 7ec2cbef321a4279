//! The archive: what a page teaches it, what it gives back, and that it never claims what it does not have.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)]

mod batches;
mod bookmarks;
mod crowding;
mod damage;
mod finding;
mod going;
mod keeping;
mod model;
mod opening;
mod packing;
mod places;
mod properties;
mod stories;
mod verifying;
