//! `client`
