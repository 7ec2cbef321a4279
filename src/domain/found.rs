//! What looking through an archive gives.

use super::{Message, Peer, ServerTime};

/// A message that was looked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// Its place; the next page of hits is below the last one's.
    pub key: i64,
    /// In which conversation.
    pub peer: Peer,
    /// The message.
    pub message: Message,
}

/// How much was looked through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Horizon {
    /// Messages.
    pub messages: u64,
    /// When the oldest was sent.
    pub oldest: Option<ServerTime>,
    /// When the newest was sent.
    pub newest: Option<ServerTime>,
    /// Nothing the server had when it was asked last is missing between the newest and its end.
    pub whole: bool,
}
