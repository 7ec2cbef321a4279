//! How much is here, and all of it in order: for whoever must say how far a search looked, or writes everything out.

use rusqlite::params;

use super::key::{first_of, ms_of};
use super::{Store, StoreResult, codec, coverage, peers};
use crate::domain::{Horizon, Message, MessageId, Peer, ServerTime};

impl Store {
    /// How much is here, of one conversation or of all that are here or in the list.
    ///
    /// # Errors
    /// [`super::StoreError`].
    pub fn horizon(&self, peer: Option<&Peer>) -> StoreResult<Horizon> {
        let found = self.reading(|db| {
            let numbers: Vec<i64> = if let Some(peer) = peer {
                peers::find(db, peer)?.into_iter().collect()
            } else {
                let mut ask = db.prepare_cached("SELECT peer FROM messages UNION SELECT peer FROM conversations")?;
                ask.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?
            };
            let mut out = Horizon { whole: !numbers.is_empty(), ..Horizon::default() };
            for number in numbers {
                let mut ask = db.prepare_cached("SELECT count(*), min(key), max(key) FROM messages WHERE peer = ?1")?;
                let (count, first, last): (i64, Option<i64>, Option<i64>) =
                    ask.query_row([number], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
                out.messages += count.unsigned_abs();
                let times = [first, last].map(|key| key.map(|key| ServerTime(ms_of(key))));
                out.oldest = out.oldest.into_iter().chain(times[0]).min();
                out.newest = out.newest.into_iter().chain(times[1]).max();
                let ranges = coverage::all(db, number)?;
                out.whole &= matches!(ranges.as_slice(), [range] if range.older.is_none());
            }
            Ok(out)
        })?;
        Ok(found.unwrap_or_default())
    }

    /// Messages of a conversation whose place is above `after`, oldest first, holes or not.
    ///
    /// # Errors
    /// [`super::StoreError`].
    pub fn after(&self, peer: &Peer, after: i64, limit: usize) -> StoreResult<Vec<(i64, Message)>> {
        let app = &self.0.owner.app_key;
        let found = self.reading(|db| {
            let Some(number) = peers::find(db, peer)? else { return Ok(Vec::new()) };
            let sql = "SELECT key, id, form, raw FROM messages WHERE peer = ?1 AND key > ?2 ORDER BY key LIMIT ?3";
            let mut ask = db.prepare_cached(sql)?;
            let mut rows = ask.query(params![number, after, limit as i64])?;
            let mut out = Vec::new();
            while let Some(row) = rows.next()? {
                out.push((row.get(0)?, codec::decode_as(app, row.get(1)?, row.get(2)?, row.get(3)?)));
            }
            Ok(out)
        })?;
        Ok(found.unwrap_or_default())
    }

    /// Notes of these conversations that what is here is all there is.
    ///
    /// # Errors
    /// [`super::StoreError`].
    pub fn seal(&self, peers: &[Peer]) -> StoreResult<()> {
        self.write(|db| {
            let find = |peer| peers::find(db, peer).transpose();
            peers.iter().filter_map(find).try_for_each(|number| coverage::whole(db, number?))
        })
    }

    /// Where a message stands, as [`Store::after`] counts places.
    ///
    /// # Errors
    /// [`super::StoreError`].
    pub fn place(&self, peer: &Peer, id: MessageId) -> StoreResult<Option<i64>> {
        let found = self.reading(|db| match peers::find(db, peer)? {
            Some(number) => coverage::place(db, number, id),
            None => Ok(None),
        })?;
        Ok(found.flatten())
    }

    /// Where the messages of a conversation stand from `from` on and before `until`, oldest first; and whether nothing
    /// the server had then is missing among them.
    ///
    /// # Errors
    /// [`super::StoreError`].
    pub fn between(&self, peer: &Peer, from: ServerTime, until: ServerTime) -> StoreResult<(Vec<i64>, bool)> {
        let found = self.reading(|db| {
            let Some(number) = peers::find(db, peer)? else { return Ok((Vec::new(), false)) };
            let mut ask = db.prepare_cached("SELECT key FROM messages WHERE peer = ?1 AND key >= ?2 AND key < ?3")?;
            let rows = ask.query_map(params![number, first_of(from.ms()), first_of(until.ms())], |row| row.get(0))?;
            let mut keys = rows.collect::<Result<Vec<i64>, _>>()?;
            keys.sort_unstable();
            let mut ask = db.prepare_cached("SELECT max(key) FROM messages WHERE peer = ?1")?;
            let newest: Option<i64> = ask.query_row([number], |row| row.get(0))?;
            // Of what came after the newest message nobody knows.
            let (first, last) = (first_of(from.ms()), newest.unwrap_or(0).min(first_of(until.ms()) - 1));
            for range in coverage::all(db, number)? {
                let held = coverage::Held::of(db, number, range)?;
                if held.low <= first && last <= held.high {
                    return Ok((keys, true));
                }
            }
            Ok((keys, false))
        })?;
        Ok(found.unwrap_or_default())
    }

    /// Conversations of which messages are here.
    ///
    /// # Errors
    /// [`super::StoreError`].
    pub fn peers(&self) -> StoreResult<Vec<Peer>> {
        let found = self.reading(|db| {
            let sql = "SELECT kind, id FROM peers p WHERE EXISTS (SELECT 1 FROM messages m WHERE m.peer = p.peer)";
            let mut ask = db.prepare_cached(sql)?;
            let rows = ask.query_map([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)))?;
            let rows = rows.collect::<Result<Vec<_>, _>>()?;
            Ok(rows.iter().filter_map(|(kind, id)| peers::from_columns(*kind, id)).collect())
        })?;
        Ok(found.unwrap_or_default())
    }
}
