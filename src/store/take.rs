//! Keeping a page, and learning from it what the server no longer has.
//!
//! A page speaks for a stretch of time: what lies in it and is not on the page was deleted, or has expired. Page,
//! coverage and what goes are one transaction.

use std::collections::HashMap;

use rusqlite::Connection;

use super::codec::Packed;
use super::judge::{Judged, judge};
use super::keep::{Keep, emptied, keep, placed};
use super::stretch::Row;
use super::{Store, StoreResult, key, peers};
use crate::domain::{AppKey, Cursor, Direction, HistoryPage, Message, MessageId, PageEnd, Peer, ServerTime};

/// A page as the server gave it.
#[derive(Clone, Copy, Debug)]
pub struct Fetched<'a> {
    /// Whose history.
    pub peer: &'a Peer,
    /// Where the page began.
    pub cursor: Option<&'a Cursor>,
    /// Which way it ran.
    pub direction: Direction,
    /// The page.
    pub page: &'a HistoryPage,
    /// Nothing was filtered out: the page speaks for its stretch.
    pub whole: bool,
    /// A millisecond of which this and earlier pages together showed every message, and which.
    pub edge: Option<(ServerTime, &'a [MessageId])>,
    /// When it was asked for.
    pub at: ServerTime,
}

/// What a page changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// Messages that were not here.
    pub new: usize,
    /// Messages that were here with other content.
    pub changed: usize,
    /// Messages that were here and the server has deleted; they are gone here too.
    pub gone: Vec<MessageId>,
    /// The answer lacks so much of what is here that it is not believed yet: one like it, a minute later at the
    /// earliest, is. Until then nothing goes, and nothing is said to be complete.
    pub is_doubtful: bool,
}

impl Store {
    /// Keeps a page.
    ///
    /// # Errors
    /// [`super::StoreError`]; then nothing of the page was kept.
    pub fn take(&self, fetched: Fetched<'_>) -> StoreResult<Taken> {
        Ok(self.take_all(&[fetched], &[])?.pop().unwrap_or_default())
    }
}

impl Store {
    /// Keeps messages that no page brought; they say nothing of what lies between them.
    ///
    /// # Errors
    /// [`super::StoreError`]; then none of them was kept.
    pub fn import(&self, messages: &[(Peer, Message)], at: ServerTime) -> StoreResult<Taken> {
        self.write(|db| {
            let mut taken = Taken::default();
            for run in messages.chunk_by(|a, b| a.0 == b.0) {
                let Some((peer, _)) = run.first() else { continue };
                let number = peers::number(db, peer)?;
                let own: Vec<Message> = run.iter().map(|(_, message)| message.clone()).collect();
                // What a conversation was emptied of does not come back from a file.
                let emptied = emptied(db, number, at)?;
                let stays = |(key, _): &Row<'_>| emptied.is_none_or(|ms| key::ms_of(*key) > ms);
                let rows =
                    placed(&own, at).into_iter().filter(stays).map(|row| Keep { row, packed: None, page: 0 }).collect();
                keep(db, &self.0.owner.app_key, number, rows, false, std::slice::from_mut(&mut taken))?;
            }
            Ok(taken)
        })
    }
}

/// Pages in their order. `packed`: their messages made ready, or nothing. `since`: what was sent before, in ms, is not
/// kept.
pub(super) fn take_all(
    db: &Connection,
    app: &AppKey,
    since: i64,
    pages: &[Fetched<'_>],
    packed: &[Packed],
) -> StoreResult<Vec<Taken>> {
    let mut by_peer: Vec<(&Peer, Vec<usize>)> = Vec::new();
    for (at, page) in pages.iter().enumerate() {
        match by_peer.iter_mut().find(|(peer, _)| *peer == page.peer) {
            Some((_, own)) => own.push(at),
            None => by_peer.push((page.peer, vec![at])),
        }
    }
    let mut out = vec![Taken::default(); pages.len()];
    for (peer, own) in by_peer {
        let number = peers::number(db, peer)?;
        let own_pages = own.iter().map(|at| (pages[*at], packed.get(*at))).collect::<Vec<_>>();
        let taken = Run::new(db, number, &own_pages)?.take(db, app, since)?;
        own.into_iter().zip(taken).for_each(|(at, taken)| out[at] = taken);
    }
    Ok(out)
}

/// Pages of one conversation.
struct Run<'a> {
    peer: i64,
    pages: Vec<Page<'a>>,
    /// The last of the pages that has an id.
    last_of: HashMap<MessageId, usize>,
    /// No id is on two of them, and no cursor names a message of a later one: they can be put in together.
    is_plain: bool,
}

