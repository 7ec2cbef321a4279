//! Filling the database in bulk: demo data and benches. Everything within one transaction of the caller.

use rusqlite::{Transaction, params};
use sha2::{Digest as _, Sha256};

use super::rooms::{self, Room};
use super::users::{self, User};
use super::{DbResult, channels, messages};
use crate::domain::{ChatType, MessageId, Peer, ServerTime};

/// A message to put in.
pub struct SeedMessage {
    /// Its id; must be free.
    pub id: MessageId,
    /// Its time.
    pub time: ServerTime,
    /// One side of the conversation; any member of a group.
    pub peer_owner: String,
    /// The other side, the group or the room.
    pub peer: Peer,
    /// Sender.
    pub from: String,
    /// Word of the history filter: `txt`, `img`, …
    pub kind: &'static str,
    /// Encoded `MessageBody`.
    pub body: Vec<u8>,
    /// Facts JSON (`edit_msg`, `thread_overview`, …).
    pub facts: Option<String>,
}

/// Puts messages in; returns how many. Fastest when those of one conversation follow one another.
///
/// # Errors
/// The database's, e.g. an id that is taken.
pub fn seed_messages(tx: &Transaction<'_>, all: impl Iterator<Item = SeedMessage>) -> DbResult<usize> {
    let mut insert = tx.prepare_cached(
        "INSERT INTO message (id, channel, time, sender, kind, body, facts) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    let mut known: Option<(String, Peer, i64)> = None;
    let mut count = 0;
    for m in all {
        let channel = match &known {
            Some((owner, peer, key)) if *owner == m.peer_owner && *peer == m.peer => *key,
            _ => channels::make(tx, &m.peer_owner, &m.peer)?,
        };
        insert.execute(params![m.id.0 as i64, channel, m.time.ms(), m.from, m.kind, m.body, m.facts])?;
        known = Some((m.peer_owner, m.peer, channel));
        count += 1;
    }
    Ok(count)
}

/// Registers a user. `profile` is a JSON object (`nickname`, `avatarurl`, …).
///
/// # Errors
/// The database's.
pub fn seed_user(tx: &Transaction<'_>, id: &str, password: &str, profile: &str, at: ServerTime) -> DbResult<()> {
    let uuid = uuid_of(id);
    let user = User { id: id.into(), uuid, created: at.ms(), modified: at.ms(), profile: profile.into() };
    users::register(tx, &user, password).map(|_| ())
}

/// The same id gives the same uuid, so that seeded data does not differ from run to run.
fn uuid_of(id: &str) -> String {
    let mut raw = [0; 16];
    raw.copy_from_slice(&Sha256::digest(id.as_bytes())[..16]);
    users::uuid(raw)
}

/// Makes `owner` and `user` contacts of each other.
///
/// # Errors
/// The database's.
pub fn seed_contact(tx: &Transaction<'_>, owner: &str, user: &str, remark: &str) -> DbResult<()> {
    let mut add = tx.prepare_cached("INSERT OR IGNORE INTO contact (owner, user, remark) VALUES (?1, ?2, ?3)")?;
    add.execute((owner, user, remark))?;
    add.execute((user, owner, ""))?;
    Ok(())
}

/// Makes a group or room; the owner is its first member.
///
/// # Errors
/// The database's.
pub fn seed_room(
    tx: &Transaction<'_>,
    chat_type: ChatType,
    id: &str,
    name: &str,
    owner: &str,
    at: ServerTime,
) -> DbResult<()> {
    let (name, owner) = (name.to_owned(), owner.to_owned());
    let description = String::new();
    let settings = "{}".to_owned();
    rooms::make(
        tx,
        &Room { id: id.into(), chat_type, name, description, owner, created: at.ms(), settings, members: 1 },
    )
}

/// Adds a member to a group or room.
///
/// # Errors
/// The database's.
pub fn seed_member(tx: &Transaction<'_>, room: &str, user: &str, at: ServerTime) -> DbResult<()> {
    rooms::join(tx, room, user, at.ms())
}

/// A stored file.
pub struct SeedFile<'a> {
    /// Its uuid; the address is `{base}/{org}/{app}/chatfiles/{uuid}`.
    pub uuid: &'a str,
    /// The share secret.
    pub secret: &'a str,
    /// File name.
    pub name: &'a str,
    /// Content type.
    pub kind: &'a str,
    /// Content.
    pub bytes: &'a [u8],
    /// Content of the thumbnail, where it has one.
    pub thumbnail: Option<&'a [u8]>,
}

/// Stores a file; it needs its secret to be read.
///
/// # Errors
/// The database's.
pub fn seed_file(tx: &Transaction<'_>, file: &SeedFile<'_>) -> DbResult<()> {
    tx.prepare_cached(
        "INSERT OR REPLACE INTO file (uuid, secret, restricted, name, type, bytes, thumbnail)
         VALUES (?1, ?2, 1, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![file.uuid, file.secret, file.name, file.kind, file.bytes, file.thumbnail])?;
    Ok(())
}

/// Lists a conversation for `owner`, its newest message (put in before) as the last one.
///
/// # Errors
/// The database's.
pub fn seed_conversation(
    tx: &Transaction<'_>,
    owner: &str,
    peer: &Peer,
    unread: u32,
    pinned: Option<ServerTime>,
) -> DbResult<()> {
    let channel = channels::make(tx, owner, peer)?;
    let newest = messages::newest(tx, channel)?;
    let time = newest.map_or(0, |(time, _)| time);
    tx.prepare_cached(
        "INSERT OR REPLACE INTO conversation (owner, channel, unread, last, active, pinned_at, created)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?5)",
    )?
    .execute(params![owner, channel, unread, newest.map(|(_, id)| id), time, pinned.map(ServerTime::ms)])?;
    Ok(())
}
