//! The search index: kept up behind what is stored, since indexing within a sync would hold it up.
//!
//! `unindexed` names runs of rows that are not in the index yet. A row is in the index or in exactly one run.

use rusqlite::{Connection, params};

use super::{Store, StoreResult, codec};
use crate::domain::{AppKey, Message};
use crate::text::search::{VERSION, index_text};

/// The index itself, as the migrations make it.
const TABLE: &str = "CREATE VIRTUAL TABLE search USING
    fts5(words, content = 'messages', content_rowid = 'key', tokenize = 'ascii', detail = 'full');
    INSERT INTO search (search, rank) VALUES ('secure-delete', 1), ('hashsize', 8388608);";

/// Notes rows of a peer that the index has to learn, `keys` ascending. Runs never overlap, and none reaches over a row
/// that is in the index already.
pub(super) fn note(db: &Connection, peer: i64, keys: &[i64]) -> StoreResult<()> {
    let (Some(first), Some(last)) = (keys.first(), keys.last()) else { return Ok(()) };
    let mut noted =
        db.prepare_cached("SELECT EXISTS (SELECT 1 FROM unindexed WHERE peer = ?1 AND first <= ?3 AND last >= ?2)")?;
    let mut is_noted = |first: i64, last: i64| noted.query_row([peer, first, last], |row| row.get::<_, bool>(0));
    let mut new = Vec::with_capacity(keys.len());
    if is_noted(*first, *last)? {
        for key in keys {
            if !is_noted(*key, *key)? {
                new.push(*key);
            }
        }
    } else {
        new.extend_from_slice(keys);
    }
    let (Some(first), Some(last)) = (new.first(), new.last()) else { return Ok(()) };
    let mut count = db.prepare_cached("SELECT count(*) FROM messages WHERE peer = ?1 AND key BETWEEN ?2 AND ?3")?;
    let between: i64 = count.query_row([peer, *first, *last], |row| row.get(0))?;
    let mut put = db.prepare_cached("INSERT INTO unindexed (first, last, peer) VALUES (?1, ?2, ?3)")?;
    if between == new.len() as i64 {
        // Runs within this one have no rows left.
        db.prepare_cached("DELETE FROM unindexed WHERE peer = ?1 AND first >= ?2 AND last <= ?3")?
            .execute([peer, *first, *last])?;
        put.execute([*first, *last, peer])?;
        return Ok(());
    }
    new.iter().try_for_each(|key| put.execute([*key, *key, peer]).map(drop))?;
    Ok(())
}

