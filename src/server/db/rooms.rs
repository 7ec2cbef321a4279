//! Groups and chat rooms, and who is in them.

use rusqlite::{Connection, OptionalExtension as _, params};

use super::{DbResult, channels};
use crate::domain::{ChatType, Peer};

/// A group or chat room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Room {
    /// Its id.
    pub id: String,
    /// Group or room.
    pub chat_type: ChatType,
    /// Its name.
    pub name: String,
    /// What it is about.
    pub description: String,
    /// Who owns it.
    pub owner: String,
    /// When it was made, in milliseconds.
    pub created: i64,
    /// `public`, `maxusers`, … as one JSON object.
    pub settings: String,
    /// How many are in it.
    pub members: i64,
}

/// A group or room by id.
///
/// # Errors
/// The database's.
pub fn find(db: &Connection, id: &str) -> DbResult<Option<Room>> {
    let mut query = db.prepare_cached(
        "SELECT id, kind, name, description, owner, created, settings,
         (SELECT count(*) FROM member WHERE room = id) FROM room WHERE id = ?1",
    )?;
    let read = |row: &rusqlite::Row<'_>| {
        Ok(Room {
            id: row.get(0)?,
            chat_type: channels::chat_type(&row.get::<_, String>(1)?),
            name: row.get(2)?,
            description: row.get(3)?,
            owner: row.get(4)?,
            created: row.get(5)?,
            settings: row.get(6)?,
            members: row.get(7)?,
        })
    };
    query.query_row([id], read).optional()
}

/// Group or room, by id alone: the history queue does not tell them apart.
///
/// # Errors
/// The database's.
pub fn peer(db: &Connection, id: &str) -> DbResult<Option<Peer>> {
    let mut query = db.prepare_cached("SELECT kind FROM room WHERE id = ?1")?;
    let kind: Option<String> = query.query_row([id], |row| row.get(0)).optional()?;
    Ok(kind.and_then(|kind| Peer::new(channels::chat_type(&kind), id).ok()))
}

/// Whether `user` is in it.
///
/// # Errors
/// The database's.
pub fn is_member(db: &Connection, room: &str, user: &str) -> DbResult<bool> {
    db.prepare_cached("SELECT 1 FROM member WHERE room = ?1 AND user = ?2")?.exists((room, user))
}

/// Everybody in it, by id.
///
/// # Errors
/// The database's.
pub fn members(db: &Connection, room: &str) -> DbResult<Vec<String>> {
    let mut query = db.prepare_cached("SELECT user FROM member WHERE room = ?1 ORDER BY user")?;
    query.query_map([room], |row| row.get(0))?.collect()
}

/// Everybody in it with the time they joined.
///
/// # Errors
/// The database's.
pub fn members_joined(db: &Connection, room: &str) -> DbResult<Vec<(String, i64)>> {
    let mut query = db.prepare_cached("SELECT user, joined FROM member WHERE room = ?1 ORDER BY user")?;
    query.query_map([room], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}

/// Ids of the groups `user` is in (rooms are not among them), by id.
///
/// # Errors
/// The database's.
pub fn joined(db: &Connection, user: &str, skip: i64, count: i64) -> DbResult<Vec<String>> {
    let mut query = db.prepare_cached(
        "SELECT room FROM member JOIN room ON room.id = member.room AND kind = 'group'
         WHERE user = ?1 ORDER BY room LIMIT ?3 OFFSET ?2",
    )?;
    query.query_map((user, skip, count), |row| row.get(0))?.collect()
}

/// Makes a group or room; the owner is a member.
///
/// # Errors
/// The database's, also when the id is taken.
pub fn make(db: &Connection, room: &Room) -> DbResult<()> {
    let word = channels::word(room.chat_type);
    db.prepare_cached(
        "INSERT INTO room (id, kind, name, description, owner, created, settings) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![room.id, word, room.name, room.description, room.owner, room.created, room.settings])?;
    join(db, &room.id, &room.owner, room.created)
}

/// Adds a member; again is harmless.
///
/// # Errors
/// The database's.
pub fn join(db: &Connection, room: &str, user: &str, at: i64) -> DbResult<()> {
    db.prepare_cached("INSERT OR IGNORE INTO member (room, user, joined) VALUES (?1, ?2, ?3)")?
        .execute((room, user, at))?;
    Ok(())
}
