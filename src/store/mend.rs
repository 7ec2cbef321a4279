//! Making sound what can be made anew: indexes, and what is said to be complete. Nothing here touches a message.

use rusqlite::{Connection, TransactionBehavior};

use super::{StoreError, StoreResult, coverage, index, open};

/// Complaints of one check that are kept; a torn file has thousands.
const COMPLAINTS: usize = 20;

/// What is wrong with the file.
pub(super) fn complaints(db: &Connection) -> StoreResult<Vec<String>> {
    let mut check = db.prepare(&format!("PRAGMA integrity_check({COMPLAINTS})"))?;
    let said = check.query_map([], |row| row.get(0))?.collect::<Result<Vec<String>, _>>()?;
    Ok(said.into_iter().filter(|said| said != "ok").collect())
}

/// Makes anew what can be; `false` where more than that is damaged.
pub(super) fn mend(db: &mut Connection) -> StoreResult<bool> {
    if !(has_sound_tables(db)? && open::made(db)? == open::made_anew()? && has_right_types(db)?) {
        return Ok(false);
    }
    let change = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for peer in unsound(&change)? {
        // To ask the server again is all that it costs.
        change.execute("DELETE FROM coverage WHERE peer = ?1", [peer])?;
    }
    index::renew(&change)?;
    change.commit()?;
    tracing::warn!("the archive was damaged; its indexes are made anew");
    Ok(true)
}

fn has_sound_tables(db: &Connection) -> StoreResult<bool> {
    let is_of_table = |said: &String| !said.contains("fts5") && !said.contains("FTS5");
    if !complaints(db)?.iter().any(is_of_table) {
        return Ok(true);
    }
    // Two rows of one id are no sound table either.
    match db.execute_batch("REINDEX").map_err(StoreError::from) {
        Err(StoreError::Sql(_) | StoreError::Damaged) => return Ok(false),
        reindexed => reindexed?,
    }
    Ok(!complaints(db)?.iter().any(is_of_table))
}

/// Whether each column holds what it is declared to hold. SQLite keeps anything anywhere, so that no check of its own
/// says this.
fn has_right_types(db: &Connection) -> StoreResult<bool> {
    let mut ask = db.prepare(
        "SELECT t.name, c.name, lower(c.type), c.\"notnull\" FROM sqlite_schema t JOIN pragma_table_info(t.name) c
         WHERE t.type = 'table' AND t.name NOT LIKE 'search%' AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
    )?;
    let columns = ask.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
    for column in columns {
        let (table, name, kind, is_always): (String, String, String, bool) = column?;
        let or_null = if is_always { "" } else { ", 'null'" };
        let sql = format!("SELECT EXISTS (SELECT 1 FROM {table} WHERE typeof({name}) NOT IN ('{kind}'{or_null}))");
        if db.query_row(&sql, [], |row| row.get(0))? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Conversations of which it is wrongly said what is complete: ranges of one follow one another with something between
/// them.
pub(super) fn unsound(db: &Connection) -> StoreResult<Vec<i64>> {
    let mut ask = db.prepare("SELECT DISTINCT peer FROM coverage")?;
    let mut out = Vec::new();
    for peer in ask.query_map([], |row| row.get(0))?.collect::<Result<Vec<i64>, _>>()? {
        let all = coverage::all(db, peer)?;
        let is_known: bool =
            db.query_row("SELECT EXISTS (SELECT 1 FROM peers WHERE peer = ?1)", [peer], |row| row.get(0))?;
        // A page of one millisecond claims none of it: its last lies two before its first.
        let are_right = all.iter().all(|range| range.first >= 0 && range.last >= range.first - 2);
        let claims: Vec<_> = all.iter().filter(|range| range.last >= range.first).collect();
        let are_apart = claims.windows(2).all(|pair| matches!(pair, [a, b] if a.last + 1 < b.first));
        if !(is_known && are_apart && are_right) {
            out.push(peer);
        }
    }
    Ok(out)
}