/// Takes a row out of the index, or out of what is to be indexed. The row must still be as it was.
pub(super) fn forget(db: &Connection, app: &AppKey, key: i64) -> StoreResult<()> {
    let mut ask = db.prepare_cached("SELECT peer, form, raw FROM messages WHERE key = ?1")?;
    let (peer, form, raw): (i64, i64, Vec<u8>) =
        ask.query_row([key], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let mut ask =
        db.prepare_cached("SELECT first, last FROM unindexed WHERE peer = ?1 AND first <= ?2 AND last >= ?2 LIMIT 1")?;
    let run: Option<(i64, i64)> =
        ask.query_map([peer, key], |row| Ok((row.get(0)?, row.get(1)?)))?.next().transpose()?;
    if let Some((first, last)) = run {
        // What comes at this place later is noted on its own.
        db.prepare_cached("DELETE FROM unindexed WHERE first = ?1 AND last = ?2 AND peer = ?3")?
            .execute([first, last, peer])?;
        let mut put = db.prepare_cached("INSERT INTO unindexed (first, last, peer) VALUES (?1, ?2, ?3)")?;
        for (first, last) in [(first, key - 1), (key + 1, last)] {
            if first <= last {
                put.execute([first, last, peer])?;
            }
        }
        return Ok(());
    }
    let words = index_text(&codec::decode(app, form, raw));
    db.prepare_cached("INSERT INTO search (search, rowid, words) VALUES ('delete', ?1, ?2)")?
        .execute(params![key, words])?;
    Ok(())
}

impl Store {
    /// Indexes up to `limit` messages and says how many are left.
    ///
    /// # Errors
    /// [`super::StoreError`]; then none of them was indexed.
    pub fn index(&self, limit: usize) -> StoreResult<u64> {
        let app = self.0.owner.app_key.clone();
        self.write(|db| {
            let mut done = 0;
            while done < limit {
                let Some(run) = next_run(db)? else { break };
                done += learn(db, &app, run, limit - done)?;
            }
            left(db)
        })
    }

    /// How many messages the index does not hold yet.
    ///
    /// # Errors
    /// [`super::StoreError`].
    pub fn unindexed(&self) -> StoreResult<u64> {
        Ok(self.reading(left)?.unwrap_or(0))
    }
}

/// Empties an index of other tokens than this program's, and notes that all has to be learned anew.
pub(super) fn check_version(db: &Connection) -> StoreResult<()> {
    let mut ask = db.prepare("SELECT value FROM facts WHERE key = 'words'")?;
    let found: Option<String> = ask.query_map([], |row| row.get(0))?.next().transpose()?;
    if found.is_some_and(|v| v == VERSION.to_string()) {
        return Ok(());
    }
    db.execute_batch(
        "INSERT INTO search (search) VALUES ('delete-all');
         DELETE FROM unindexed;
         INSERT INTO unindexed (first, last, peer) SELECT min(key), max(key), peer FROM messages GROUP BY peer;",
    )?;
    db.execute("INSERT OR REPLACE INTO facts (key, value) VALUES ('words', ?1)", [VERSION.to_string()])?;
    Ok(())
}

/// Makes the index of words anew: all has to be learned again.
pub(super) fn renew(db: &Connection) -> StoreResult<()> {
    if db.execute_batch("DROP TABLE search").is_err() {
        // Not even taken for an index any more: what it says of itself is made anew first.
        db.execute_batch(
            "DELETE FROM search_config; INSERT INTO search_config (k, v) VALUES ('version', 4); DROP TABLE search;",
        )?;
    }
    db.execute_batch(TABLE)?;
    db.execute("DELETE FROM facts WHERE key = 'words'", [])?;
    check_version(db)
}

type Run = (i64, i64, i64);

fn next_run(db: &Connection) -> StoreResult<Option<Run>> {
    let mut ask = db.prepare_cached("SELECT first, last, peer FROM unindexed ORDER BY first LIMIT 1")?;
    let run = ask.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?.next().transpose()?;
    Ok(run)
}

/// Indexes the oldest rows of a run; what is left of it stays noted.
fn learn(db: &Connection, app: &AppKey, (first, last, peer): Run, limit: usize) -> StoreResult<usize> {
    let mut ask = db.prepare_cached(
        "SELECT key, form, raw FROM messages WHERE peer = ?1 AND key BETWEEN ?2 AND ?3 ORDER BY key LIMIT ?4",
    )?;
    let mut put = db.prepare_cached("INSERT INTO search (rowid, words) VALUES (?1, ?2)")?;
    let mut rows = ask.query(params![peer, first, last, limit as i64])?;
    let (mut count, mut reached) = (0, last);
    while let Some(row) = rows.next()? {
        let message: Message = codec::decode(app, row.get(1)?, row.get(2)?);
        reached = row.get(0)?;
        put.execute(params![reached, index_text(&message)])?;
        count += 1;
    }
    let whole = count < limit;
    db.prepare_cached("DELETE FROM unindexed WHERE first = ?1 AND last = ?2 AND peer = ?3")?
        .execute([first, last, peer])?;
    if !whole && reached < last {
        db.prepare_cached("INSERT INTO unindexed (first, last, peer) VALUES (?1, ?2, ?3)")?.execute([
            reached + 1,
            last,
            peer,
        ])?;
    }
    Ok(count.max(1))
}

pub(super) fn left(db: &Connection) -> StoreResult<u64> {
    let sql = "SELECT coalesce(sum((SELECT count(*) FROM messages m
               WHERE m.peer = u.peer AND m.key BETWEEN u.first AND u.last)), 0) FROM unindexed u";
    let count: i64 = db.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
    Ok(count.unsigned_abs())
}
