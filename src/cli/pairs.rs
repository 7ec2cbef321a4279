//! Conversations of an app's whole history, where nobody says whose view it is: two people who talk are one.

use crate::domain::{ChatType, Message, Peer};
use crate::export::sha256;

/// The conversation a message belongs to, and what it is called where its id does not say. `None` where the names in the
/// message are none.
pub(super) fn peer_of(message: &Message) -> Option<(Peer, Option<String>)> {
    if message.chat_type != ChatType::Single {
        return Some((Peer::new(message.chat_type, &message.to).ok()?, None));
    }
    let (a, b) = (message.from.as_str(), message.to.as_str());
    let (a, b) = if a <= b { (a, b) } else { (b, a) };
    let print = sha256(format!("{a}\0{b}").as_bytes());
    let peer = Peer::new(ChatType::Single, &format!("pair-{}", print.get(..12)?)).ok()?;
    Some((peer, Some(format!("{a} · {b}"))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Body, MessageId, ServerTime};

    fn of(kind: ChatType, from: &str, to: &str) -> Option<(Peer, Option<String>)> {
        let body = Body::Text { text: "hi".to_owned(), stream: None };
        let names = [from.to_owned(), to.to_owned()];
        peer_of(&Message::plain(MessageId(1), kind, names, ServerTime(1), body, bytes::Bytes::new()))
    }

    #[test]
    fn two_people_are_one_conversation_whoever_speaks() {
        let there = of(ChatType::Single, "alice", "bob").expect("a conversation");
        assert_eq!(of(ChatType::Single, "bob", "alice"), Some(there.clone()));
        assert_eq!(there.1.as_deref(), Some("alice · bob"));
        assert_ne!(of(ChatType::Single, "alice", "carol").expect("another").0, there.0);
        assert_eq!(of(ChatType::Group, "alice", "77"), Some(("group:77".parse().expect("a peer"), None)));
    }
}
