//! Going to a place in what is here: the page before it and the page from it on, and the next stretch beyond a hole.

use rusqlite::{Connection, OptionalExtension, params};

use super::coverage::{self, Held};
use super::read::{self, Local, LocalEnd};
use super::{Store, StoreResult, key, peers};
use crate::domain::{AppKey, Direction, MessageId, PageSize, Peer, Spot};

/// What is here around a place.
#[derive(Clone, Debug, PartialEq)]
pub struct LocalAround {
    /// Before the place, newest first.
    pub older: Local,
    /// From the place on, oldest first.
    pub newer: Local,
    /// The place lies in a stretch that is complete: nobody has to be asked. Else this is the nearest that is here.
    pub is_covered: bool,
    /// No stretch holds these messages: between any two of them something may be missing.
    pub is_loose: bool,
}

impl Store {
    /// The messages around a place, up to `size` on either side, without passing over a hole. `None` when nothing of the
    /// conversation is here.
    ///
    /// # Errors
    /// [`super::StoreError`].
    pub fn around(&self, peer: &Peer, spot: Spot, size: PageSize) -> StoreResult<Option<LocalAround>> {
        let app = &self.0.owner.app_key;
        Ok(self.reading(|db| around(db, app, peer, spot, size))?.flatten())
    }

    /// At most `limit` messages that stand next to `id` one way, without passing over a hole, whether a server brought them or a file.
    /// `None` when nothing of the conversation is here.
    ///
    /// # Errors
    /// [`super::StoreError`].
    pub fn next_to(
        &self,
        peer: &Peer,
        id: MessageId,
        direction: Direction,
        limit: usize,
    ) -> StoreResult<Option<Local>> {
        let app = &self.0.owner.app_key;
        let found = self.reading(|db| {
            let Some(number) = peers::find(db, peer)? else { return Ok(None) };
            let Some(place) = Place::of(db, number, Spot::Message(id))? else { return Ok(None) };
            // From a place on it stands there itself.
            let limit = if direction == Direction::Down { limit + 1 } else { limit };
            place.run.page(db, app, number, place.at, direction, limit).map(Some)
        })?;
        let without = |mut local: Local| {
            local.messages.retain(|message| message.id != id);
            local
        };
        Ok(found.flatten().map(without))
    }

    /// The next messages that are here beyond the stretch of `id`, whatever is missing between. `None` when there are
    /// none.
    ///
    /// # Errors
    /// [`super::StoreError`].
    pub fn beyond(
        &self,
        peer: &Peer,
        id: MessageId,
        direction: Direction,
        size: PageSize,
    ) -> StoreResult<Option<Local>> {
        let app = &self.0.owner.app_key;
        Ok(self.reading(|db| beyond(db, app, peer, id, direction, size))?.flatten())
    }
}

/// Messages without a hole between them: lowest and highest key, and what goes on from there.
struct Run {
    low: i64,
    high: i64,
    older: Option<String>,
    newer: Option<String>,
    is_loose: bool,
}

impl Run {
    fn of(held: Held) -> Self {
        Self { low: held.low, high: held.high, older: held.range.older, newer: held.range.newer, is_loose: false }
    }

    /// The run a message stands in. One that no stretch holds stands among others like it, up to the next stretch: of
    /// what may be missing between them nothing is known, and both ends are open.
    fn around(db: &Connection, peer: i64, at: i64) -> StoreResult<Self> {
        let (mut low, mut high) = (0, i64::MAX);
        for range in coverage::all(db, peer)? {
            let held = Held::of(db, peer, range)?;
            if held.holds(at) {
                return Ok(Self::of(held));
            }
            if held.high < at {
                low = low.max(held.high + 1);
            } else {
                high = high.min(held.low - 1);
            }
        }
        let id_at = |direction| nearest(db, peer, if direction == Direction::Down { low } else { high }, direction);
        let id = |found: Option<(i64, i64)>| found.map(|(_, id)| (id as u64).to_string());
        Ok(Self { older: id(id_at(Direction::Down)?), newer: id(id_at(Direction::Up)?), low, high, is_loose: true })
    }

