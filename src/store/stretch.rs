//! What a page speaks for: the stretch of time of which it shows every message, and what is complete with it.
//!
//! Times are whole milliseconds, since only those can be claimed: where a page ends, its last millisecond may go on in
//! the next one.

use rusqlite::Connection;

use super::coverage::{self, Held, Range};
use super::{Fetched, StoreResult, key};
use crate::domain::{Cursor, Direction, Message, MessageId, PageEnd};

/// What a page speaks for.
#[derive(Debug, Default)]
pub(super) struct Stretch {
    /// First and last millisecond in which a message that is not on the page is gone.
    pub(super) judged: Option<(i64, i64)>,
    /// What is complete now.
    pub(super) range: Option<Range>,
    /// `first` of the range that this one goes on from, and replaces.
    pub(super) replaces: Option<i64>,
    /// The server's oldest message is known now.
    pub(super) has_oldest: bool,
    /// The millisecond of the cursor, where that is known.
    pub(super) from: Option<i64>,
}

/// A message and its key, unless another message has that already.
pub(super) type Row<'a> = (i64, &'a Message);

impl Stretch {
    /// `rows` are the page's, in its order.
    pub(super) fn of(db: &Connection, peer: i64, fetched: Fetched<'_>, rows: &[Row<'_>]) -> StoreResult<Self> {
        // Rows whose id could not be read name no place, and may be any of those that seem to be missing.
        let named: Vec<Row<'_>> = rows.iter().copied().filter(|(_, m)| m.id.0 != 0).collect();
        let page = Page::new(db, peer, fetched, &named)?;
        if page.span.is_none() && !page.is_end {
            return Ok(page.moved_cursor());
        }
        let Some((near, near_judged)) = page.near() else { return Ok(Self::default()) };
        let (far, far_judged) = page.far(db, peer, near)?;
        let judged = if page.up { (far_judged, near_judged) } else { (near_judged, far_judged) };
        Ok(Self {
            judged: Some(judged).filter(|_| named.len() == rows.len()),
            replaces: page.held.as_ref().map(|h| h.range.first),
            has_oldest: if page.up { page.is_end } else { page.cursor.is_none() },
            from: page.from,
            range: Some(page.range(near, far)),
        })
    }
}

/// A page and what is known where it begins.
struct Page<'a> {
    up: bool,
    cursor: Option<&'a Cursor>,
    next: Option<String>,
    is_end: bool,
    verified: i64,
    /// Oldest and newest millisecond on the page.
    span: Option<(i64, i64)>,
    oldest: Option<Row<'a>>,
    newest: Option<Row<'a>>,
    /// The range the page goes on from, or begins in.
    held: Option<Held>,
    from: Option<i64>,
}

