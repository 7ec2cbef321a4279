//! Giving pages back: from one complete stretch at a time, so that a hole is never passed over unseen.

use rusqlite::{Connection, OptionalExtension, params};

use super::coverage::{self, Held};
use super::{Store, StoreResult, codec, peers};
use crate::domain::{AppKey, Cursor, Direction, Message, MessageId, Peer, ServerTime};

/// Where a page begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// At the newest message here.
    Newest,
    /// At the oldest message here.
    Oldest,
    /// Beyond this message, itself not included.
    Beyond(MessageId),
}

/// A page of the archive.
#[derive(Clone, Debug, PartialEq)]
pub struct Local {
    /// Messages in the order of the direction.
    pub messages: Vec<Message>,
    /// What follows.
    pub end: LocalEnd,
    /// The oldest message the server had when its end was looked at last; older ones are only here.
    pub served_from: Option<ServerTime>,
}

/// What follows a page of the archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LocalEnd {
    /// More is here, beyond this message, which is the page's last.
    More(MessageId),
    /// Towards the past: the server's end. Towards the present: the newest that is known.
    End,
    /// Not everything is here; the server goes on from this cursor.
    Hole(Cursor),
}

impl Store {
    /// At most `limit` messages of what is here. `None` when nothing is known around `at`: then only the server can tell.
    ///
    /// # Errors
    /// [`super::StoreError`].
    pub fn read(&self, peer: &Peer, at: At, direction: Direction, limit: usize) -> StoreResult<Option<Local>> {
        let app = &self.0.owner.app_key;
        Ok(self.reading(|db| read(db, app, peer, at, direction, limit))?.flatten())
    }

    /// One message by its id.
    ///
    /// # Errors
    /// [`super::StoreError`].
    pub fn message(&self, peer: &Peer, id: MessageId) -> StoreResult<Option<Message>> {
        let app = &self.0.owner.app_key;
        let found = self.reading(|db| {
            let Some(number) = peers::find(db, peer)? else { return Ok(None) };
            let mut ask =
                db.prepare_cached("SELECT form, raw FROM messages WHERE peer = ?1 AND id = ?2 AND id <> 0")?;
            let row = ask.query_row(params![number, id.0 as i64], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
            Ok(row.map(|(form, raw)| codec::decode_as(app, id.0 as i64, form, raw)))
        })?;
        Ok(found.flatten())
    }
}

fn read(
    db: &Connection,
    app: &AppKey,
    peer: &Peer,
    at: At,
    direction: Direction,
    limit: usize,
) -> StoreResult<Option<Local>> {
    let Some(number) = peers::find(db, peer)? else { return Ok(None) };
    let mut ranges = coverage::all(db, number)?;
    let found = match at {
        At::Newest => ranges.pop().map(|r| (r, i64::MAX)),
        At::Oldest => (!ranges.is_empty()).then(|| (ranges.swap_remove(0), -1)),
        At::Beyond(id) => {
            let Some(key) = coverage::place(db, number, id)? else { return Ok(None) };
            coverage::holder(db, number, key)?.map(|held| (held.range, key))
        }
    };
    let Some((range, key)) = found else { return Ok(None) };
    let Held { range, low, high } = Held::of(db, number, range)?;
    let between = if direction == Direction::Up { (low, key.min(high + 1)) } else { (key.max(low - 1), high) };
    let beyond = if direction == Direction::Up { range.older } else { range.newer };
    let (messages, end) = page(db, app, number, between, direction, limit, beyond)?;
    Ok(Some(Local { messages, end, served_from: served_from(db, number)? }))
}

/// The oldest message the server had when its end was looked at last.
pub(super) fn served_from(db: &Connection, peer: i64) -> StoreResult<Option<ServerTime>> {
    let mut ask = db.prepare_cached("SELECT served_from FROM peers WHERE peer = ?1")?;
    let ms: Option<i64> = ask.query_row([peer], |row| row.get(0))?;
    Ok(ms.map(ServerTime))
}

/// A page between two keys, as [`rows`] counts them, and what follows it; `beyond` is the cursor that goes on from there.
pub(super) fn page(
    db: &Connection,
    app: &AppKey,
    peer: i64,
    between: (i64, i64),
    direction: Direction,
    limit: usize,
    beyond: Option<String>,
) -> StoreResult<(Vec<Message>, LocalEnd)> {
    let mut limit = limit;
    let mut messages = rows(db, app, peer, between, direction, limit)?;
    // A page ends with a message that has an id, so that the next one can begin there.
    while messages.len() == limit && messages.iter().all(|m| m.id.0 == 0) {
        limit *= 4;
        messages = rows(db, app, peer, between, direction, limit)?;
    }
    let last = messages.iter().rposition(|m| m.id.0 != 0).filter(|_| messages.len() == limit);
    messages.truncate(last.map_or(messages.len(), |last| last + 1));
    let more = last.and_then(|last| messages.get(last)).map(|m| m.id);
    let end = match (more, beyond.and_then(|c| Cursor::new(&c).ok())) {
        (Some(id), _) => LocalEnd::More(id),
        (None, Some(cursor)) => LocalEnd::Hole(cursor),
        (None, None) => LocalEnd::End,
    };
    Ok((messages, end))
}

/// Messages between two keys; the one the page begins at is not included.
fn rows(
    db: &Connection,
    app: &AppKey,
    peer: i64,
    between: (i64, i64),
    direction: Direction,
    limit: usize,
) -> StoreResult<Vec<Message>> {
    let sql = match direction {
        Direction::Up => {
            "SELECT id, form, raw FROM messages WHERE peer = ?1 AND key >= ?2 AND key < ?3 ORDER BY key DESC LIMIT ?4"
        }
        Direction::Down => {
            "SELECT id, form, raw FROM messages WHERE peer = ?1 AND key > ?2 AND key <= ?3 ORDER BY key LIMIT ?4"
        }
    };
    let mut ask = db.prepare_cached(sql)?;
    let mut found = ask.query(params![peer, between.0, between.1, limit as i64])?;
    let mut messages = Vec::new();
    while let Some(row) = found.next()? {
        messages.push(codec::decode_as(app, row.get(0)?, row.get(1)?, row.get(2)?));
    }
    Ok(messages)
}
