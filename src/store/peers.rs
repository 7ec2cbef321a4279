//! Conversations and people by small numbers, and the names they had last.

use rusqlite::{Connection, OptionalExtension, params};

use super::{Store, StoreResult};
use crate::domain::{ChatType, Peer, ServerTime};

/// The number of a chat type in the `kind` column; must never change.
pub(super) const fn kind(chat_type: ChatType) -> i64 {
    match chat_type {
        ChatType::Single => 0,
        ChatType::Group => 1,
        ChatType::Room => 2,
    }
}

/// The peer's number; `None` when nothing of it is here.
pub(super) fn find(db: &Connection, peer: &Peer) -> StoreResult<Option<i64>> {
    let mut ask = db.prepare_cached("SELECT peer FROM peers WHERE kind = ?1 AND id = ?2")?;
    Ok(ask.query_row(params![kind(peer.chat_type), peer.id()], |row| row.get(0)).optional()?)
}

/// The peer's number, made where there is none.
pub(super) fn number(db: &Connection, peer: &Peer) -> StoreResult<i64> {
    if let Some(number) = find(db, peer)? {
        return Ok(number);
    }
    db.execute("INSERT INTO peers (kind, id) VALUES (?1, ?2)", params![kind(peer.chat_type), peer.id()])?;
    Ok(db.last_insert_rowid())
}

/// The number of a user who sent something, made where there is none.
pub(super) fn sender(db: &Connection, id: &str) -> StoreResult<i64> {
    let mut ask = db.prepare_cached("SELECT sender FROM senders WHERE id = ?1")?;
    if let Some(number) = ask.query_row([id], |row| row.get(0)).optional()? {
        return Ok(number);
    }
    db.prepare_cached("INSERT INTO senders (id) VALUES (?1)")?.execute([id])?;
    Ok(db.last_insert_rowid())
}

/// A peer from its columns; `None` where the file holds an id outside the grammar.
pub(super) fn from_columns(kind: i64, id: &str) -> Option<Peer> {
    let chat_type = match kind {
        0 => ChatType::Single,
        1 => ChatType::Group,
        _ => ChatType::Room,
    };
    Peer::new(chat_type, id).ok()
}

impl Store {
    /// Notes that the conversation was on the screen at `at`, so that the next start can begin with it.
    ///
    /// # Errors
    /// [`super::StoreError`].
    pub fn opened(&self, peer: &Peer, at: ServerTime) -> StoreResult<()> {
        self.write(|db| {
            let number = number(db, peer)?;
            db.execute("UPDATE peers SET opened = ?2 WHERE peer = ?1", params![number, at.ms()])?;
            Ok(())
        })
    }

    /// The conversation that was on the screen last.
    ///
    /// # Errors
    /// [`super::StoreError`].
    pub fn last_opened(&self) -> StoreResult<Option<Peer>> {
        let found = self.reading(|db| {
            let mut ask =
                db.prepare_cached("SELECT kind, id FROM peers WHERE opened > 0 ORDER BY opened DESC LIMIT 1")?;
            let row = ask.query_row([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?))).optional()?;
            Ok(row.and_then(|(kind, id)| from_columns(kind, &id)))
        })?;
        Ok(found.flatten())
    }
}
