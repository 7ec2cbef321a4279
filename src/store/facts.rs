//! Small things noted of a conversation, each a moment in ms.

use rusqlite::{Connection, OptionalExtension};

use super::StoreResult;

/// What was noted under `name` of a conversation.
pub(super) fn get(db: &Connection, name: &str, peer: i64) -> StoreResult<Option<i64>> {
    let mut ask = db.prepare_cached("SELECT value FROM facts WHERE key = ?1")?;
    let value: Option<String> = ask.query_row([key(name, peer)], |row| row.get(0)).optional()?;
    Ok(value.and_then(|ms| ms.parse().ok()))
}

/// Notes a moment.
pub(super) fn put(db: &Connection, name: &str, peer: i64, ms: i64) -> StoreResult<()> {
    let mut note = db.prepare_cached("INSERT OR REPLACE INTO facts (key, value) VALUES (?1, ?2)")?;
    note.execute([key(name, peer), ms.to_string()])?;
    Ok(())
}

/// Forgets it.
pub(super) fn clear(db: &Connection, name: &str, peer: i64) -> StoreResult<()> {
    db.prepare_cached("DELETE FROM facts WHERE key = ?1")?.execute([key(name, peer)])?;
    Ok(())
}

fn key(name: &str, peer: i64) -> String {
    format!("{name} {peer}")
}
