//! Small facts about the app itself.

use rusqlite::{Connection, OptionalExtension as _};

use super::DbResult;

/// The fact as stored; the first call stores `first`.
///
/// # Errors
/// The database's.
pub fn get_or_set(db: &Connection, name: &str, first: &str) -> DbResult<String> {
    db.execute("INSERT INTO fact (name, value) VALUES (?1, ?2) ON CONFLICT DO NOTHING", [name, first])?;
    db.query_row("SELECT value FROM fact WHERE name = ?1", [name], |row| row.get(0))
}

/// A fact, where it was ever stored.
///
/// # Errors
/// The database's.
pub fn get(db: &Connection, name: &str) -> DbResult<Option<String>> {
    db.query_row("SELECT value FROM fact WHERE name = ?1", [name], |row| row.get(0)).optional()
}
