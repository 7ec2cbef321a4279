//! The REST handlers, one file for each part of the vendor's API.

pub mod token;