impl<'a> Page<'a> {
    fn new(db: &Connection, peer: i64, fetched: Fetched<'a>, rows: &[Row<'a>]) -> StoreResult<Self> {
        let up = fetched.direction == Direction::Up;
        let (mut held, mut from) = (None, None);
        if let Some(cursor) = fetched.cursor {
            let id = cursor.as_str().parse::<MessageId>().ok();
            let at = id.map(|id| coverage::place(db, peer, id)).transpose()?.flatten();
            from = at.map(key::ms_of);
            held = match coverage::continued_by(db, peer, cursor.as_str(), up)? {
                Some(range) => Some(Held::of(db, peer, range)?),
                None => at.map(|at| coverage::holder(db, peer, at)).transpose()?.flatten(),
            };
            from = from.or(held.as_ref().map(|h| if up { h.range.first - 1 } else { h.range.last + 1 }));
        }
        let (oldest, newest) = if up { (rows.last(), rows.first()) } else { (rows.first(), rows.last()) };
        let times = rows.iter().map(|(key, _)| key::ms_of(*key));
        Ok(Self {
            up,
            cursor: fetched.cursor,
            next: match &fetched.page.end {
                PageEnd::More(cursor) => Some(cursor.as_str().to_owned()),
                PageEnd::End => None,
                // The server's own cursor is of no use; any message's id is one too.
                PageEnd::Refused => rows.last().map(|(_, m)| m.id.to_string()),
            },
            is_end: fetched.page.end == PageEnd::End,
            verified: fetched.at.ms(),
            span: times.clone().min().zip(times.max()),
            oldest: oldest.copied(),
            newest: newest.copied(),
            held,
            from,
        })
    }

    /// An empty page that is not the last says nothing of any time; only its cursor goes on, where it has one of use.
    fn moved_cursor(self) -> Stretch {
        let cursor = self.cursor.map(Cursor::as_str);
        let (Some(Held { range, .. }), Some(next)) = (self.held, self.next) else { return Stretch::default() };
        let replaces = Some(range.first);
        let range = match self.up {
            true if range.older.as_deref() == cursor => Range { older: Some(next), ..range },
            false if range.newer.as_deref() == cursor => Range { newer: Some(next), ..range },
            _ => return Stretch::default(),
        };
        Stretch { range: Some(range), replaces, ..Stretch::default() }
    }

    /// On the side where the page begins: the outermost millisecond that is complete, and the outermost in which a
    /// message that is missing is gone. `None` when no time is named at all.
    fn near(&self) -> Option<(i64, i64)> {
        match (self.cursor, self.from, self.span, self.up) {
            (None, _, span, true) => Some((span.map_or(0, |(_, newest)| newest - 1), i64::MAX)),
            (None, _, _, false) => Some((0, 0)),
            (Some(_), Some(from), _, true) => Some((from - 1, from - 1)),
            (Some(_), Some(from), _, false) => Some((from + 1, from + 1)),
            (Some(_), None, Some((_, newest)), true) => Some((newest - 1, newest - 1)),
            (Some(_), None, Some((oldest, _)), false) => Some((oldest + 1, oldest + 1)),
            (Some(_), None, None, _) => None,
        }
    }

    /// The same on the side where the page ends.
    fn far(&self, db: &Connection, peer: i64, near: i64) -> StoreResult<(i64, i64)> {
        Ok(match (self.span, self.is_end, self.up) {
            (_, true, true) => (0, 0),
            (Some((oldest, _)), false, true) => (self.joined(db, peer, oldest)?, oldest + 1),
            (Some((_, newest)), is_end, false) => {
                (self.joined(db, peer, newest)?, if is_end { i64::MAX } else { newest - 1 })
            }
            // An empty page is an end; the newest millisecond may still grow.
            (None, _, _) => (near - 2, i64::MAX),
        })
    }

    /// The last complete millisecond of a page that ends at `edge`: one before it, unless a range beyond begins with
    /// the very same message.
    fn joined(&self, db: &Connection, peer: i64, edge: i64) -> StoreResult<i64> {
        let last = if self.up { self.oldest } else { self.newest };
        let beyond = match last {
            Some((_, message)) => coverage::continued_by(db, peer, &message.id.to_string(), !self.up)?,
            None => None,
        };
        Ok(match (beyond, self.up) {
            (Some(r), true) if r.first <= edge && r.last == edge - 1 => edge,
            (Some(r), false) if r.last >= edge && r.first == edge + 1 => edge,
            (_, true) => edge + 1,
            (_, false) => edge - 1,
        })
    }

    /// What is complete: the page alone, or the range it begins in with it.
    fn range(self, near: i64, far: i64) -> Range {
        let key = |row: Option<Row<'_>>| row.map(|(key, _)| key);
        let id = |row: Option<Row<'_>>| row.map(|(_, m)| m.id.to_string());
        let (verified, up) = (self.verified, self.up);
        let (oldest, newest) = (key(self.oldest), key(self.newest));
        match self.held {
            Some(Held { range, low, .. }) if up => {
                let extends = self.is_end || oldest.is_some_and(|key| key < low);
                let older = if extends { self.next } else { range.older };
                Range { first: far.min(range.first), older, verified, ..range }
            }
            Some(Held { range, high, .. }) => {
                let extends = newest.is_some_and(|key| key > high);
                let newer = if extends { self.next.or_else(|| id(self.newest)) } else { range.newer };
                Range { last: far.max(range.last), newer, verified, ..range }
            }
            None if up => Range { first: far, last: near, older: self.next, newer: id(self.newest), verified },
            None => {
                let older = self.cursor.and_then(|_| id(self.oldest));
                Range { first: near, last: far, older, newer: self.next.or_else(|| id(self.newest)), verified }
            }
        }
    }
}
