//! Conversations, and the names of the people and groups in them.

use super::{ChatType, Message, Peer, ServerTime};

/// One entry of the server's conversation list.
#[derive(Clone, Debug, PartialEq)]
pub struct Conversation {
    /// With whom.
    pub peer: Peer,
    /// Unread messages the server counts.
    pub unread: u64,
    /// Pinned to the top.
    pub pinned: bool,
    /// When it was pinned or unpinned last.
    pub pinned_at: Option<ServerTime>,
    /// Marks `mark_0` to `mark_19`, as numbers.
    pub marks: Vec<u8>,
    /// The latest message; `None` where the server keeps none.
    pub last: Option<Box<Message>>,
}

impl Conversation {
    /// Whether the other person spoke last to `me`. Groups, rooms and bots never wait.
    #[must_use]
    pub fn waits(&self, me: &str) -> bool {
        let is_person = self.peer.chat_type == ChatType::Single && !is_bot(self.peer.id());
        is_person && self.last.as_ref().is_some_and(|last| last.from != me && last.from == self.peer.id())
    }
}

/// Ids of programs end so by the agents' own custom.
#[must_use]
pub fn is_bot(user: &str) -> bool {
    user.ends_with("-bot")
}

/// What a list call brought.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConversationList {
    /// Entries in server order.
    pub conversations: Vec<Conversation>,
    /// Entries that could not be read; counted, never silently lost.
    pub damaged: usize,
    /// The server did not say it was all (a repeated cursor, a page limit).
    pub incomplete: bool,
    /// The service keeps at most so many for the call that answered, as far as that is known.
    pub cap: Option<usize>,
}

/// What a user shows of themselves. All texts are hostile until sanitized.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    /// Nickname; empty when unset.
    pub nickname: String,
}

/// What is known of a group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// Name; empty when unset.
    pub name: String,
    /// Members, where the server told.
    pub members: Option<u64>,
}
