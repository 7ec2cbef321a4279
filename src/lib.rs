//! manyou (漫游): browse, search, triage and clean up the roaming history that Easemob IM keeps on its servers.
//!
//! `ARCHITECTURE.md` tells which module may know which; start with [`domain`].

pub mod action;
pub mod app;
pub mod cells;
pub mod cli;
pub mod client;
pub mod config;
pub mod domain;
pub mod engine;
pub mod export;
pub mod i18n;
pub mod keymap;
pub mod report;
pub mod runtime;
pub mod server;
pub mod store;
pub mod text;
pub mod tui;
pub mod ui;
pub mod wire;
