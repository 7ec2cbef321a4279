//! Bookmarks: a letter that stands for a message, so that one can go back to it. They hold no text.

use std::fmt;

use super::{MessageId, Peer, ServerTime};

/// What a bookmark is called: a small letter from a to z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Letter(char);

impl Letter {
    /// `None` for anything but a to z.
    #[must_use]
    pub const fn new(letter: char) -> Option<Self> {
        if letter.is_ascii_lowercase() { Some(Self(letter)) } else { None }
    }

    /// The letter.
    #[must_use]
    pub const fn get(self) -> char {
        self.0
    }
}

impl fmt::Display for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// A message to come back to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bookmark {
    /// What it is called.
    pub letter: Letter,
    /// In which conversation.
    pub peer: Peer,
    /// The message; never 0.
    pub id: MessageId,
    /// When it was sent.
    pub time: ServerTime,
}
