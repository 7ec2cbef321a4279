//! Taking messages out for good: after the server deleted them one way, or has no more of them.

use rusqlite::{Connection, params};

use super::{Store, StoreResult, bookmarks, facts, index, key, list, open, peers};
use crate::domain::{AppKey, MessageId, Peer, ServerTime};

/// Takes one row out, and out of the index.
pub(super) fn one(db: &Connection, app: &AppKey, key: i64) -> StoreResult<()> {
    index::forget(db, app, key)?;
    db.prepare_cached("DELETE FROM messages WHERE key = ?1")?.execute([key])?;
    Ok(())
}

impl Store {
    /// The server deleted these one way: they go here too, and cannot come back with a late page.
    ///
    /// # Errors
    /// [`super::StoreError`]; then nothing went.
    pub fn deleted(&self, peer: &Peer, ids: &[MessageId]) -> StoreResult<()> {
        let app = &self.0.owner.app_key;
        self.write(|db| {
            let peer = peers::number(db, peer)?;
            for id in ids {
                let id = id.0 as i64;
                let mut bury = db.prepare_cached("INSERT OR IGNORE INTO tombstones (peer, id) VALUES (?1, ?2)")?;
                bury.execute([peer, id])?;
                let mut ask = db.prepare_cached("SELECT key FROM messages WHERE peer = ?1 AND id = ?2 AND id <> 0")?;
                let keys = ask.query_map([peer, id], |row| row.get(0))?.collect::<Result<Vec<i64>, _>>()?;
                keys.into_iter().try_for_each(|key| one(db, app, key))?;
                bookmarks::forget(db, peer, id)?;
            }
            list::forget_last(db, app, peer, |last| ids.contains(&last.id))
        })?;
        self.scrub();
        Ok(())
    }

    /// Whether a message is known to be deleted on the server; `time` is when it was sent.
    ///
    /// # Errors
    /// [`super::StoreError`].
    pub fn is_deleted(&self, peer: &Peer, id: MessageId, time: ServerTime) -> StoreResult<bool> {
        let found = self.reading(|db| {
            let Some(number) = peers::find(db, peer)? else { return Ok(false) };
            // An earlier format does not know all of it, and is brought up to date before long.
            if open::format(db)? < open::FORMAT {
                return Ok(false);
            }
            let mut ask = db.prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM tombstones WHERE peer = ?1 AND id = ?2)
                     OR EXISTS (SELECT 1 FROM gone WHERE peer = ?1 AND id = ?2)
                     OR EXISTS (SELECT 1 FROM peers WHERE peer = ?1 AND deleted_through >= max(?3, 1))",
            )?;
            Ok(ask.query_row(params![number, id.0 as i64, time.ms()], |row| row.get(0))?)
        })?;
        Ok(found.unwrap_or(false))
    }

    /// The server deleted everything of the conversation at or before `through`.
    ///
    /// # Errors
    /// [`super::StoreError`]; then nothing went.
    pub fn deleted_through(&self, peer: &Peer, through: ServerTime) -> StoreResult<()> {
        let app = &self.0.owner.app_key;
        self.write(|db| {
            let number = peers::number(db, peer)?;
            all_through(db, app, number, through)
        })?;
        self.scrub();
        Ok(())
    }

    /// The server has deleted the conversation with all its messages, which was known at `at`: what is kept of it
    /// goes. A page that was asked for before says nothing any more, and brings nothing back.
    ///
    /// # Errors
    /// [`super::StoreError`]; then nothing went.
    pub fn deleted_all(&self, peer: &Peer, at: ServerTime) -> StoreResult<()> {
        let app = &self.0.owner.app_key;
        self.write(|db| {
            let number = peers::number(db, peer)?;
            bookmarks::forget_through(db, number, i64::MAX)?;
            facts::put(db, "emptied", number, at.ms())?;
            let mut ask = db.prepare_cached("SELECT max(key) FROM messages WHERE peer = ?1")?;
            let newest: Option<i64> = ask.query_row([number], |row| row.get(0))?;
            newest.map_or(Ok(()), |newest| all_through(db, app, number, ServerTime(key::ms_of(newest))))
        })?;
        self.scrub();
        Ok(())
    }
}

/// Takes out everything of a conversation at or before `through`, and keeps it from coming back.
fn all_through(db: &Connection, app: &AppKey, peer: i64, through: ServerTime) -> StoreResult<()> {
    let mut ask = db.prepare_cached("SELECT key FROM messages WHERE peer = ?1 AND key <= ?2")?;
    let keys = ask.query_map([peer, key::last_of(through.ms())], |row| row.get(0))?;
    let keys = keys.collect::<Result<Vec<i64>, _>>()?;
    keys.into_iter().try_for_each(|key| one(db, app, key))?;
    let mut note = db.prepare_cached("UPDATE peers SET deleted_through = max(deleted_through, ?2) WHERE peer = ?1")?;
    note.execute(params![peer, through.ms()])?;
    bookmarks::forget_through(db, peer, through.ms())?;
    list::forget_last(db, app, peer, |last| last.time <= through)
}
