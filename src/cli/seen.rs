//! What a history has of the ids that are to be deleted: read before the plan is shown or sent, never after.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::domain::{Direction, Failure, HistoryPage, HistoryQuery, Message, MessageId, PageSize, Peer};
use crate::engine::Engine;

/// Requests one look-up may take. Ids that lie together share a page of 50; an id that is not found where its number
/// says costs two more.
const MOST_REQUESTS: usize = 60;

/// What is known of each id.
#[derive(Debug, Default)]
pub(super) struct Seen {
    found: HashMap<MessageId, Message>,
    missing: HashSet<MessageId>,
}

/// What is known of one id.
#[derive(Clone, Copy, Debug)]
pub(super) enum Known<'a> {
    /// The history has it.
    Found(&'a Message),
    /// It was looked for and is not there.
    Missing,
    /// Nobody looked, or the server did not say.
    Unasked,
}

impl Known<'_> {
    /// For programs: `null` where nobody looked.
    pub(super) const fn is_found(self) -> Option<bool> {
        match self {
            Self::Found(_) => Some(true),
            Self::Missing => Some(false),
            Self::Unasked => None,
        }
    }
}

impl Seen {
    /// Looks the ids up. A request that fails ends it; what it would have told stays unasked.
    pub(super) async fn look_up(engine: &Engine, peer: &Peer, ids: &[MessageId]) -> Self {
        let mut looking = Looking { engine, peer, left: MOST_REQUESTS, seen: Self::default() };
        let mut wanted: BTreeSet<MessageId> = ids.iter().copied().collect();
        let mut suspects = Vec::new();
        while let Some(id) = wanted.pop_last() {
            // A cursor is exclusive: upwards from the id just above, the message comes first.
            let above = id.0.checked_add(1).map(MessageId);
            match looking.page(above, Direction::Up, PageSize::MAX).await {
                Asked::Page(_) | Asked::NoCursor => {}
                Asked::Ended => return looking.seen,
            }
            wanted.retain(|id| !looking.seen.found.contains_key(id));
            suspects.extend((!looking.seen.found.contains_key(&id)).then_some(id));
        }
        for id in suspects {
            if looking.confirm_missing(id).await.is_none() {
                break;
            }
        }
        looking.seen
    }

    /// What is known of `id`.
    pub(super) fn of(&self, id: MessageId) -> Known<'_> {
        match self.found.get(&id) {
            Some(message) => Known::Found(message),
            None if self.missing.contains(&id) => Known::Missing,
            None => Known::Unasked,
        }
    }
}

/// What came of one request.
enum Asked {
    Page(HistoryPage),
    /// The server does not take this id as a cursor.
    NoCursor,
    /// It failed, or no more are allowed.
    Ended,
}

struct Looking<'a> {
    engine: &'a Engine,
    peer: &'a Peer,
    left: usize,
    seen: Seen,
}

impl Looking<'_> {
    async fn page(&mut self, cursor: Option<MessageId>, direction: Direction, size: PageSize) -> Asked {
        let Some(left) = self.left.checked_sub(1) else { return Asked::Ended };
        self.left = left;
        let mut query = HistoryQuery::new(self.peer.clone(), cursor.map(Into::into), direction).afresh();
        query.size = size;
        match self.engine.page(&query).await {
            Ok(page) => {
                let named = page.messages.iter().filter(|m| m.id != MessageId(0));
                self.seen.found.extend(named.map(|m| (m.id, m.clone())));
                Asked::Page(page)
            }
            Err(Failure { status: Some(400), .. }) => Asked::NoCursor,
            Err(_) => Asked::Ended,
        }
    }

    /// A message that was imported, or stored some milliseconds late, does not stand where its number says. The server
    /// knows where: it stands before the message that follows its predecessor. `None` when that cannot be told.
    async fn confirm_missing(&mut self, id: MessageId) -> Option<()> {
        let one = PageSize::new(1).ok()?;
        let before = match self.page(Some(id), Direction::Up, one).await {
            Asked::Page(page) => page.messages.first().map(|m| m.id),
            Asked::NoCursor => return Some(()),
            Asked::Ended => return None,
        };
        if before == Some(MessageId(0)) {
            return Some(());
        }
        let Asked::Page(_) = self.page(before, Direction::Down, one).await else { return None };
        if !self.seen.found.contains_key(&id) {
            self.seen.missing.insert(id);
        }
        Some(())
    }
}
