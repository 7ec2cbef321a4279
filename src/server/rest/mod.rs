//! The REST handlers, one file for each part of the vendor's API.

pub mod admin;
pub mod archive;
pub mod conversations;
pub mod deletion;
mod entry;
mod events;
pub mod files;
pub mod groups;
pub mod history;
pub mod marks;
pub mod people;
pub mod pins;
pub mod reactions;
pub mod registry;
pub mod send;
mod thumbnail;
pub mod token;
