//! One conversation: from its newest message back, asking the server only for what the archive does not have; or all
//! of it once more, to see what is gone.
//!
//! The next page is asked for while the last ones are being kept. Every page is kept as it comes, so whatever ends
//! this, the next run goes on where it stopped.

use std::collections::{HashSet, VecDeque};

use super::edge::{Edge, Edges};
use super::queue::{Kept, Queue, bytes_of};
use super::{Step, Synced};
use crate::client::Client;
use crate::domain::{Cursor, Direction, Failure, FailureKind, HistoryPage, HistoryQuery, PageEnd, Peer, ServerTime};
use crate::engine::archive::Archive;
use crate::store::Front;

/// Pages on their way into the archive, of one conversation, and about how many bytes.
const AHEAD: usize = 64;
const AHEAD_BYTES: usize = 8 << 20;
/// Pages in a row that lead back no further, each with a new cursor, that are followed.
const MAX_EMPTY: u32 = 3;

/// How often a page is asked for whose answer makes no sense.
const TRIES: u32 = 3;

/// What to read of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// What is not here yet, back to a time or to the server's end.
    Holes(Option<ServerTime>),
    /// All of it once more, back to a time or to the server's end.
    All(Option<ServerTime>),
    /// Once more what is here.
    Covered,
}

/// A conversation being read.
pub(super) struct Walk<'a, F> {
    client: &'a Client,
    archive: &'a Archive,
    queue: &'a Queue,
    peer: &'a Peer,
    reach: Reach,
    /// Hears of each page as it comes, and again as it is kept.
    told: F,
    synced: Synced,
    /// An answer was not believed, or not of one mind: not all of it is compared.
    is_doubtful: bool,
    underway: VecDeque<Underway>,
}

/// A page on its way into the archive.
struct Underway {
    messages: u64,
    bytes: usize,
    kept: Kept,
}

/// Where the walk goes on.
enum Next {
    Ask(Cursor),
    /// All that was wanted is here, or the server's cursors lead nowhere.
    Done {
        complete: bool,
    },
}

impl<'a, F: FnMut(Step)> Walk<'a, F> {
    pub(super) fn new(
        client: &'a Client,
        archive: &'a Archive,
        queue: &'a Queue,
        peer: &'a Peer,
        reach: Reach,
        told: F,
    ) -> Self {
        Self {
            client,
            archive,
            queue,
            peer,
            reach,
            told,
            synced: Synced::default(),
            is_doubtful: false,
            underway: VecDeque::new(),
        }
    }

    /// Reads to the end. What was read before a failure stays, and is in what is given back.
    pub(super) async fn run(mut self) -> (Synced, Option<Failure>) {
        let outcome = self.pages().await;
        // Pages that came are kept even where a later one failed.
        let settled = self.settle(0).await;
        self.synced.complete &= !self.is_doubtful;
        (self.synced, outcome.err().or(settled.err()))
    }

    async fn pages(&mut self) -> Result<(), Failure> {
        let before = self.archive.front(self.peer).await?;
        let lowest = before.as_ref().map_or(ServerTime(i64::MAX), |front| front.lowest);
        let (mut cursor, mut asked, mut empty) = (None::<Cursor>, HashSet::new(), 0);
        let mut edges = Edges::new();
        let mut reached = None;
        // The newest millisecond below which something is here already: a page that comes near may join it.
        let mut below = before.as_ref().map(|_| ServerTime(i64::MAX));
        loop {
            let query = HistoryQuery::new(self.peer.clone(), cursor.clone(), Direction::Up).afresh();
            let at = self.client.clock().now();
            let page = self.page(&query).await?;
            // A page that leads back no further is as good as an empty one, whatever its cursor.
            let back_to = page.messages.iter().filter_map(|m| Some((m.sent_at(at)?, m.id))).min();
            let leads_on = back_to.is_some_and(|to| reached.is_none_or(|reached| to < reached));
            reached = if leads_on { back_to } else { reached };
            empty = if leads_on { 0 } else { empty + 1 };
            let now = self.client.clock().now();
            let oldest = page.messages.iter().filter_map(|m| m.sent_at(now)).min();
            self.is_doubtful |= !page.is_sound;
            let end = page.end.clone();
            (self.told)(Step::Came { messages: page.messages.len() as u64, oldest });
            let edge = edges.pass(&page, now);
            self.put(query, page, edge, at).await?;
            let is_loop = empty >= MAX_EMPTY;
            let next = match self.reach {
                Reach::All(since) => again(&end, oldest, since),
                Reach::Covered => again(&end, oldest, Some(lowest)),
                Reach::Holes(since) => {
                    let apart = below.is_none_or(|below| oldest.is_some_and(|oldest| oldest > below.plus_ms(1)));
                    match &end {
                        PageEnd::More(next) if apart && since.is_none_or(|s| oldest.is_some_and(|o| o >= s)) => {
                            Next::Ask(next.clone())
                        }
                        _ => {
                            self.settle(0).await?;
                            let front = self.archive.front(self.peer).await?;
                            below = front.as_ref().and_then(|front| front.below);
                            let is_past = since.is_some_and(|s| oldest.is_some_and(|o| o < s));
                            onward(front, since, is_past)
                        }
                    }
                }
            };
            match next {
                Next::Done { complete } => {
                    self.synced.complete = complete;
                    return Ok(());
                }
                Next::Ask(next) if is_loop || !asked.insert(next.clone()) => {
                    self.synced.complete = false;
                    return Ok(());
                }
                Next::Ask(next) => {
                    if end != PageEnd::More(next.clone()) {
                        edges.jump();
                    }
                    cursor = Some(next);
                }
            }
        }
    }