    /// Before `at`, itself not included; or from `at` on.
    fn page(
        &self,
        db: &Connection,
        app: &AppKey,
        peer: i64,
        at: i64,
        direction: Direction,
        limit: usize,
    ) -> StoreResult<Local> {
        let (between, beyond) = match direction {
            Direction::Up => ((self.low, at.min(self.high.saturating_add(1))), &self.older),
            Direction::Down => ((at.max(self.low) - 1, self.high), &self.newer),
        };
        let (messages, end) = read::page(db, app, peer, between, direction, limit, beyond.clone())?;
        Ok(Local { messages, end, served_from: read::served_from(db, peer)? })
    }
}

/// The message with an id nearest to `at` in a direction, `at` included: its key and id.
fn nearest(db: &Connection, peer: i64, at: i64, direction: Direction) -> StoreResult<Option<(i64, i64)>> {
    let sql = match direction {
        Direction::Up => {
            "SELECT key, id FROM messages WHERE peer = ?1 AND key <= ?2 AND id <> 0 ORDER BY key DESC LIMIT 1"
        }
        Direction::Down => {
            "SELECT key, id FROM messages WHERE peer = ?1 AND key >= ?2 AND id <> 0 ORDER BY key LIMIT 1"
        }
    };
    let mut ask = db.prepare_cached(sql)?;
    Ok(ask.query_row(params![peer, at], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
}

/// Where a spot is among what is here.
struct Place {
    at: i64,
    run: Run,
    is_covered: bool,
}

impl Place {
    fn of(db: &Connection, peer: i64, spot: Spot) -> StoreResult<Option<Self>> {
        let known = match spot {
            Spot::Message(id) => coverage::place(db, peer, id)?,
            Spot::Time(_) => None,
        };
        let at = known.unwrap_or_else(|| key::first_of(spot.time().ms()));
        if let Some(held) = holder(db, peer, spot, known)? {
            return Ok(Some(Self { at, run: Run::of(held), is_covered: true }));
        }
        let next = nearest(db, peer, at, Direction::Down)?;
        let Some((found, _)) = next.map_or_else(|| nearest(db, peer, at, Direction::Up), |next| Ok(Some(next)))? else {
            return Ok(None);
        };
        Ok(Some(Self { at, run: Run::around(db, peer, found)?, is_covered: false }))
    }
}

fn around(db: &Connection, app: &AppKey, peer: &Peer, spot: Spot, size: PageSize) -> StoreResult<Option<LocalAround>> {
    let Some(number) = peers::find(db, peer)? else { return Ok(None) };
    let Some(Place { at, run, is_covered }) = Place::of(db, number, spot)? else { return Ok(None) };
    let older = run.page(db, app, number, at, Direction::Up, size.get())?;
    let newer = run.page(db, app, number, at, Direction::Down, size.get())?;
    Ok(Some(LocalAround { older, newer, is_covered, is_loose: run.is_loose }))
}

/// The complete stretch a place lies in. A message that is not here lies in none, whatever its id says: only the server
/// knows where it stands, or that it does not exist.
fn holder(db: &Connection, peer: i64, spot: Spot, known: Option<i64>) -> StoreResult<Option<Held>> {
    let at = match (known, spot) {
        (Some(key), _) => return coverage::holder(db, peer, key),
        (None, Spot::Message(_)) => return Ok(None),
        (None, Spot::Time(at)) => at.ms(),
    };
    match coverage::all(db, peer)?.into_iter().find(|range| (range.first..=range.last).contains(&at)) {
        Some(range) => Held::of(db, peer, range).map(Some),
        None => Ok(None),
    }
}

fn beyond(
    db: &Connection,
    app: &AppKey,
    peer: &Peer,
    id: MessageId,
    direction: Direction,
    size: PageSize,
) -> StoreResult<Option<Local>> {
    let Some(number) = peers::find(db, peer)? else { return Ok(None) };
    let Some(at) = coverage::place(db, number, id)? else { return Ok(None) };
    let here = Run::around(db, number, at)?;
    let edge = if direction == Direction::Up { here.low.checked_sub(1) } else { here.high.checked_add(1) };
    let Some(edge) = edge else { return Ok(None) };
    let Some((next, _)) = nearest(db, number, edge, direction)? else { return Ok(None) };
    let run = Run::around(db, number, next)?;
    let from = if direction == Direction::Up { next + 1 } else { next };
    let local = run.page(db, app, number, from, direction, size.get())?;
    Ok(Some(local).filter(|local| !local.messages.is_empty() || local.end != LocalEnd::End))
}
