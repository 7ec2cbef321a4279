//! PEER as typed. A bare id can be a user's or a group's: the list knows.

use std::str::FromStr;

use crate::client::ListCall;
use crate::domain::{Conversation, Failure, FailureKind, GrammarError, Peer, Service};
use crate::engine::Engine;

/// A PEER word: `alice` or `2100…` bare, `user:ID`, `group:ID` or `room:ID` in full.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeerWord {
    read: Peer,
    is_bare: bool,
}

impl FromStr for PeerWord {
    type Err = GrammarError;

    fn from_str(text: &str) -> Result<Self, GrammarError> {
        Ok(Self { read: text.parse()?, is_bare: !text.contains(':') })
    }
}

impl PeerWord {
    /// Whether a chat room was written.
    #[cfg(feature = "delete")]
    pub(super) fn is_room(&self) -> bool {
        self.read.chat_type == crate::domain::ChatType::Room
    }

    /// Who is meant, where that was written in full.
    pub(super) fn named(&self) -> Option<&Peer> {
        (!self.is_bare).then_some(&self.read)
    }

    /// Who is meant, by a list at hand; as [`PeerWord::resolve`].
    pub(super) fn listed(&self, list: &[Conversation]) -> Peer {
        let named = list.iter().map(|c| &c.peer).filter(|peer| self.is_bare && peer.id() == self.read.id());
        named.min_by_key(|peer| peer.chat_type).unwrap_or(&self.read).clone()
    }

    /// Who is meant. A bare id costs a list request; where the list has it for a user and a group, the user is meant,
    /// and so it is where the list has it not, or is not enabled.
    ///
    /// # Errors
    /// What the server said to the list.
    pub(super) async fn resolve(&self, engine: &Engine) -> Result<Peer, Failure> {
        if !self.is_bare {
            return Ok(self.read.clone());
        }
        let list = match engine.list(ListCall::Auto).await {
            Ok(list) => list.conversations,
            Err(failure) if failure.kind == FailureKind::ServiceNotEnabled(Service::ConversationList) => Vec::new(),
            Err(failure) => return Err(failure),
        };
        Ok(self.listed(&list))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_id_without_its_kind_is_looked_up() {
        let is_bare = |text: &str| text.parse::<PeerWord>().map(|word| word.is_bare);
        assert_eq!(is_bare("210000000000001"), Ok(true));
        for text in ["user:alice", "group:210000000000001", "room:77"] {
            assert_eq!(is_bare(text), Ok(false), "{text}");
        }
        assert!(is_bare("thread:1").is_err());
    }
}
