//! Ids and their allow-list grammar: an id never changes which path is called.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::ServerTime;

/// Why a text is not an id.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum GrammarError {
    /// A user, group or room name outside the grammar.
    #[error("{what} must be 1 to 64 of a-z A-Z 0-9 _ - and inner dots, got `{value}`")]
    Name {
        /// Which id was read.
        what: &'static str,
        /// The refused text, cut to 80 characters.
        value: String,
    },
    /// A message id that is not a plain decimal.
    #[error("message id must be 1 to 20 decimal digits without a leading zero, got `{0}`")]
    MessageId(String),
    /// An app key that is not `org#app`.
    #[error("app key must be `org#app`, got `{0}`")]
    AppKey(String),
    /// A device name with characters the service refuses.
    #[error("resource must be 1 to 128 of a-z A-Z 0-9 _ - ., got `{0}`")]
    Resource(String),
    /// A word before the colon of a PEER that is not `user`, `group` or `room`.
    #[error("peer must be a user id, group:ID or room:ID, got `{0}`")]
    Peer(String),
}

fn shown(text: &str) -> String {
    text.chars().take(80).collect()
}

/// Checks `text` against the grammar of user, group and room names: 1 to 64 ASCII letters, digits, `_`, `-`, `.`;
/// never only dots (`.` and `..` would walk a path).
///
/// # Errors
/// [`GrammarError::Name`] with the refused text.
pub fn check_name(what: &'static str, text: &str) -> Result<(), GrammarError> {
    let fits = (1..=64).contains(&text.len());
    let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'));
    if fits && plain && text.bytes().any(|b| b != b'.') {
        return Ok(());
    }
    Err(GrammarError::Name { what, value: shown(text) })
}

/// A user id. Capitals are kept as typed: the service treats them as another id and then lists nothing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct UserId(String);

impl UserId {
    /// The id as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the id has capitals, the usual reason for an empty conversation list.
    #[must_use]
    pub fn has_capitals(&self) -> bool {
        self.0.bytes().any(|b| b.is_ascii_uppercase())
    }

    /// The lower-case form of the id.
    #[must_use]
    pub fn lowered(&self) -> Self {
        Self(self.0.to_ascii_lowercase())
    }
}

impl FromStr for UserId {
    type Err = GrammarError;

    fn from_str(text: &str) -> Result<Self, GrammarError> {
        check_name("user id", text)?;
        Ok(Self(text.to_owned()))
    }
}

/// The three kinds of conversation. Words on the wire differ by place: see `wire::words`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ChatType {
    /// With one user.
    Single,
    /// A group.
    Group,
    /// A chat room; never in the conversation list.
    Room,
}

/// The other side of a conversation: what kind, and the checked id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Peer {
    /// Single, group or room.
    pub chat_type: ChatType,
    id: String,
}

impl Peer {
    /// Makes a peer from a checked name.
    ///
    /// # Errors
    /// [`GrammarError::Name`] when `id` is outside the grammar.
    pub fn new(chat_type: ChatType, id: &str) -> Result<Self, GrammarError> {
        let what = match chat_type {
            ChatType::Single => "user id",
            ChatType::Group => "group id",
            ChatType::Room => "room id",
        };
        check_name(what, id)?;
        Ok(Self { chat_type, id: id.to_owned() })
    }

    /// The conversation with a user.
    #[must_use]
    pub fn user(user: &UserId) -> Self {
        Self { chat_type: ChatType::Single, id: user.0.clone() }
    }

    /// The user, group or room id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }
}

impl FromStr for Peer {
    type Err = GrammarError;

    /// `alice`, `user:alice`, `group:ID` or `room:ID`.
    fn from_str(text: &str) -> Result<Self, GrammarError> {
        match text.split_once(':') {
            None => Self::new(ChatType::Single, text),
            Some(("user", id)) => Self::new(ChatType::Single, id),
            Some(("group", id)) => Self::new(ChatType::Group, id),
            Some(("room", id)) => Self::new(ChatType::Room, id),
            Some(_) => Err(GrammarError::Peer(shown(text))),
        }
    }
}

impl fmt::Display for Peer {
    /// The form [`Peer::from_str`] reads.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.chat_type {
            ChatType::Single => f.write_str(&self.id),
            ChatType::Group => write!(f, "group:{}", self.id),
            ChatType::Room => write!(f, "room:{}", self.id),
        }
    }
}

/// Seconds from 1970 to 2014-12-03, where the time part of message ids starts.
const ID_EPOCH_S: i64 = 1_417_564_800;

