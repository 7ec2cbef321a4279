//! Giving back the room of what is no longer here.

use rusqlite::Connection;

use super::{Store, StoreError, StoreResult, locked, open, place, scrub};

/// Rows of the first format that are packed at once.
const REPACKED: usize = 2_000;

/// What compacting came to, in bytes of the file and its log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Compacted {
    /// Before.
    pub before: u64,
    /// After.
    pub after: u64,
}

impl Store {
    /// Packs what is not packed yet, joins the pieces of the index, writes the file anew without holes and empties its log. Other programs may have
    /// it open: they read on, and their changes wait. Needs as much room again while it runs. Nothing is made where
    /// there is no archive.
    ///
    /// # Errors
    /// [`StoreError`]; then all is as it was.
    pub fn compact(&self) -> StoreResult<Compacted> {
        let size = || {
            let (file, log) = place::sizes(self.path());
            file + log
        };
        if place::look(self.path())?.is_none() {
            return Ok(Compacted::default());
        }
        let before = size();
        while self.repack(REPACKED)? {}
        let mut writer = self.writer();
        self.ready(&mut writer)?;
        // A reader that rests would keep the log.
        locked(&self.0.readers).clear();
        let db = &writer.as_ref().ok_or(StoreError::ReadOnly)?.db;
        db.execute("INSERT INTO search (search) VALUES ('optimize')", [])?;
        rewrite(db)?;
        scrub::empty_log(db, open::BUSY)?;
        Ok(Compacted { before, after: size() })
    }
}

/// The copy that is written first may be larger than memory: it goes to a file.
fn rewrite(db: &Connection) -> StoreResult<()> {
    db.pragma_update(None, "temp_store", "FILE")?;
    let written = db.execute_batch("VACUUM");
    db.pragma_update(None, "temp_store", "MEMORY")?;
    Ok(written?)
}
