//! How the archive stands: its size, what is here of each conversation, and where something is missing.

use rusqlite::Connection;

use super::{Store, StoreResult, coverage, index, key, peers, place};
use crate::domain::{Peer, ServerTime};

/// How the archive stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// The format of the file; 0 where there is none.
    pub format: i64,
    /// Bytes of the file.
    pub file: u64,
    /// Bytes of the log of changes beside it.
    pub log: u64,
    /// Bytes within the file that hold nothing.
    pub free: u64,
    /// Messages the index does not hold yet.
    pub behind: u64,
    /// The oldest message the server was seen to serve within a day, and when that was.
    pub served: Option<(ServerTime, ServerTime)>,
    /// Conversations of which messages are here, the most messages first.
    pub conversations: Vec<Kept>,
    /// Conversations of the list of which nothing was fetched yet.
    pub unfetched: Vec<Peer>,
}

/// What is here of a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Which one.
    pub peer: Peer,
    /// Its name as it came last; empty where none did.
    pub name: String,
    /// Messages.
    pub messages: u64,
    /// When the oldest was sent.
    pub oldest: ServerTime,
    /// When the newest was sent.
    pub newest: ServerTime,
    /// Stretches of which it is not known whether something is missing, the one towards the past included.
    pub holes: u64,
    /// When the server was asked last.
    pub verified: Option<ServerTime>,
    /// Messages older than all the server had when its end was looked at last.
    pub only_here: u64,
}

impl Store {
    /// How the archive stands; all of it zero where there is none.
    ///
    /// # Errors
    /// [`super::StoreError`].
    pub fn status(&self) -> StoreResult<Status> {
        let found = self.reading(|db| {
            let number = |name: &str| db.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
            let free = number("freelist_count")?.saturating_mul(number("page_size")?);
            Ok(Status {
                format: number("user_version")?,
                free: free.unsigned_abs(),
                behind: index::left(db)?,
                served: served(db)?,
                conversations: conversations(db)?,
                unfetched: unfetched(db)?,
                ..Status::default()
            })
        })?;
        let (file, log) = place::sizes(self.path());
        Ok(Status { file, log, ..found.unwrap_or_default() })
    }

    /// Conversations of the list of which nothing was fetched yet.
    ///
    /// # Errors
    /// [`super::StoreError`].
    pub fn unfetched(&self) -> StoreResult<Vec<Peer>> {
        Ok(self.reading(unfetched)?.unwrap_or_default())
    }
}

/// What `serve` noted last.
fn served(db: &Connection) -> StoreResult<Option<(ServerTime, ServerTime)>> {
    let mut ask = db.prepare_cached("SELECT value FROM facts WHERE key = 'served_since'")?;
    let noted = ask.query_map([], |row| row.get::<_, String>(0))?.next().transpose()?;
    let times = noted.as_deref().and_then(|noted| noted.split_once(' '));
    Ok(times.and_then(|(oldest, at)| Some((ServerTime(oldest.parse().ok()?), ServerTime(at.parse().ok()?)))))
}

/// Listed, with no message here, and the server's end was never reached.
fn unfetched(db: &Connection) -> StoreResult<Vec<Peer>> {
    let mut ask = db.prepare_cached(
        "SELECT p.kind, p.id FROM conversations c JOIN peers p USING (peer)
         WHERE NOT EXISTS (SELECT 1 FROM messages m WHERE m.peer = c.peer)
           AND NOT EXISTS (SELECT 1 FROM coverage v WHERE v.peer = c.peer AND v.older IS NULL) ORDER BY c.place",
    )?;
    let rows = ask.query_map([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)))?;
    let rows = rows.collect::<Result<Vec<_>, _>>()?;
    Ok(rows.iter().filter_map(|(kind, id)| peers::from_columns(*kind, id)).collect())
}

fn conversations(db: &Connection) -> StoreResult<Vec<Kept>> {
    let mut ask = db.prepare_cached("SELECT peer, kind, id, name, served_from FROM peers")?;
    let mut rows = ask.query([])?;
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        let (number, served_from): (i64, Option<i64>) = (row.get(0)?, row.get(4)?);
        let Some(peer) = peers::from_columns(row.get(1)?, &row.get::<_, String>(2)?) else { continue };
        let mut count = db.prepare_cached("SELECT count(*), min(key), max(key) FROM messages WHERE peer = ?1")?;
        let (messages, first, last): (i64, Option<i64>, Option<i64>) =
            count.query_row([number], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        let Some((first, last)) = first.zip(last) else { continue };
        let mut below = db.prepare_cached("SELECT count(*) FROM messages WHERE peer = ?1 AND key < ?2")?;
        let only_here: i64 = below.query_row([number, served_from.map_or(0, key::first_of)], |row| row.get(0))?;
        let ranges = coverage::all(db, number)?;
        let is_open = ranges.first().is_none_or(|range| range.older.is_some());
        out.push(Kept {
            peer,
            name: row.get(3)?,
            messages: messages.unsigned_abs(),
            oldest: ServerTime(key::ms_of(first)),
            newest: ServerTime(key::ms_of(last)),
            holes: ranges.len().saturating_sub(1) as u64 + u64::from(is_open),
            verified: ranges.iter().map(|range| ServerTime(range.verified)).max(),
            only_here: only_here.unsigned_abs(),
        });
    }
    out.sort_by_key(|kept| std::cmp::Reverse(kept.messages));
    Ok(out)
}
