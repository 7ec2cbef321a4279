//! `keymap`
