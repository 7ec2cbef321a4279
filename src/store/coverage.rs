//! Which stretches of a conversation are complete. Whole milliseconds only: a page that ends within a millisecond does
//! not claim it, and its cursor says where the rest comes.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{StoreResult, key};
use crate::domain::MessageId;

/// A stretch of which every message the server had is here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Range {
    /// First millisecond, inclusive; 0 where the server's end was reached.
    pub(super) first: i64,
    /// Last millisecond, inclusive. Below `first` for a stretch that claims no whole millisecond yet.
    pub(super) last: i64,
    /// The cursor that goes on towards the past; `None` at the server's end.
    pub(super) older: Option<String>,
    /// The cursor that goes on towards the present.
    pub(super) newer: Option<String>,
    /// When the server was asked last, in ms.
    pub(super) verified: i64,
}

fn read(row: &Row<'_>) -> rusqlite::Result<Range> {
    Ok(Range { first: row.get(0)?, last: row.get(1)?, older: row.get(2)?, newer: row.get(3)?, verified: row.get(4)? })
}

const COLUMNS: &str = "SELECT first, last, older, newer, verified FROM coverage WHERE peer = ?1";

/// The ranges of a peer, oldest first.
pub(super) fn all(db: &Connection, peer: i64) -> StoreResult<Vec<Range>> {
    let mut ask = db.prepare_cached(&format!("{COLUMNS} ORDER BY first"))?;
    let ranges = ask.query_map([peer], read)?.collect::<Result<_, _>>()?;
    Ok(ranges)
}

/// The range that goes on from `cursor` towards the past, or towards the present.
pub(super) fn continued_by(db: &Connection, peer: i64, cursor: &str, older: bool) -> StoreResult<Option<Range>> {
    let side = if older { "older" } else { "newer" };
    let mut ask = db.prepare_cached(&format!("{COLUMNS} AND {side} = ?2 LIMIT 1"))?;
    Ok(ask.query_row(params![peer, cursor], read).optional()?)
}

/// A range with the keys of its outermost messages: they reach to those its cursors name, which may lie a millisecond
/// beyond what is claimed.
#[derive(Clone, Debug)]
pub(super) struct Held {
    pub(super) range: Range,
    /// Lowest key.
    pub(super) low: i64,
    /// Highest key.
    pub(super) high: i64,
}

impl Held {
    pub(super) fn of(db: &Connection, peer: i64, range: Range) -> StoreResult<Self> {
        let of = |cursor: &Option<String>| match cursor.as_ref().and_then(|c| c.parse().ok()) {
            Some(id) => place(db, peer, id),
            None => Ok(None),
        };
        let low = of(&range.older)?.unwrap_or(i64::MAX).min(key::first_of(range.first));
        let mut high = of(&range.newer)?.unwrap_or(0).max(key::last_of(range.last));
        // Messages without an id follow the one they came with.
        let mut next =
            db.prepare_cached("SELECT EXISTS (SELECT 1 FROM messages WHERE key = ?1 AND peer = ?2 AND id = 0)")?;
        while next.query_row([high + 1, peer], |row| row.get(0))? {
            high += 1;
        }
        Ok(Self { range, low, high })
    }

    pub(super) fn holds(&self, key: i64) -> bool {
        (self.low..=self.high).contains(&key)
    }
}

/// The range that holds the message at `key`.
pub(super) fn holder(db: &Connection, peer: i64, key: i64) -> StoreResult<Option<Held>> {
    for range in all(db, peer)? {
        let held = Held::of(db, peer, range)?;
        if held.holds(key) {
            return Ok(Some(held));
        }
    }
    Ok(None)
}

/// The key of a message.
pub(super) fn place(db: &Connection, peer: i64, id: MessageId) -> StoreResult<Option<i64>> {
    let mut ask = db.prepare_cached("SELECT key FROM messages WHERE peer = ?1 AND id = ?2 AND id <> 0")?;
    Ok(ask.query_row([peer, id.0 as i64], |row| row.get(0)).optional()?)
}

/// Adds a range and unites it with all it overlaps or touches. One that claims no whole millisecond and lies within
/// another, whose cursor reaches further into that millisecond, says nothing more.
pub(super) fn add(db: &Connection, peer: i64, mut new: Range) -> StoreResult<()> {
    if new.last < new.first {
        let inner = Held::of(db, peer, new.clone())?;
        if holder(db, peer, inner.low)?.is_some_and(|held| held.holds(inner.high)) {
            return Ok(());
        }
    }
    let touching = {
        let mut ask = db.prepare_cached(&format!("{COLUMNS} AND first <= ?3 + 1 AND last >= ?2 - 1"))?;
        ask.query_map(params![peer, new.first, new.last], read)?.collect::<Result<Vec<_>, _>>()?
    };
    for old in touching {
        remove(db, peer, old.first)?;
        if old.first < new.first {
            (new.first, new.older) = (old.first, old.older);
        }
        if old.last > new.last {
            (new.last, new.newer) = (old.last, old.newer);
        }
    }
    let mut put = db.prepare_cached(
        "INSERT OR REPLACE INTO coverage (peer, first, last, older, newer, verified) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    put.execute(params![peer, new.first, new.last, new.older, new.newer, new.verified])?;
    let mut ask = db.prepare_cached(&format!("{COLUMNS} AND last < first AND first <> ?2"))?;
    let small = ask.query_map([peer, new.first], read)?.collect::<Result<Vec<_>, _>>()?;
    let held = if small.is_empty() { return Ok(()) } else { Held::of(db, peer, new)? };
    for old in small {
        let inner = Held::of(db, peer, old)?;
        if held.holds(inner.low) && held.holds(inner.high) {
            remove(db, peer, inner.range.first)?;
        }
    }
    Ok(())
}

/// All there is of a peer is here.
pub(super) fn whole(db: &Connection, peer: i64) -> StoreResult<()> {
    add(db, peer, Range { first: 0, last: key::ms_of(i64::MAX) - 1, older: None, newer: None, verified: 0 })
}

/// Takes a range out, to be added again changed.
pub(super) fn remove(db: &Connection, peer: i64, first: i64) -> StoreResult<()> {
    db.prepare_cached("DELETE FROM coverage WHERE peer = ?1 AND first = ?2")?.execute([peer, first])?;
    Ok(())
}

/// Gives up what is complete before `ms`: what stays goes on, towards the past, from its oldest message.
pub(super) fn cut(db: &Connection, peer: i64, ms: i64) -> StoreResult<()> {
    let mut oldest = db.prepare_cached(
        "SELECT id FROM messages WHERE peer = ?1 AND key BETWEEN ?2 AND ?3 AND id <> 0 ORDER BY key LIMIT 1",
    )?;
    for range in all(db, peer)? {
        let held = Held::of(db, peer, range)?;
        // The edge itself may be a message that lies beyond what is claimed.
        if held.low >= key::first_of(ms) {
            continue;
        }
        remove(db, peer, held.range.first)?;
        let first = held.range.first.max(ms);
        let id: Option<i64> = oldest.query_row([peer, key::first_of(first), held.high], |row| row.get(0)).optional()?;
        if let Some(id) = id.filter(|_| first <= held.range.last) {
            add(db, peer, Range { first, older: Some((id as u64).to_string()), ..held.range })?;
        }
    }
    Ok(())
}
