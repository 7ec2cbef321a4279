//! Whether the file is sound, and making it so where only what can be made anew is damaged.

use rusqlite::{Connection, TransactionBehavior};

use super::{Store, StoreError, StoreResult, index};

/// Complaints of one check that are kept; a torn file has thousands.
const COMPLAINTS: usize = 20;

impl Store {
    /// What SQLite and the index complain of; nothing where all is sound. The next change mends what can be mended.
    /// Reads the whole file.
    ///
    /// # Errors
    /// [`StoreError`]; a file that is no database is damaged.
    pub fn check(&self) -> StoreResult<Vec<String>> {
        let found = self.reading(complaints);
        if found.as_ref().is_ok_and(|found| found.as_ref().is_some_and(|found| !found.is_empty())) {
            self.suspect();
        }
        Ok(found?.unwrap_or_default())
    }
}

/// What is wrong with the file. Comparing the words of the index with the messages needs a connection that may write.
fn complaints(db: &Connection) -> StoreResult<Vec<String>> {
    let mut check = db.prepare(&format!("PRAGMA integrity_check({COMPLAINTS})"))?;
    let said = check.query_map([], |row| row.get(0))?.collect::<Result<Vec<String>, _>>()?;
    Ok(said.into_iter().filter(|said| said != "ok").collect())
}

/// Makes indexes anew; `false` where more than they is damaged.
pub(super) fn mend(db: &mut Connection) -> StoreResult<bool> {
    let is_of_table = |said: &String| !said.contains("fts5") && !said.contains("FTS5");
    if complaints(db)?.iter().any(is_of_table) {
        // Two rows of one id are no sound table either.
        match db.execute_batch("REINDEX").map_err(StoreError::from) {
            Err(StoreError::Sql(_) | StoreError::Damaged) => return Ok(false),
            reindexed => reindexed?,
        }
        if complaints(db)?.iter().any(is_of_table) {
            return Ok(false);
        }
    }
    let change = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    index::renew(&change)?;
    change.commit()?;
    tracing::warn!("indexes of the archive were damaged and are made anew");
    Ok(true)
}