/// A message id: an unsigned 64-bit number, carried as decimal text and compared as a number.
///
/// Layout (ten published id and time pairs fit it): `(unix seconds - 1417564800) << 32 | ms << 22 | 22 low bits`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageId(pub u64);

impl MessageId {
    /// The lowest id of the millisecond `at`; low bits 0. Times before the layout's epoch give 0.
    #[must_use]
    pub const fn at(at: ServerTime) -> Self {
        let (seconds, ms) = (at.0.div_euclid(1000) - ID_EPOCH_S, at.0.rem_euclid(1000));
        if seconds < 0 {
            return Self(0);
        }
        Self(((seconds as u64) << 32) | ((ms as u64) << 22))
    }

    /// The server time the id was minted at, to about a millisecond.
    #[must_use]
    pub const fn time(self) -> ServerTime {
        let seconds = (self.0 >> 32) as i64 + ID_EPOCH_S;
        let ms = ((self.0 >> 22) & 0x3ff) as i64;
        ServerTime(seconds * 1000 + ms)
    }
}

impl FromStr for MessageId {
    type Err = GrammarError;

    fn from_str(text: &str) -> Result<Self, GrammarError> {
        let digits = (1..=20).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        let value = text.parse::<u64>().ok().filter(|_| digits && !text.starts_with('0'));
        value.map(Self).ok_or_else(|| GrammarError::MessageId(shown(text)))
    }
}

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl Serialize for MessageId {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

/// An app key, `org#app`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AppKey {
    org: String,
    app: String,
}

impl AppKey {
    /// The part before `#`.
    #[must_use]
    pub fn org(&self) -> &str {
        &self.org
    }

    /// The part after `#`.
    #[must_use]
    pub fn app(&self) -> &str {
        &self.app
    }
}

impl FromStr for AppKey {
    type Err = GrammarError;

    fn from_str(text: &str) -> Result<Self, GrammarError> {
        let refused = || GrammarError::AppKey(shown(text));
        let (org, app) = text.split_once('#').ok_or_else(refused)?;
        check_name("org", org).map_err(|_| refused())?;
        check_name("app", app).map_err(|_| refused())?;
        Ok(Self { org: org.to_owned(), app: app.to_owned() })
    }
}

impl fmt::Display for AppKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.org, self.app)
    }
}

/// One logged-in device, e.g. `webim_random_1700000000000`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Resource(String);

impl Resource {
    /// The name as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Resource {
    type Err = GrammarError;

    fn from_str(text: &str) -> Result<Self, GrammarError> {
        let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'));
        if (1..=128).contains(&text.len()) && plain {
            return Ok(Self(text.to_owned()));
        }
        Err(GrammarError::Resource(shown(text)))
    }
}

macro_rules! text_conversions {
    ($($name:ident),*) => {$(
        impl TryFrom<String> for $name {
            type Error = GrammarError;

            fn try_from(text: String) -> Result<Self, GrammarError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.to_string()
            }
        }
    )*};
}

text_conversions!(UserId, AppKey, Resource);

impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_id_tells_its_time_and_a_time_gives_an_id() {
        let id = MessageId::at(ServerTime(1_700_000_000_000));
        assert_eq!(id.to_string(), "1213049947239219200");
        assert_eq!(id.time(), ServerTime(1_700_000_000_000));
        // Published pairs of id and server time; exact to the millisecond.
        for (id, ms) in [(976_459_883_882_744_164, 1_644_914_583_273), (1_406_088_760_298_309_588, 1_744_945_351_097)] {
            assert_eq!(MessageId(id).time(), ServerTime(ms));
        }
    }

    #[test]
    fn dots_alone_and_path_characters_are_not_names() {
        for text in ["", ".", "..", "a/b", "%2e%2e", "me?x", "me#x", "me x", "\u{430}lice", "a\0", &"a".repeat(65)] {
            assert!(text.parse::<UserId>().is_err(), "{text:?} passed");
        }
        for text in ["alice", "Alice", "user_1029", "a.b-c", "210000000000001"] {
            assert_eq!(text.parse::<UserId>().map(|u| u.to_string()), Ok(text.to_owned()));
        }
    }

    #[test]
    fn peers_read_back_what_they_print() {
        for text in ["alice", "group:210000000000001", "room:77"] {
            assert_eq!(text.parse::<Peer>().map(|p| p.to_string()), Ok(text.to_owned()));
        }
        assert!("thread:1".parse::<Peer>().is_err());
    }
}
