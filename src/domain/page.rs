//! Pages of history: where they start, how many, which way, how they end.

use std::fmt;

use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};
use thiserror::Error;

use super::{Message, MessageId, Peer, ServerTime, UserId};

/// Messages asked for at once: 1 to 50. The service's own default is 20; ours is 50.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageSize(u8);

/// A page size out of range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("history page size must be 1 to 50, got {0}")]
pub struct PageSizeError(pub u64);

impl PageSize {
    /// The largest page the service gives.
    pub const MAX: Self = Self(50);

    /// Checks the range.
    ///
    /// # Errors
    /// [`PageSizeError`] outside 1 to 50.
    pub const fn new(size: u64) -> Result<Self, PageSizeError> {
        if size >= 1 && size <= 50 { Ok(Self(size as u8)) } else { Err(PageSizeError(size)) }
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> usize {
        self.0 as usize
    }
}

/// Which way a page runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Newest first, towards the past. The service's default.
    Up,
    /// Oldest first, towards the present.
    Down,
}

/// Where a page continues; opaque, exclusive. Only ever sent inside a request body.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cursor(String);

/// A cursor that cannot be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("cursor must be 1 to 512 visible ASCII characters")]
pub struct CursorError;

impl Cursor {
    /// Checks a cursor text.
    ///
    /// # Errors
    /// [`CursorError`] when it is empty, longer than 512, holds blanks, `&`, `=`, `?`, `#` or anything but visible ASCII.
    pub fn new(text: &str) -> Result<Self, CursorError> {
        let plain = text.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'&' | b'=' | b'?' | b'#'));
        if (1..=512).contains(&text.len()) && plain { Ok(Self(text.to_owned())) } else { Err(CursorError) }
    }

    /// The cursor as the server wrote it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<super::MessageId> for Cursor {
    /// Any message id serves as a cursor.
    fn from(id: super::MessageId) -> Self {
        Self(id.to_string())
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The kinds of message, with the words of the history filter where it has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Display, EnumString, EnumIter, IntoStaticStr, Serialize)]
#[strum(serialize_all = "lowercase")]
#[serde(rename_all = "lowercase")]
pub enum MessageKind {
    /// `txt`
    #[strum(serialize = "txt")]
    #[serde(rename = "txt")]
    Text,
    /// `img`
    #[strum(serialize = "img")]
    #[serde(rename = "img")]
    Image,
    /// `audio`
    Audio,
    /// `video`
    Video,
    /// `file`
    File,
    /// `loc`
    #[strum(serialize = "loc")]
    #[serde(rename = "loc")]
    Location,
    /// `cmd`
    #[strum(serialize = "cmd")]
    #[serde(rename = "cmd")]
    Command,
    /// `custom`
    Custom,
    /// Forwarded record; the filter has no word for it.
    Combine,
    /// Recall notice.
    Recalled,
    /// A kind this version does not know.
    Unknown,
    /// Could not be decoded.
    Damaged,
}

/// One history request.
#[derive(Clone, Debug, PartialEq)]
pub struct HistoryQuery {
    /// Whose messages.
    pub peer: Peer,
    /// Where to go on; `None` starts at the newest (up) or the oldest (down).
    pub cursor: Option<Cursor>,
    /// How many at most.
    pub size: PageSize,
    /// Which way.
    pub direction: Direction,
    /// Only these kinds; empty means all. Newer servers only.
    pub kinds: Vec<MessageKind>,
    /// Not before, inclusive.
    pub start: Option<ServerTime>,
    /// Not after, inclusive.
    pub end: Option<ServerTime>,
    /// Only from this member; groups only.
    pub sender: Option<UserId>,
    /// Ask the server even where an archive knows the answer.
    pub fresh: bool,
    /// How many at most where an archive knows the answer, if that is more than `size`: it need not keep to what a server gives.
    pub kept: usize,
}

