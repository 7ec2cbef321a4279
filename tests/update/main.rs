//! Stories of the screen without a screen: keys and answers in, state and effects out.

#![allow(clippy::expect_used, clippy::panic)]

mod bookmarks;
mod deletion;
mod driver;
mod export;
mod history;
mod list;
mod properties;
mod search;
mod session;
mod sync;
mod travel;
mod unread;
