//! Giving up what is here because the person wants it off this disk. Nothing was deleted on the server: what goes
//! becomes a hole, and can be fetched again.

use std::sync::atomic::Ordering;

use rusqlite::{Connection, params};

use super::{Store, StoreResult, bookmarks, coverage, facts, index, key, list, peers, purge};
use crate::domain::{AppKey, Peer, ServerTime};

/// Messages that go in one transaction: others can write in between.
const BATCH: usize = 2_000;

/// What is to go: all of it where nothing is said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Discard {
    /// Only of this conversation.
    pub peer: Option<Peer>,
    /// Only what was sent before.
    pub before: Option<ServerTime>,
}

/// What goes of a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Going {
    /// Which one.
    pub peer: Peer,
    /// Messages that go.
    pub messages: u64,
    /// When the oldest of them was sent.
    pub oldest: ServerTime,
    /// When the newest of them was sent.
    pub newest: ServerTime,
    /// Nothing of the conversation stays.
    pub whole: bool,
}

impl Discard {
    /// The lowest key that stays.
    fn edge(&self) -> i64 {
        self.before.map_or(i64::MAX, |before| key::first_of(before.ms()))
    }

    /// Numbers of the conversations that are meant.
    fn numbers(&self, db: &Connection) -> StoreResult<Vec<i64>> {
        if let Some(peer) = &self.peer {
            return Ok(peers::find(db, peer)?.into_iter().collect());
        }
        let mut ask = db.prepare_cached("SELECT peer FROM peers ORDER BY peer")?;
        Ok(ask.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
    }
}

impl Store {
    /// What would go, the most messages first.
    ///
    /// # Errors
    /// [`super::StoreError`].
    pub fn going(&self, what: &Discard) -> StoreResult<Vec<Going>> {
        let found = self.reading(|db| {
            let mut out = Vec::new();
            for number in what.numbers(db)? {
                out.extend(going(db, number, what.edge())?);
            }
            out.sort_by_key(|going| std::cmp::Reverse(going.messages));
            Ok(out)
        })?;
        Ok(found.unwrap_or_default())
    }

    /// Takes messages off this disk, out of the index too, and gives how many went. What was deleted on the server
    /// stays known as deleted. Cut short, the rest is still here and nothing is said to be complete that is not.
    ///
    /// # Errors
    /// [`super::StoreError`]; what went until then is gone.
    pub fn discard(&self, what: &Discard) -> StoreResult<u64> {
        let Some((numbers, is_most)) = self.reading(|db| Ok((what.numbers(db)?, is_most(db, what)?)))? else {
            return Ok(0);
        };
        if is_most {
            // To learn the few again is quicker than to take the many out one by one.
            self.write(|db| index::renew(db))?;
        }
        let mut gone = 0;
        for number in numbers {
            let mut of_it = 0;
            loop {
                let went = self.write(|db| {
                    let went = batch(db, &self.0.owner.app_key, number, what)?;
                    if went < BATCH && (of_it + went > 0 || what.before.is_none()) {
                        forget_bookmarks(db, number, what)?;
                    }
                    Ok(went)
                })?;
                of_it += went;
                gone += went as u64;
                if went < BATCH {
                    break;
                }
            }
        }
        if *what == Discard::default() {
            self.write(|db| forget_all(db))?;
        }
        self.scrub();
        Ok(gone)
    }

    /// From now on pages bring nothing in that was sent before, and it counts as missing.
    pub fn keep_since(&self, since: ServerTime) {
        self.0.since.store(since.ms(), Ordering::Release);
    }

