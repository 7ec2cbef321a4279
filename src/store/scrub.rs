//! The log of changes: what was deleted must not stay in it.

use std::sync::atomic::Ordering;
use std::time::Duration;

use rusqlite::Connection;

use super::{Inner, Opened, Store, StoreResult, locked, open};

/// How long a deletion waits for readers before it leaves the rest to the next change.
const PATIENCE: Duration = Duration::from_millis(250);

/// Writes the log back and empties it; `false` where somebody still reads from it.
pub(super) fn empty_log(db: &Connection, patience: Duration) -> StoreResult<bool> {
    db.busy_timeout(patience)?;
    let is_busy = db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, bool>(0));
    db.busy_timeout(open::BUSY)?;
    Ok(!is_busy?)
}

impl Store {
    /// Empties the log after something was deleted.
    pub(super) fn scrub(&self) {
        self.0.scrub(self.writer().as_ref(), PATIENCE);
    }
}

impl Inner {
    /// Where this fails, or somebody reads, every change that follows and the end of the program try again.
    pub(super) fn scrub(&self, writer: Option<&Opened>, patience: Duration) {
        let is_empty = writer.map(|writer| empty_log(&writer.db, patience));
        self.is_stained.store(!matches!(is_empty, Some(Ok(true))), Ordering::Release);
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        if self.is_stained.load(Ordering::Acquire) {
            locked(&self.readers).clear();
            self.scrub(locked(&self.writer).as_ref(), PATIENCE);
        }
    }
}
