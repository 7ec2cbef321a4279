//! What of a conversation is not known to be complete.

use super::{Store, StoreResult, coverage, key, peers};
use crate::domain::{Peer, ServerTime};

/// First and last millisecond, both inclusive; `None` where it is open.
pub type Hole = (Option<ServerTime>, Option<ServerTime>);

impl Store {
    /// The stretches between `start` (inclusive) and `end` (exclusive) that are not known to be complete, newest first.
    /// What was never asked for is one from end to end.
    ///
    /// # Errors
    /// [`super::StoreError`].
    pub fn holes(&self, peer: &Peer, start: Option<ServerTime>, end: Option<ServerTime>) -> StoreResult<Vec<Hole>> {
        let (from, to) = (start.map_or(0, |at| at.ms().max(0)), end.map_or(i64::MAX, |at| at.ms() - 1));
        let ranges = self.reading(|db| match peers::find(db, peer)? {
            Some(number) => coverage::all(db, number),
            None => Ok(Vec::new()),
        })?;
        let (mut holes, mut at) = (Vec::new(), from);
        for range in ranges.unwrap_or_default() {
            if range.first > at && at <= to {
                holes.push((at, to.min(range.first - 1)));
            }
            at = at.max(range.last.saturating_add(1));
        }
        if at <= to && at < key::ms_of(i64::MAX) {
            holes.push((at, to));
        }
        let open =
            |(first, last)| ((first > 0).then_some(ServerTime(first)), (last < i64::MAX).then_some(ServerTime(last)));
        Ok(holes.into_iter().rev().map(open).collect())
    }

    /// Whether a message of this sender was ever here.
    ///
    /// # Errors
    /// [`super::StoreError`].
    pub fn knows_sender(&self, id: &str) -> StoreResult<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM senders WHERE id = ?1)";
        Ok(self.reading(|db| Ok(db.query_row(sql, [id], |row| row.get(0))?))?.unwrap_or_default())
    }
}
