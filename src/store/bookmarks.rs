//! Bookmarks: kept until the server deletes their messages, or their conversation leaves the archive.

use rusqlite::{Connection, params};

use super::{Store, StoreResult, open, peers};
use crate::domain::{Bookmark, Letter, MessageId, ServerTime};

/// The format that brought them.
const SINCE: i64 = 3;

impl Store {
    /// All bookmarks, by letter.
    ///
    /// # Errors
    /// [`super::StoreError`].
    pub fn bookmarks(&self) -> StoreResult<Vec<Bookmark>> {
        let found = self.reading(|db| {
            if open::format(db)? < SINCE {
                return Ok(Vec::new());
            }
            let mut ask = db.prepare_cached(
                "SELECT b.letter, p.kind, p.id, b.id, b.time FROM bookmarks b JOIN peers p ON p.peer = b.peer
                 ORDER BY b.letter",
            )?;
            let rows = ask.query_map([], |row| {
                Ok((row.get::<_, String>(0)?, row.get(1)?, row.get::<_, String>(2)?, row.get(3)?, row.get(4)?))
            })?;
            let read = rows.collect::<Result<Vec<(String, i64, String, i64, i64)>, _>>()?;
            Ok(read
                .into_iter()
                .filter_map(|(letter, kind, peer, id, time)| {
                    let letter = letter.chars().next().and_then(Letter::new)?;
                    let peer = peers::from_columns(kind, &peer)?;
                    Some(Bookmark { letter, peer, id: MessageId(id as u64), time: ServerTime(time) })
                })
                .collect())
        })?;
        Ok(found.unwrap_or_default())
    }

    /// Keeps a bookmark in the place of the one of its letter. On a message that is known as deleted none is kept.
    ///
    /// # Errors
    /// [`super::StoreError`].
    pub fn keep_bookmark(&self, bookmark: &Bookmark) -> StoreResult<()> {
        let letter = bookmark.letter.to_string();
        self.write(|db| {
            let peer = peers::number(db, &bookmark.peer)?;
            let (id, ms) = (bookmark.id.0 as i64, bookmark.time.ms());
            db.execute("DELETE FROM bookmarks WHERE letter = ?1", [&letter])?;
            db.execute(
                "INSERT INTO bookmarks (letter, peer, id, time) SELECT ?1, ?2, ?3, ?4
                 WHERE NOT EXISTS (SELECT 1 FROM tombstones WHERE peer = ?2 AND id = ?3)
                     AND NOT EXISTS (SELECT 1 FROM peers WHERE peer = ?2 AND deleted_through >= ?4)",
                params![letter, peer, id, ms],
            )?;
            Ok(())
        })
    }

    /// Takes the bookmark of a letter out.
    ///
    /// # Errors
    /// [`super::StoreError`].
    pub fn drop_bookmark(&self, letter: Letter) -> StoreResult<()> {
        self.write(|db| {
            db.execute("DELETE FROM bookmarks WHERE letter = ?1", [letter.to_string()])?;
            Ok(())
        })
    }
}

/// The message is gone for good.
pub(super) fn forget(db: &Connection, peer: i64, id: i64) -> StoreResult<()> {
    db.prepare_cached("DELETE FROM bookmarks WHERE peer = ?1 AND id = ?2")?.execute([peer, id])?;
    Ok(())
}

/// All messages up to this millisecond are gone for good.
pub(super) fn forget_through(db: &Connection, peer: i64, ms: i64) -> StoreResult<()> {
    db.prepare_cached("DELETE FROM bookmarks WHERE peer = ?1 AND time <= ?2")?.execute([peer, ms])?;
    Ok(())
}
