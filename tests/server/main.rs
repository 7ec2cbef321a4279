//! The sandbox's REST side, driven through its router.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, unreachable_pub, missing_docs)]

mod details;
mod device;
mod events;
mod filling;
mod folder;
mod fuzz;
mod history;
mod identity;
mod limits;
mod lists;
mod robustness;
mod support;