impl MessageKind {
    /// The filter's word for it, where it has one.
    #[must_use]
    pub fn filter_word(self) -> Option<&'static str> {
        match self {
            Self::Combine | Self::Recalled | Self::Unknown | Self::Damaged => None,
            named => Some(named.into()),
        }
    }
}

impl HistoryQuery {
    /// A full page without filters.
    #[must_use]
    pub const fn new(peer: Peer, cursor: Option<Cursor>, direction: Direction) -> Self {
        Self {
            peer,
            cursor,
            size: PageSize::MAX,
            direction,
            kinds: Vec::new(),
            start: None,
            end: None,
            sender: None,
            fresh: false,
            kept: 0,
        }
    }

    /// The same; as many as `kept` where an archive knows them.
    #[must_use]
    pub fn with_kept(self, kept: usize) -> Self {
        Self { kept, ..self }
    }

    /// The same, asked of the server whatever an archive knows.
    #[must_use]
    pub fn afresh(self) -> Self {
        Self { fresh: true, ..self }
    }

    /// Whether nothing is filtered out: the page then speaks for its whole stretch.
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        self.kinds.is_empty() && self.start.is_none() && self.end.is_none() && self.sender.is_none()
    }
}

/// What a server is asked for that can be told from outside a message: it knows no words.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inquiry {
    /// In these conversations.
    pub peers: Vec<Peer>,
    /// Only these kinds; empty means all.
    pub kinds: Vec<MessageKind>,
    /// Only from this member, in groups; elsewhere everybody is asked for.
    pub sender: Option<UserId>,
    /// Not before, inclusive.
    pub start: Option<ServerTime>,
    /// Before this, exclusive.
    pub end: Option<ServerTime>,
}

impl Inquiry {
    /// Whether it asks for everything there is.
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        self.kinds.is_empty() && self.sender.is_none() && self.start.is_none() && self.end.is_none()
    }
}

/// What came of an inquiry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Inquired {
    /// Messages the server sent.
    pub messages: usize,
    /// Not all holes were asked for, since there was too much in them.
    pub is_cut: bool,
}

/// A place in a history to go to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spot {
    /// The first message at or after this time.
    Time(ServerTime),
    /// This message.
    Message(MessageId),
}

impl Spot {
    /// When that is: a message's time as its id tells it.
    #[must_use]
    pub const fn time(self) -> ServerTime {
        match self {
            Self::Time(at) => at,
            Self::Message(id) => id.time(),
        }
    }
}

/// Messages on both sides of a place.
#[derive(Clone, Debug, PartialEq)]
pub struct Around {
    /// Before the place, newest first.
    pub older: HistoryPage,
    /// From the place on, oldest first.
    pub newer: HistoryPage,
    /// It came from an archive, which may have more than the server.
    pub is_kept: bool,
    /// Of what lies between its messages nobody knows whether all of it is here.
    pub is_loose: bool,
    /// The oldest message the server had when its end was looked at last; older ones are only in the archive.
    pub served_from: Option<ServerTime>,
}

/// How a page ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PageEnd {
    /// There may be more; go on from here.
    More(Cursor),
    /// The server's end.
    End,
    /// The server named a cursor that cannot be used; shown as incomplete.
    Refused,
}

/// One page, in the order of its direction, without repeats.
#[derive(Clone, Debug, PartialEq)]
pub struct HistoryPage {
    /// At most 50; damaged ones included.
    pub messages: Vec<Message>,
    /// What follows.
    pub end: PageEnd,
    /// The answer is of one mind: what lies within the page and is not on it is not on the server. Where it is not,
    /// the messages count and nothing is concluded from those that are missing.
    pub is_sound: bool,
    /// It comes from an archive: no server has answered.
    pub is_kept: bool,
}

impl HistoryPage {
    /// A sound page of a server.
    #[must_use]
    pub const fn new(messages: Vec<Message>, end: PageEnd) -> Self {
        Self { messages, end, is_sound: true, is_kept: false }
    }
}
