//! Registered users, their profiles and contacts.

use rusqlite::{Connection, OptionalExtension as _, params};
use sha2::{Digest as _, Sha256};

use super::DbResult;

/// A registered user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// User id, lower case.
    pub id: String,
    /// Their uuid.
    pub uuid: String,
    /// When they were registered, in milliseconds.
    pub created: i64,
    /// When they were changed last.
    pub modified: i64,
    /// Nickname, avatar and the like, as one JSON object.
    pub profile: String,
}

/// Sixteen bytes as a UUID (version 4).
pub fn uuid(raw: [u8; 16]) -> String {
    let n = u128::from_be_bytes(raw) & !(0xf000_u128 << 64) & !(0xc000_u128 << 48);
    let hex = format!("{:032x}", n | (0x4000_u128 << 64) | (0x8000_u128 << 48));
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}

fn read(row: &rusqlite::Row<'_>) -> DbResult<User> {
    Ok(User { id: row.get(0)?, uuid: row.get(1)?, created: row.get(2)?, modified: row.get(3)?, profile: row.get(4)? })
}

/// A user by exact id.
///
/// # Errors
/// The database's.
pub fn find(db: &Connection, id: &str) -> DbResult<Option<User>> {
    let mut query = db.prepare_cached("SELECT id, uuid, created, modified, profile FROM user WHERE id = ?1")?;
    query.query_row([id], read).optional()
}

/// Users after `after` by id, at most `count`.
///
/// # Errors
/// The database's.
pub fn list(db: &Connection, after: &str, count: i64) -> DbResult<Vec<User>> {
    let mut query =
        db.prepare_cached("SELECT id, uuid, created, modified, profile FROM user WHERE id > ?1 ORDER BY id LIMIT ?2")?;
    query.query_map((after, count), read)?.collect()
}

/// Registers a user; `false` when the id is taken.
///
/// # Errors
/// The database's.
pub fn register(db: &Connection, user: &User, password: &str) -> DbResult<bool> {
    let mut query = db.prepare_cached(
        "INSERT OR IGNORE INTO user (id, uuid, password, created, modified, profile) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    let digest = digest(&user.uuid, password);
    Ok(query.execute(params![user.id, user.uuid, digest, user.created, user.modified, user.profile])? == 1)
}

fn digest(uuid: &str, password: &str) -> Vec<u8> {
    Sha256::new().chain_update(uuid).chain_update(password).finalize().to_vec()
}

/// Whether the password is the user's; `None` for an unknown user.
///
/// # Errors
/// The database's.
pub fn check_password(db: &Connection, id: &str, password: &str) -> DbResult<Option<bool>> {
    let mut query = db.prepare_cached("SELECT uuid, password FROM user WHERE id = ?1")?;
    let row: Option<(String, Vec<u8>)> = query.query_row([id], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    Ok(row.map(|(uuid, kept)| digest(&uuid, password) == kept))
}

/// Contacts of `owner` after `after` by id, with remarks.
///
/// # Errors
/// The database's.
pub fn contacts(db: &Connection, owner: &str, after: &str, count: i64) -> DbResult<Vec<(String, String)>> {
    let mut query =
        db.prepare_cached("SELECT user, remark FROM contact WHERE owner = ?1 AND user > ?2 ORDER BY user LIMIT ?3")?;
    query.query_map((owner, after, count), |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}