    /// A page. What waiting does not help against is asked for anew all the same: a proxy or a portal in between
    /// gives such answers too, for a while.
    async fn page(&self, query: &HistoryQuery) -> Result<HistoryPage, Failure> {
        let mut tries = 1;
        loop {
            match self.client.history(query).await {
                Err(failure) if tries < TRIES && is_garbled(failure.kind) => tries += 1,
                Ok(page) if tries < TRIES && !page.is_sound => tries += 1,
                outcome => return outcome,
            }
        }
    }

    async fn put(
        &mut self,
        query: HistoryQuery,
        page: HistoryPage,
        edge: Option<Edge>,
        at: ServerTime,
    ) -> Result<(), Failure> {
        let messages = page.messages.len() as u64;
        self.synced.messages += messages;
        self.synced.pages += 1;
        let bytes = bytes_of(&page);
        let kept = self.queue.put(query, page, edge, at);
        self.underway.push_back(Underway { messages, bytes, kept });
        self.settle(AHEAD).await
    }

    /// Waits until at most `left` pages are on their way, and not too much is on them.
    async fn settle(&mut self, left: usize) -> Result<(), Failure> {
        let is_much =
            |underway: &VecDeque<Underway>| underway.iter().map(|page| page.bytes).sum::<usize>() > AHEAD_BYTES;
        while self.underway.len() > left || is_much(&self.underway) {
            let Some(Underway { messages, kept, .. }) = self.underway.pop_front() else { break };
            let taken = kept.settle().await?;
            self.synced.new += taken.new as u64;
            self.synced.changed += taken.changed as u64;
            self.is_doubtful |= taken.is_doubtful;
            let gone = taken.gone.len() as u64;
            self.synced.gone.extend(taken.gone);
            let (new, changed) = (taken.new as u64, taken.changed as u64);
            (self.told)(Step::Kept { new, changed, gone, known: messages.saturating_sub(new + changed) });
        }
        Ok(())
    }
}

const fn is_garbled(kind: FailureKind) -> bool {
    matches!(kind, FailureKind::BadAnswer | FailureKind::NotApi | FailureKind::TooLarge)
}

/// Where reading once more goes on: down to `bound`, or to the server's end.
fn again(end: &PageEnd, oldest: Option<ServerTime>, bound: Option<ServerTime>) -> Next {
    match end {
        PageEnd::End => Next::Done { complete: true },
        PageEnd::Refused => Next::Done { complete: false },
        PageEnd::More(_) if oldest.zip(bound).is_some_and(|(oldest, bound)| oldest < bound) => {
            Next::Done { complete: true }
        }
        PageEnd::More(next) => Next::Ask(next.clone()),
    }
}

/// Where filling holes goes on, by what is kept. `is_past`: a page has reached what is not wanted, or not kept.
fn onward(front: Option<Front>, since: Option<ServerTime>, is_past: bool) -> Next {
    let Some(front) = front else { return Next::Done { complete: is_past } };
    match front.older {
        _ if since.is_some_and(|since| front.first <= since) => Next::Done { complete: true },
        None => Next::Done { complete: front.first == ServerTime(0) },
        Some(cursor) => Next::Ask(cursor),
    }
}
