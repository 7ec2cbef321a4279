//! Finding messages: the newest first, from the index, and from what it does not hold yet.

use std::collections::HashMap;

use rusqlite::{Connection, params};

use super::{Store, StoreResult, codec, index, peers};
use crate::domain::{AppKey, Hit, Peer};
use crate::text::search::{Plan, Query, Searchable};

/// Rows looked at between two looks at the limit.
const BATCH: usize = 256;

/// Where to look.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchScope {
    /// Only in this conversation.
    pub peer: Option<Peer>,
    /// Only older than this hit.
    pub below: Option<i64>,
    /// At most so many hits.
    pub limit: usize,
}

/// What was found, newest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Hits {
    /// The hits; there may be more below the last one when they are as many as the limit.
    pub hits: Vec<Hit>,
    /// Messages that the index does not hold yet; they were looked at one by one.
    pub behind: u64,
}

impl Store {
    /// Messages that a query asks for.
    ///
    /// # Errors
    /// [`super::StoreError`].
    pub fn search(&self, query: &Query, scope: &SearchScope) -> StoreResult<Hits> {
        self.search_until(query, scope, || false)
    }

    /// The same, given up as soon as `is_over` says so; then what was found so far comes back.
    ///
    /// # Errors
    /// [`super::StoreError`].
    pub fn search_until(&self, query: &Query, scope: &SearchScope, is_over: impl Fn() -> bool) -> StoreResult<Hits> {
        let app = &self.0.owner.app_key;
        let found = self.reading(|db| {
            let behind = index::left(db)?;
            let names = Names::of(db)?;
            let look = Look { db, app, query, scope, names: &names, is_over: &is_over };
            let mut hits = match query.fts() {
                Plan::Nothing => return Ok(Hits::default()),
                Plan::Scan => look.rows(None)?,
                Plan::Match(expression) => look.rows(Some(&expression))?,
            };
            if behind > 0 && query.fts() != Plan::Scan {
                hits.extend(look.unindexed()?);
                newest(&mut hits, scope.limit);
            }
            Ok(Hits { hits, behind })
        })?;
        Ok(found.unwrap_or_default())
    }
}

/// Keeps the newest, newest first.
fn newest(hits: &mut Vec<Hit>, most: usize) {
    hits.sort_by_key(|hit| std::cmp::Reverse(hit.key));
    hits.truncate(most);
}

/// Names by number, as a query looks for them.
struct Names {
    peers: HashMap<i64, (Peer, String)>,
    senders: HashMap<String, String>,
}

impl Names {
    fn of(db: &Connection) -> StoreResult<Self> {
        let mut ask = db.prepare_cached("SELECT id, name FROM senders WHERE name <> ''")?;
        let senders: HashMap<String, String> =
            ask.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
        let mut ask = db.prepare_cached("SELECT peer, kind, id, name FROM peers")?;
        let mut rows = ask.query([])?;
        let mut peers = HashMap::new();
        while let Some(row) = rows.next()? {
            let (id, name): (String, String) = (row.get(2)?, row.get(3)?);
            let name = senders.get(&id).filter(|_| name.is_empty()).cloned().unwrap_or(name);
            if let Some(peer) = peers::from_columns(row.get(1)?, &id) {
                peers.insert(row.get(0)?, (peer, name));
            }
        }
        Ok(Self { peers, senders })
    }
}

struct Look<'a> {
    db: &'a Connection,
    app: &'a AppKey,
    query: &'a Query,
    scope: &'a SearchScope,
    names: &'a Names,
    is_over: &'a dyn Fn() -> bool,
}

impl Look<'_> {
    /// Rows of the index, or all where there is no expression; each is looked at again, since filters and scripts are
    /// no part of the index.
    fn rows(&self, expression: Option<&str>) -> StoreResult<Vec<Hit>> {
        let sql = match expression {
            Some(_) => {
                "SELECT m.key, m.peer, m.id, m.form, m.raw FROM search JOIN messages m ON m.key = search.rowid
                 WHERE search MATCH ?1 AND search.rowid < ?2 ORDER BY search.rowid DESC LIMIT ?3"
            }
            None => {
                "SELECT key, peer, id, form, raw FROM messages WHERE ?1 IS NULL AND key < ?2 ORDER BY key DESC LIMIT ?3"
            }
        };
        let mut ask = self.db.prepare_cached(sql)?;
        let (mut hits, mut below) = (Vec::new(), self.scope.below.unwrap_or(i64::MAX));
        loop {
            let mut rows = ask.query(params![expression, below, BATCH as i64])?;
            let mut seen = 0;
            while let Some(row) = rows.next()? {
                seen += 1;
                below = row.get(0)?;
                if let Some(hit) = self.hit([below, row.get(1)?, row.get(2)?, row.get(3)?], || row.get(4))? {
                    hits.push(hit);
                    if hits.len() == self.scope.limit {
                        return Ok(hits);
                    }
                }
            }
            if seen < BATCH || (self.is_over)() {
                return Ok(hits);
            }
        }
    }

    /// Rows that the index does not hold yet: the newest hits among them, at most as many as the limit, in no order.
    fn unindexed(&self) -> StoreResult<Vec<Hit>> {
        let sql = "SELECT m.key, m.peer, m.id, m.form, m.raw FROM unindexed u
                   JOIN messages m ON m.peer = u.peer AND m.key BETWEEN u.first AND u.last WHERE m.key < ?1";
        let mut ask = self.db.prepare_cached(sql)?;
        let mut rows = ask.query([self.scope.below.unwrap_or(i64::MAX)])?;
        let (mut hits, most) = (Vec::new(), self.scope.limit);
        while let Some(row) = rows.next()? {
            hits.extend(self.hit([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?], || row.get(4))?);
            // They come in the order of the stretches, which may be many more than are asked for.
            if hits.len() >= most.saturating_mul(2).max(BATCH) {
                newest(&mut hits, most);
            }
            if (self.is_over)() {
                break;
            }
        }
        Ok(hits)
    }

    fn hit(
        &self,
        [key, peer, id, form]: [i64; 4],
        raw: impl FnOnce() -> rusqlite::Result<Vec<u8>>,
    ) -> StoreResult<Option<Hit>> {
        let Some((peer, name)) = self.names.peers.get(&peer) else { return Ok(None) };
        if self.scope.peer.as_ref().is_some_and(|only| only != peer) {
            return Ok(None);
        }
        let message = codec::decode_as(self.app, id, form, raw()?);
        let sender_name = self.names.senders.get(&message.from).map_or("", String::as_str);
        let found = Searchable { message: &message, sender_name, peer, peer_name: name };
        let hits = self.query.matches(&found);
        Ok(hits.then(|| Hit { key, peer: peer.clone(), message }))
    }
}