    /// Whether anything is here that was sent before.
    ///
    /// # Errors
    /// [`super::StoreError`].
    pub fn has_before(&self, before: ServerTime) -> StoreResult<bool> {
        let found = self.reading(|db| {
            let mut ask = db.prepare_cached("SELECT EXISTS (SELECT 1 FROM messages WHERE key < ?1)")?;
            Ok(ask.query_row([key::first_of(before.ms())], |row| row.get(0))?)
        })?;
        Ok(found.unwrap_or(false))
    }
}

fn going(db: &Connection, number: i64, edge: i64) -> StoreResult<Option<Going>> {
    let mut ask =
        db.prepare_cached("SELECT count(*), min(key), max(key) FROM messages WHERE peer = ?1 AND key < ?2")?;
    let (count, first, last): (i64, Option<i64>, Option<i64>) =
        ask.query_row([number, edge], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let mut name = db.prepare_cached("SELECT kind, id FROM peers WHERE peer = ?1")?;
    let (kind, id): (i64, String) = name.query_row([number], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut rest = db.prepare_cached("SELECT EXISTS (SELECT 1 FROM messages WHERE peer = ?1 AND key >= ?2)")?;
    let has_rest: bool = rest.query_row([number, edge], |row| row.get(0))?;
    let Some((first, last)) = first.zip(last) else { return Ok(None) };
    Ok(peers::from_columns(kind, &id).map(|peer| Going {
        peer,
        messages: count.unsigned_abs(),
        oldest: ServerTime(key::ms_of(first)),
        newest: ServerTime(key::ms_of(last)),
        whole: !has_rest,
    }))
}

/// Whether more goes than stays.
fn is_most(db: &Connection, what: &Discard) -> StoreResult<bool> {
    let mut going = 0;
    for number in what.numbers(db)? {
        let mut ask = db.prepare_cached("SELECT count(*) FROM messages WHERE peer = ?1 AND key < ?2")?;
        going += ask.query_row([number, what.edge()], |row| row.get::<_, i64>(0))?;
    }
    let all: i64 = db.query_row("SELECT count(*) FROM messages", [], |row| row.get(0))?;
    Ok(going > BATCH as i64 && going * 2 > all)
}

/// Takes the oldest out. What is said to be complete is cut in the same transaction, since another program may have
/// fetched it again meanwhile.
fn batch(db: &Connection, app: &AppKey, number: i64, what: &Discard) -> StoreResult<usize> {
    let mut ask = db.prepare_cached("SELECT key FROM messages WHERE peer = ?1 AND key < ?2 ORDER BY key LIMIT ?3")?;
    let keys = ask.query_map(params![number, what.edge(), BATCH as i64], |row| row.get(0))?;
    let keys = keys.collect::<Result<Vec<i64>, _>>()?;
    if !keys.is_empty() {
        coverage::cut(db, number, what.before.map_or(i64::MAX, ServerTime::ms))?;
        facts::clear(db, "doubt", number)?;
        facts::clear(db, "doubt-of", number)?;
    }
    list::forget_last(db, app, number, |last| what.before.is_none_or(|before| last.time < before))?;
    if what.before.is_none() {
        db.execute("UPDATE peers SET served_from = NULL, opened = 0 WHERE peer = ?1", [number])?;
    }
    keys.iter().try_for_each(|key| purge::one(db, app, *key))?;
    Ok(keys.len())
}

/// Messages that go from this disk are still on the server, and can be gone to. Only of a conversation that has left
/// altogether nothing stays that tells of it.
fn forget_bookmarks(db: &Connection, number: i64, what: &Discard) -> StoreResult<()> {
    let mut ask = db.prepare_cached("SELECT EXISTS (SELECT 1 FROM messages WHERE peer = ?1)")?;
    let stays: bool = ask.query_row([number], |row| row.get(0))?;
    if stays {
        return Ok(());
    }
    bookmarks::forget_through(db, number, what.before.map_or(i64::MAX, |before| before.ms() - 1))
}

/// The list, and names and numbers of those of whom nothing is left. Who has something deleted stays, so that it stays
/// deleted.
fn forget_all(db: &Connection) -> StoreResult<()> {
    db.execute_batch(
        "DELETE FROM conversations;
         DELETE FROM facts WHERE key IN ('listed', 'served_since');
         DELETE FROM coverage WHERE peer NOT IN (SELECT peer FROM messages);
         DELETE FROM senders WHERE sender NOT IN (SELECT sender FROM messages);
         UPDATE senders SET name = '';
         UPDATE peers SET name = '';
         DELETE FROM peers WHERE deleted_through = 0 AND peer NOT IN (SELECT peer FROM tombstones)
             AND peer NOT IN (SELECT peer FROM gone)
             AND peer NOT IN (SELECT peer FROM messages)
             AND NOT EXISTS (SELECT 1 FROM facts WHERE key = 'emptied ' || peers.peer);",
    )?;
    Ok(())
}
