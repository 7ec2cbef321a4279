//! `action`
