//! Where messages run: one channel for two users, a group or a room.

use rusqlite::{Connection, OptionalExtension as _, params};

use super::DbResult;
use crate::domain::{ChatType, Peer};

/// The word of the `channel` and `room` tables.
pub const fn word(chat_type: ChatType) -> &'static str {
    match chat_type {
        ChatType::Single => "single",
        ChatType::Group => "group",
        ChatType::Room => "room",
    }
}

/// The chat type of such a word.
pub fn chat_type(word: &str) -> ChatType {
    match word {
        "group" => ChatType::Group,
        "room" => ChatType::Room,
        _ => ChatType::Single,
    }
}

fn sides<'a>(owner: &'a str, peer: &'a Peer) -> (&'static str, &'a str, &'a str) {
    let kind = word(peer.chat_type);
    match peer.chat_type {
        ChatType::Single if owner <= peer.id() => (kind, owner, peer.id()),
        ChatType::Single => (kind, peer.id(), owner),
        ChatType::Group | ChatType::Room => (kind, peer.id(), ""),
    }
}

/// The channel of `owner` and `peer`, where one was ever used.
///
/// # Errors
/// The database's.
pub fn find(db: &Connection, owner: &str, peer: &Peer) -> DbResult<Option<i64>> {
    let mut query = db.prepare_cached("SELECT key FROM channel WHERE kind = ?1 AND a = ?2 AND b = ?3")?;
    query.query_row(sides(owner, peer), |row| row.get(0)).optional()
}

/// The channel of `owner` and `peer`, made when missing.
///
/// # Errors
/// The database's.
pub fn make(db: &Connection, owner: &str, peer: &Peer) -> DbResult<i64> {
    if let Some(key) = find(db, owner, peer)? {
        return Ok(key);
    }
    let (kind, a, b) = sides(owner, peer);
    db.prepare_cached("INSERT INTO channel (kind, a, b) VALUES (?1, ?2, ?3)")?.execute(params![kind, a, b])?;
    Ok(db.last_insert_rowid())
}

/// Chat type and id of the other side of a channel, seen by `owner`.
pub fn other_side(kind: &str, a: String, b: String, owner: &str) -> (ChatType, String) {
    let chat_type = chat_type(kind);
    let id = if chat_type == ChatType::Single && a == owner { b } else { a };
    (chat_type, id)
}

/// The other side of a channel, seen by `owner`; `None` when there is no such channel.
///
/// # Errors
/// The database's.
pub fn peer(db: &Connection, channel: i64, owner: &str) -> DbResult<Option<Peer>> {
    let mut query = db.prepare_cached("SELECT kind, a, b FROM channel WHERE key = ?1")?;
    let row = query.query_row([channel], |row| Ok((row.get::<_, String>(0)?, row.get(1)?, row.get(2)?))).optional()?;
    Ok(row.and_then(|(kind, a, b)| {
        let (chat_type, id) = other_side(&kind, a, b, owner);
        Peer::new(chat_type, &id).ok()
    }))
}

/// Every channel `owner` takes part in.
///
/// # Errors
/// The database's.
pub fn all_of(db: &Connection, owner: &str) -> DbResult<Vec<i64>> {
    let mut query = db.prepare_cached(
        "SELECT key FROM channel WHERE kind = 'single' AND a = ?1
         UNION SELECT key FROM channel WHERE kind = 'single' AND b = ?1
         UNION SELECT key FROM channel JOIN member ON room = a AND user = ?1 WHERE kind IN ('group', 'room')",
    )?;
    query.query_map([owner], |row| row.get(0))?.collect()
}

/// Everybody who takes part in a channel: the two users, or the members.
///
/// # Errors
/// The database's.
pub fn participants(db: &Connection, channel: i64) -> DbResult<Vec<String>> {
    let mut query = db.prepare_cached("SELECT kind, a, b FROM channel WHERE key = ?1")?;
    let row = query.query_row([channel], |row| Ok((row.get::<_, String>(0)?, row.get(1)?, row.get(2)?))).optional()?;
    match row {
        None => Ok(Vec::new()),
        Some((kind, a, b)) if chat_type(&kind) == ChatType::Single => Ok(if a == b { vec![a] } else { vec![a, b] }),
        Some((_, room, _)) => super::rooms::members(db, &room),
    }
}
