//! The Easemob-compatible sandbox server: REST, long connection, demo data. It shares only `domain` and `wire` with
//! the client, so that a mistake cannot cancel itself out; the vendor's own SDK is the judge.

pub mod db;
