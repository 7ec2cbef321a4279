//! For mirroring: where a conversation goes on, and many pages at once.

use std::sync::atomic::Ordering;

use super::codec::Packed;
use super::{Fetched, Store, StoreResult, Taken, coverage, peers, take};
use crate::domain::{Cursor, Message, Peer, ServerTime};

/// The newest complete stretch of a conversation, and what lies below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Front {
    /// Its first millisecond; 0 where the server's end was reached.
    pub first: ServerTime,
    /// The server goes on from here towards the past; `None` at its end.
    pub older: Option<Cursor>,
    /// The last millisecond of the next stretch below.
    pub below: Option<ServerTime>,
    /// The first millisecond of the lowest stretch.
    pub lowest: ServerTime,
}

impl Store {
    /// Where mirroring a conversation goes on; `None` when nothing of it is here.
    ///
    /// # Errors
    /// [`super::StoreError`].
    pub fn front(&self, peer: &Peer) -> StoreResult<Option<Front>> {
        let found = self.reading(|db| {
            let Some(number) = peers::find(db, peer)? else { return Ok(None) };
            let mut ranges = coverage::all(db, number)?;
            let Some(newest) = ranges.pop() else { return Ok(None) };
            let below = ranges.last().map(|range| ServerTime(range.last));
            let lowest = ServerTime(ranges.first().map_or(newest.first, |range| range.first));
            // A cursor that cannot be used any more is as good as none came: asking anew from the newest repairs it.
            let older = newest.older.and_then(|cursor| Cursor::new(&cursor).ok());
            Ok(Some(Front { first: ServerTime(newest.first), older, below, lowest }))
        })?;
        Ok(found.flatten())
    }

    /// Makes the messages of a page ready, so that keeping it takes less time while others wait.
    #[must_use]
    pub fn pack(&self, messages: &[Message]) -> Packed {
        Packed::of(&self.0.owner.app_key, messages)
    }

    /// Keeps pages in their order, all in one transaction. `packed` is what [`Store::pack`] made of each, or nothing.
    ///
    /// # Errors
    /// [`super::StoreError`]; then nothing of any of them was kept.
    pub fn take_all(&self, pages: &[Fetched<'_>], packed: &[Packed]) -> StoreResult<Vec<Taken>> {
        let (app, since) = (&self.0.owner.app_key, self.0.since.load(Ordering::Acquire));
        let taken = self.write(|db| take::take_all(db, app, since, pages, packed))?;
        if taken.iter().any(|taken| !taken.gone.is_empty()) {
            self.scrub();
        }
        Ok(taken)
    }
}
