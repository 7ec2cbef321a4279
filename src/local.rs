//! The screen without a server: an archive that was asked for with `--offline`, or what files hold.

use manyou::app::Msg;
use manyou::app::msg::{Kept, Seed, SignIn, Target};
use manyou::domain::{Conversation, Failure, FailureKind, Peer, ServerTime};
use manyou::engine::{Archive, LocalPage};
use manyou::runtime::{Attempt, Connector};
use tokio::sync::mpsc::UnboundedSender;

/// A door that leads to no server. Whatever is done behind it, no request can leave.
pub(crate) struct Shut(pub(crate) Option<Archive>);

impl Connector for Shut {
    fn connect(&self, _: SignIn, _: UnboundedSender<Msg>) -> Attempt {
        Box::pin(async { Err(Failure::local(FailureKind::Local, "no server is asked")) })
    }

    fn archive(&self) -> Option<Archive> {
        self.0.clone()
    }
}

/// All that an archive has for the screen. Where no list ever came, one is made from the messages.
pub(crate) fn seed(archive: &Archive, peers: &[Peer], target: Target) -> Seed {
    let kept = archive.list_now();
    let list = if kept.at.is_some() { kept.conversations } else { listed(archive, peers) };
    let (users, groups) = archive.names_now();
    let newest = |peer: Peer| {
        let LocalPage { page, served_from } = archive.latest_now(&peer)?;
        Some((peer, Kept { page, served_from }))
    };
    let bookmarks = archive.bookmarks_now();
    let open = archive.last_opened_now().and_then(newest);
    Seed { target, list, listed_at: kept.at, users, groups, bookmarks, open }
}

/// Latest message first.
fn listed(archive: &Archive, peers: &[Peer]) -> Vec<Conversation> {
    let entry = |peer: &Peer| {
        let last = archive.last_now(peer)?;
        let (peer, last) = (peer.clone(), Some(Box::new(last)));
        Some(Conversation { peer, unread: 0, pinned: false, pinned_at: None, marks: Vec::new(), last })
    };
    let mut list: Vec<_> = peers.iter().filter_map(entry).collect();
    let at = |c: &Conversation| c.last.as_ref().map_or(ServerTime(0), |m| m.time);
    list.sort_by_key(|c| std::cmp::Reverse(at(c)));
    list
}
