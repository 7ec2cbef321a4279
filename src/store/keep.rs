//! Putting messages in, each where it belongs, except what is known to be deleted.

use std::borrow::Cow;

use rusqlite::Connection;

use super::put::{New, Put, Senders, put};
use super::stretch::Row;
use super::{StoreResult, Taken, codec, facts, index, key};
use crate::domain::{AppKey, Message, MessageId, ServerTime};

/// An answer comes within this time, or never.
const ANSWER_MS: i64 = 3_600_000;

/// When the conversation was emptied, in ms. What lies further ahead than any answer takes was noted by a clock that ran
/// ahead, and does not count.
pub(super) fn emptied(db: &Connection, peer: i64, now: ServerTime) -> StoreResult<Option<i64>> {
    Ok(facts::get(db, "emptied", peer)?.filter(|at| at - now.ms() < ANSWER_MS))
}

/// Each message with its key: by its own time, else by the time of its id. One without an id stays beside the one
/// before it.
pub(super) fn placed(messages: &[Message], now: ServerTime) -> Vec<Row<'_>> {
    let own = |m: &Message| m.sent_at(now).filter(|_| m.id.0 != 0).map(|time| key::key(time, m.id));
    let mut last = messages.iter().find_map(own).unwrap_or_else(|| key::first_of(now.ms()));
    messages
        .iter()
        .map(|m| {
            last = own(m).unwrap_or(last + 1);
            (last, m)
        })
        .collect()
}

/// A message on its way in.
#[derive(Clone, Copy)]
pub(super) struct Keep<'a> {
    pub(super) row: Row<'a>,
    /// Form and bytes of its row, where they were made ready before.
    pub(super) packed: Option<(i64, &'a [u8])>,
    /// Which page it is on.
    pub(super) page: usize,
}

/// Puts the rows of pages in, oldest first, except what was deleted one way; notes what the index has to learn. What was found
/// deleted comes back only where the server itself serves it again.
pub(super) fn keep(
    db: &Connection,
    app: &AppKey,
    peer: i64,
    mut rows: Vec<Keep<'_>>,
    is_served: bool,
    taken: &mut [Taken],
) -> StoreResult<()> {
    let mut deleted = db.prepare_cached("SELECT deleted_through FROM peers WHERE peer = ?1")?;
    let deleted_through: i64 = deleted.query_row([peer], |row| row.get(0))?;
    let buried = Ids::of(db, "tombstones", peer)?;
    let gone = Ids::of(db, "gone", peer)?;
    rows.sort_by_key(|Keep { row: (key, message), .. }| (*key, message.id));
    let (mut run, mut senders) = (Vec::new(), Senders::default());
    let mut free = 0;
    for Keep { row: (key, message), packed, page } in rows {
        if key::ms_of(key) <= deleted_through || buried.has(message.id)? {
            continue;
        }
        if gone.has(message.id)? {
            if !is_served {
                continue;
            }
            gone.forget(message.id)?;
        }
        let (form, raw) = packed.map_or_else(|| codec::row(app, message), |(form, raw)| (form, Cow::Borrowed(raw)));
        let new = New { key: key.max(free), message, form, raw: &raw };
        match put(db, app, &mut senders, peer, &new, is_served)? {
            Put::New(at) => {
                taken[page].new += 1;
                run.push(at);
                // Of messages that want one place, the next stands after this one.
                free = at + 1;
            }
            Put::Changed(at) => {
                taken[page].changed += 1;
                index::note(db, peer, &[at])?;
            }
            Put::Known => {}
        }
    }
    index::note(db, peer, &run)
}

/// Ids of a conversation that are kept in a table; most often none are.
struct Ids<'a> {
    db: &'a Connection,
    table: &'static str,
    peer: i64,
    is_empty: bool,
}

impl<'a> Ids<'a> {
    fn of(db: &'a Connection, table: &'static str, peer: i64) -> StoreResult<Self> {
        let mut ask = db.prepare_cached(&format!("SELECT NOT EXISTS (SELECT 1 FROM {table} WHERE peer = ?1)"))?;
        Ok(Self { db, table, peer, is_empty: ask.query_row([peer], |row| row.get(0))? })
    }

    fn has(&self, id: MessageId) -> StoreResult<bool> {
        if self.is_empty {
            return Ok(false);
        }
        let sql = format!("SELECT EXISTS (SELECT 1 FROM {} WHERE peer = ?1 AND id = ?2)", self.table);
        Ok(self.db.prepare_cached(&sql)?.query_row([self.peer, id.0 as i64], |row| row.get(0))?)
    }

    fn forget(&self, id: MessageId) -> StoreResult<()> {
        let sql = format!("DELETE FROM {} WHERE peer = ?1 AND id = ?2", self.table);
        self.db.prepare_cached(&sql)?.execute([self.peer, id.0 as i64])?;
        Ok(())
    }
}