/// One of them with its rows.
struct Page<'a> {
    fetched: Fetched<'a>,
    rows: Vec<Row<'a>>,
    packed: Option<&'a Packed>,
    /// The conversation was emptied after it was asked for: it says nothing any more.
    is_over: bool,
}

impl<'a> Run<'a> {
    fn new(db: &Connection, peer: i64, pages: &[(Fetched<'a>, Option<&'a Packed>)]) -> StoreResult<Self> {
        let (mut last_of, mut is_plain) = (HashMap::new(), true);
        let mut own = Vec::with_capacity(pages.len());
        for (at, (fetched, packed)) in pages.iter().enumerate() {
            let is_over = emptied(db, peer, fetched.at)?.is_some_and(|ms| fetched.at.ms() <= ms);
            let rows = placed(&fetched.page.messages, fetched.at);
            for (_, message) in rows.iter().filter(|(_, message)| message.id.0 != 0 && !is_over) {
                is_plain &= last_of.insert(message.id, at).is_none_or(|before| before == at);
            }
            own.push(Page { fetched: *fetched, rows, packed: *packed, is_over });
        }
        // A cursor means more where its message is known.
        let is_early = |at: usize, cursor: Option<&Cursor>| {
            let id = cursor.and_then(|cursor| cursor.as_str().parse().ok());
            id.and_then(|id: MessageId| last_of.get(&id)).is_some_and(|on| *on > at)
        };
        for (at, (page, _)) in pages.iter().enumerate() {
            let next = match &page.page.end {
                PageEnd::More(next) => Some(next),
                PageEnd::End | PageEnd::Refused => None,
            };
            is_plain &= !is_early(at, page.cursor) && !is_early(at, next);
        }
        Ok(Self { peer, pages: own, last_of, is_plain })
    }

    /// Oldest first, whatever page it is on, leaves the fewest half-filled pages in the file: history comes newest first. Where an id comes
    /// twice, the later page has the last word.
    fn take(self, db: &Connection, app: &AppKey, since: i64) -> StoreResult<Vec<Taken>> {
        let mut taken = vec![Taken::default(); self.pages.len()];
        let rows_of = |at: usize, page: &Page<'a>| {
            let stays = |keep: &Keep<'a>| !page.is_over && key::ms_of(keep.row.0) >= since;
            let packed = |n| page.packed.and_then(|packed| packed.row(n));
            let rows = page.rows.iter().enumerate().map(|(n, row)| Keep { row: *row, packed: packed(n), page: at });
            rows.filter(stays).collect::<Vec<_>>()
        };
        if self.is_plain {
            let rows = self.pages.iter().enumerate().flat_map(|(at, page)| rows_of(at, page)).collect();
            keep(db, app, self.peer, rows, true, &mut taken)?;
        }
        for (at, page) in self.pages.iter().enumerate() {
            if !self.is_plain {
                keep(db, app, self.peer, rows_of(at, page), true, &mut taken)?;
            }
            if !page.is_over {
                let comes = |id: MessageId| self.is_plain && self.last_of.get(&id).is_some_and(|last| *last > at);
                let page = Judged { fetched: page.fetched, rows: &page.rows, since, comes };
                judge(db, app, self.peer, page, &mut taken[at])?;
            }
        }
        Ok(taken)
    }
}
