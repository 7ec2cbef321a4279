//! Rows of earlier formats kept as this one keeps them, little by little, behind what is read and stored.

use std::borrow::Cow;

use rusqlite::{Connection, OptionalExtension, params};

use super::{Store, StoreResult, codec, open};
use crate::domain::AppKey;

impl Store {
    /// Looks at up to `limit` rows that are not packed as they are now; `false` when there are no more.
    ///
    /// # Errors
    /// [`super::StoreError`]; then none of them changed.
    pub fn repack(&self, limit: usize) -> StoreResult<bool> {
        // Nothing is written where nothing is left. What is not brought up to date yet is by the first change.
        let left = self.reading(|db| Ok(open::format(db)? < open::FORMAT || reached(db)?.is_some()))?;
        if left != Some(true) {
            return Ok(false);
        }
        self.write(|db| repack(db, &self.0.owner.app_key, limit))
    }
}

/// The key of the last row that was looked at; `None` when all were.
fn reached(db: &Connection) -> StoreResult<Option<i64>> {
    let mut ask = db.prepare_cached("SELECT value FROM facts WHERE key = 'repack'")?;
    let key: Option<String> = ask.query_row([], |row| row.get(0)).optional()?;
    Ok(key.and_then(|key| key.parse().ok()))
}

fn repack(db: &Connection, app: &AppKey, limit: usize) -> StoreResult<bool> {
    let Some(after) = reached(db)? else { return Ok(false) };
    let mut ask =
        db.prepare_cached("SELECT key, id, form, raw FROM messages WHERE key > ?1 AND form < 8 ORDER BY key LIMIT ?2")?;
    let rows = ask.query_map([after, limit as i64], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
    let rows = rows.collect::<Result<Vec<(i64, i64, i64, Vec<u8>)>, _>>()?;
    let mut change = db.prepare_cached("UPDATE messages SET form = ?2, raw = ?3 WHERE key = ?1")?;
    let (count, mut last) = (rows.len(), after);
    for (key, id, form, kept) in rows {
        last = key;
        // What cannot be unpacked stays as it is.
        let Some(raw) = codec::raw(app, form, kept) else { continue };
        let (now, raw) = codec::packed(app, id, codec::plain(form), Cow::Owned(raw));
        if now != form {
            change.execute(params![key, now, &raw[..]])?;
        }
    }
    if count < limit {
        db.execute("DELETE FROM facts WHERE key = 'repack'", [])?;
        return Ok(false);
    }
    db.execute("UPDATE facts SET value = ?1 WHERE key = 'repack'", [last.to_string()])?;
    Ok(true)
}
