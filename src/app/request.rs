//! Requests on their way and what they are for. An answer nobody waits for is dropped.

use std::collections::BTreeMap;

use super::msg::RequestId;
use crate::domain::{DeletionPlan, Direction, Letter, Peer, Spot};

/// What a request is for.
#[derive(Clone, Debug, PartialEq)]
pub enum Purpose {
    /// Sign in.
    SignIn,
    /// The conversation list.
    List,
    /// A page beyond an edge of this conversation.
    Page(Peer),
    /// What an archive has of this conversation.
    Local(Peer),
    /// What is kept beyond a hole of this conversation, in this direction.
    Beyond(Peer, Direction),
    /// What lies around a place of this conversation.
    Around(Peer, Spot),
    /// Reading a loaded range of this conversation again.
    Reread(Peer),
    /// Names of these.
    Names(Vec<Peer>),
    /// A deletion.
    Delete(DeletionPlan),
    /// Counting for the open dialog.
    Count,
    /// What the archive has of a conversation, compared with the server.
    Compare(Peer),
    /// What a server can filter, for a search.
    Inquire,
    /// Mirroring.
    Mirror,
    /// Writing what the archive has into a file.
    Export,
    /// The bookmarks an archive has.
    Bookmarks,
    /// Keeping the bookmark of this letter, or taking it out.
    Bookmark(Letter),
    /// Looking for messages, below the hit of this key where there is one.
    Search(Option<i64>),
}

/// The ledger.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ledger {
    last: u64,
    open: BTreeMap<RequestId, Purpose>,
}

impl Ledger {
    /// A new request.
    pub fn issue(&mut self, purpose: Purpose) -> RequestId {
        self.last += 1;
        let id = RequestId(self.last);
        self.open.insert(id, purpose);
        id
    }

    /// Takes a request off, as it was answered; `None` when nobody waits for it.
    pub fn settle(&mut self, id: RequestId) -> Option<Purpose> {
        self.open.remove(&id)
    }

    /// Forgets a request whose answer is not wanted. Deletions are never forgotten.
    pub fn forget(&mut self, id: RequestId) -> bool {
        let deletes = matches!(self.open.get(&id), Some(Purpose::Delete(_)));
        !deletes && self.open.remove(&id).is_some()
    }

    /// Whether a request satisfies `wanted`.
    pub fn any(&self, wanted: impl Fn(&Purpose) -> bool) -> bool {
        self.open.values().any(wanted)
    }
}
