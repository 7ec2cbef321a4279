//! Keeping a page, and learning from it what the server no longer has.
//!
//! A page speaks for a stretch of time: what lies in it and is not on the page was deleted, or has expired. Page,
//! coverage and what goes are one transaction.

use std::collections::HashSet;

use rusqlite::{Connection, OptionalExtension, params};

use super::put::{Put, Senders, put};
use super::stretch::{Row, Stretch};
use super::{Store, StoreResult, bookmarks, coverage, facts, index, key, list, peers, purge};
use crate::domain::{AppKey, Cursor, Direction, HistoryPage, Message, MessageId, PageEnd, Peer, ServerTime};

/// History lags behind sending by seconds: what is younger is not judged by its absence.
const SETTLED_MS: i64 = 30_000;
/// No plan keeps less than three days: what is younger cannot have expired.
const KEPT_MS: i64 = 3 * 24 * 3_600_000;
/// Messages that may be missing at once without a second look.
const FEW: usize = 20;
/// What is noted of a conversation whose last answer lacked most of what is here.
const DOUBT: &str = "doubt";
/// When the newest message was sent that it lacked.
const DOUBT_OF: &str = "doubt-of";
/// How long a server has to put such an answer right.
const DOUBT_MS: i64 = 60_000;
/// After so long an answer like it counts as the first again.
const DOUBT_FORGOTTEN_MS: i64 = 7 * 24 * 3_600_000;
/// How long the oldest message seen stands for what the server still serves.
const SERVED_FOR_MS: i64 = 24 * 3_600_000;

/// A page as the server gave it.
#[derive(Clone, Copy, Debug)]
pub struct Fetched<'a> {
    /// Whose history.
    pub peer: &'a Peer,
    /// Where the page began.
    pub cursor: Option<&'a Cursor>,
    /// Which way it ran.
    pub direction: Direction,
    /// The page.
    pub page: &'a HistoryPage,
    /// Nothing was filtered out: the page speaks for its stretch.
    pub whole: bool,
    /// A millisecond of which this and earlier pages together showed every message, and which.
    pub edge: Option<(ServerTime, &'a [MessageId])>,
    /// When it was asked for.
    pub at: ServerTime,
}

/// What a page changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// Messages that were not here.
    pub new: usize,
    /// Messages that were here with other content.
    pub changed: usize,
    /// Messages that were here and the server has deleted; they are gone here too.
    pub gone: Vec<MessageId>,
    /// The answer lacks so much of what is here that it is not believed yet: one like it, a minute later at the
    /// earliest, is. Until then nothing goes, and nothing is said to be complete.
    pub is_doubtful: bool,
}

impl Store {
    /// Keeps a page.
    ///
    /// # Errors
    /// [`super::StoreError`]; then nothing of the page was kept.
    pub fn take(&self, fetched: Fetched<'_>) -> StoreResult<Taken> {
        Ok(self.take_all(&[fetched])?.pop().unwrap_or_default())
    }
}

impl Store {
    /// Keeps messages that no page brought; they say nothing of what lies between them.
    ///
    /// # Errors
    /// [`super::StoreError`]; then none of them was kept.
    pub fn import(&self, messages: &[(Peer, Message)], at: ServerTime) -> StoreResult<Taken> {
        self.write(|db| {
            let mut taken = Taken::default();
            for run in messages.chunk_by(|a, b| a.0 == b.0) {
                let Some((peer, _)) = run.first() else { continue };
                let number = peers::number(db, peer)?;
                let own: Vec<Message> = run.iter().map(|(_, message)| message.clone()).collect();
                let mut rows = placed(&own, at);
                // What a conversation was emptied of does not come back from a file.
                let emptied = emptied(db, number, at)?;
                rows.retain(|(key, _)| emptied.is_none_or(|ms| key::ms_of(*key) > ms));
                keep(db, &self.0.owner.app_key, number, &rows, false, &mut taken)?;
            }
            Ok(taken)
        })
    }
}

/// `since`: what was sent before, in ms, is not kept.
pub(super) fn take(db: &Connection, app: &AppKey, since: i64, fetched: Fetched<'_>) -> StoreResult<Taken> {
    let peer = peers::number(db, fetched.peer)?;
    let rows = placed(&fetched.page.messages, fetched.at);
    let mut taken = Taken::default();
    if emptied(db, peer, fetched.at)?.is_some_and(|at| fetched.at.ms() <= at) {
        return Ok(taken);
    }
    let kept: Vec<Row<'_>> = rows.iter().copied().filter(|(key, _)| key::ms_of(*key) >= since).collect();
    keep(db, app, peer, &kept, true, &mut taken)?;
    if !fetched.whole {
        return Ok(taken);
    }
    let served_since = serve(db, &rows, fetched.at)?;
    let stretch = Stretch::of(db, peer, fetched, &rows)?;
    let missing = missing(db, peer, &stretch, &rows, served_since, fetched)?;
    if missing.is_doubtful(rows.is_empty()) {
        if !is_confirmed(db, peer, missing.newest_ms(), fetched.at)? {
            return Ok(Taken { is_doubtful: true, ..taken });
        }
    } else if let Some((first, last)) = stretch.judged
        && facts::get(db, DOUBT_OF, peer)?.is_some_and(|ms| (first..=last).contains(&ms))
    {
        settle_doubt(db, peer)?;
    }
    let mut purge = |(key, id): (i64, MessageId)| {
        taken.gone.push(id);
        bookmarks::forget(db, peer, id.0 as i64)?;
        purge::one(db, app, key)
    };
    missing.gone.into_iter().try_for_each(&mut purge)?;
    let ran_out = |ms| ran_out(&stretch, oldest_of(&rows), served_since, fetched.at, ms);
    missing_of_edge(db, peer, &fetched, ran_out)?.into_iter().try_for_each(&mut purge)?;
    list::forget_last(db, app, peer, |last| taken.gone.contains(&last.id))?;
    if let Some(range) = stretch.range {
        if let Some(first) = stretch.replaces {
            coverage::remove(db, peer, first)?;
        }
        coverage::add(db, peer, range)?;
        if kept.len() < rows.len() {
            coverage::cut(db, peer, since)?;
        }
    }
    if stretch.has_oldest {
        let oldest = oldest_of(&rows);
        let oldest = oldest.or(stretch.from).unwrap_or(fetched.at.ms());
        db.prepare_cached("UPDATE peers SET served_from = ?2 WHERE peer = ?1")?.execute(params![peer, oldest])?;
    }
    Ok(taken)
}

/// An answer comes within this time, or never.
const ANSWER_MS: i64 = 3_600_000;

/// When the conversation was emptied, in ms. What lies further ahead than any answer takes was noted by a clock that ran
/// ahead, and does not count.
fn emptied(db: &Connection, peer: i64, now: ServerTime) -> StoreResult<Option<i64>> {
    Ok(facts::get(db, "emptied", peer)?.filter(|at| at - now.ms() < ANSWER_MS))
}

/// Each message with its key: by its own time, else by the time of its id. One without an id stays beside the one
/// before it.
fn placed(messages: &[Message], now: ServerTime) -> Vec<Row<'_>> {
    let own = |m: &Message| m.sent_at(now).filter(|_| m.id.0 != 0).map(|time| key::key(time, m.id));
    let mut last = messages.iter().find_map(own).unwrap_or_else(|| key::first_of(now.ms()));
    messages
        .iter()
        .map(|m| {
            last = own(m).unwrap_or(last + 1);
            (last, m)
        })
        .collect()
}

/// The millisecond of the oldest row.
fn oldest_of(rows: &[Row<'_>]) -> Option<i64> {
    rows.iter().map(|(key, _)| key::ms_of(*key)).min()
}

/// Puts the rows in, oldest first, except what was deleted one way; notes what the index has to learn.
fn keep(
    db: &Connection,
    app: &AppKey,
    peer: i64,
    rows: &[Row<'_>],
    is_served: bool,
    taken: &mut Taken,
) -> StoreResult<()> {
    let mut deleted = db.prepare_cached("SELECT deleted_through FROM peers WHERE peer = ?1")?;
    let deleted_through: i64 = deleted.query_row([peer], |row| row.get(0))?;
    let has_tombstones: bool = db
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM tombstones WHERE peer = ?1)")?
        .query_row([peer], |row| row.get(0))?;
    let mut ascending = rows.to_vec();
    ascending.sort_by_key(|(key, message)| (*key, message.id));
    let (mut run, mut senders) = (Vec::new(), Senders::default());
    let mut free = 0;
    for (key, message) in ascending {
        if key::ms_of(key) <= deleted_through || (has_tombstones && is_buried(db, peer, message.id)?) {
            continue;
        }
        match put(db, app, &mut senders, peer, key.max(free), message, is_served)? {
            Put::New(at) => {
                taken.new += 1;
                run.push(at);
                // Of messages that want one place, the next stands after this one.
                free = at + 1;
            }
            Put::Changed(at) => {
                taken.changed += 1;
                index::note(db, peer, &[at])?;
            }
            Put::Known => {}
        }
    }
    index::note(db, peer, &run)
}

fn is_buried(db: &Connection, peer: i64, id: MessageId) -> StoreResult<bool> {
    let mut ask = db.prepare_cached("SELECT EXISTS (SELECT 1 FROM tombstones WHERE peer = ?1 AND id = ?2)")?;
    Ok(ask.query_row([peer, id.0 as i64], |row| row.get(0))?)
}

/// What the stretch should hold and the page does not.
struct Missing {
    gone: Vec<(i64, MessageId)>,
    /// Messages that are here in the stretch.
    here: usize,
}

impl Missing {
    /// When the newest of them was sent.
    fn newest_ms(&self) -> i64 {
        self.gone.iter().map(|(key, _)| key::ms_of(*key)).max().unwrap_or(0)
    }

    /// Whether a single answer is too little to believe it: it is empty, or lacks most of many.
    fn is_doubtful(&self, is_empty: bool) -> bool {
        !self.gone.is_empty() && (is_empty || (self.gone.len() > FEW && self.gone.len() * 2 > self.here))
    }
}

/// Whether an answer like it came before and has had time to be put right. Else it is noted that one came, and when the
/// newest message was sent that it lacks.
fn is_confirmed(db: &Connection, peer: i64, newest_ms: i64, at: ServerTime) -> StoreResult<bool> {
    match facts::get(db, DOUBT, peer)?.map(|first| at.ms() - first) {
        Some(DOUBT_MS..=DOUBT_FORGOTTEN_MS) => settle_doubt(db, peer).map(|()| true),
        Some(0..DOUBT_MS) => Ok(false),
        _ => {
            facts::put(db, DOUBT, peer, at.ms())?;
            facts::put(db, DOUBT_OF, peer, newest_ms)?;
            Ok(false)
        }
    }
}

/// The doubt is over: what was missing is there, or is gone.
fn settle_doubt(db: &Connection, peer: i64) -> StoreResult<()> {
    facts::clear(db, DOUBT, peer)?;
    facts::clear(db, DOUBT_OF, peer)
}

/// What was deleted. What may only have run out is not among it, nor what lies in the stretch by its time alone: a
/// server orders by ids too, and one odd time would span years.
fn missing(
    db: &Connection,
    peer: i64,
    stretch: &Stretch,
    rows: &[Row<'_>],
    served_since: Option<i64>,
    fetched: Fetched<'_>,
) -> StoreResult<Missing> {
    let (at, mut out) = (fetched.at, Missing { gone: Vec::new(), here: 0 });
    let Some((first, last)) = stretch.judged else { return Ok(out) };
    let last = last.min(at.ms() - SETTLED_MS);
    if first > last {
        return Ok(out);
    }
    let on_page: HashSet<i64> = rows.iter().map(|(_, m)| m.id.0 as i64).collect();
    let ids = ids_spanned(rows, fetched);
    let oldest = oldest_of(rows);
    let mut ask =
        db.prepare_cached("SELECT key, id FROM messages WHERE peer = ?1 AND key BETWEEN ?2 AND ?3 AND id <> 0")?;
    let bounds = params![peer, key::first_of(first), key::last_of(last)];
    let ran_out = |ms: i64| ran_out(stretch, oldest, served_since, at, ms);
    let mut found = ask.query(bounds)?;
    while let Some(row) = found.next()? {
        let (key, id): (i64, i64) = (row.get(0)?, row.get(1)?);
        let id_number = id as u64;
        out.here += 1;
        if !on_page.contains(&id) && ids.contains(&id_number) && !ran_out(key::ms_of(key)) {
            out.gone.push((key, MessageId(id_number)));
        }
    }
    Ok(out)
}

/// Whether what was sent then may only have run out: it lies beyond the oldest message the server has, is older than
/// what was served lately, and old enough for the shortest plan.
fn ran_out(stretch: &Stretch, oldest: Option<i64>, served_since: Option<i64>, at: ServerTime, ms: i64) -> bool {
    let beyond_end = stretch.has_oldest && oldest.is_none_or(|oldest| ms < oldest);
    let served = served_since.is_some_and(|since| ms >= since);
    beyond_end && !served && at.ms() - ms > KEPT_MS
}

/// The ids a page spans: from its outermost ones to the cursor it began at; open where it begins or ends with the
/// history.
fn ids_spanned(rows: &[Row<'_>], fetched: Fetched<'_>) -> std::ops::RangeInclusive<u64> {
    let ids = || rows.iter().map(|(_, m)| m.id.0).filter(|id| *id != 0);
    let cursor = fetched.cursor.and_then(|cursor| cursor.as_str().parse::<MessageId>().ok()).map(|id| id.0);
    let is_end = fetched.page.end == PageEnd::End;
    let (near, up) = (cursor.into_iter().chain(ids()), fetched.direction == Direction::Up);
    let low = if up { ids().min().filter(|_| !is_end) } else { near.clone().min().filter(|_| cursor.is_some()) };
    let high = if up { near.max().filter(|_| cursor.is_some()) } else { ids().max().filter(|_| !is_end) };
    low.unwrap_or(0)..=high.unwrap_or(u64::MAX)
}

/// What is here of the millisecond in which pages meet and none of them shows: deleted, unless all of that time ran out
/// before the second one came.
fn missing_of_edge(
    db: &Connection,
    peer: i64,
    fetched: &Fetched<'_>,
    ran_out: impl Fn(i64) -> bool,
) -> StoreResult<Vec<(i64, MessageId)>> {
    let is_settled = |time: ServerTime| time.plus_ms(SETTLED_MS) <= fetched.at && !ran_out(time.ms());
    let Some((time, seen)) = fetched.edge.filter(|(time, _)| is_settled(*time)) else { return Ok(Vec::new()) };
    let mut ask =
        db.prepare_cached("SELECT key, id FROM messages WHERE peer = ?1 AND key BETWEEN ?2 AND ?3 AND id <> 0")?;
    let bounds = params![peer, key::first_of(time.ms()), key::last_of(time.ms())];
    let here = ask.query_map(bounds, |row| Ok((row.get(0)?, MessageId(row.get::<_, i64>(1)? as u64))))?;
    let here = here.collect::<Result<Vec<_>, _>>()?;
    Ok(here.into_iter().filter(|(_, id)| !seen.contains(id)).collect())
}

/// Notes the oldest message the server has served within a day, and gives how far back it must still reach: what was
/// the oldest an hour ago may have run out by now, with all of the hour after it.
fn serve(db: &Connection, rows: &[Row<'_>], at: ServerTime) -> StoreResult<Option<i64>> {
    let kept: Option<String> = db
        .prepare_cached("SELECT value FROM facts WHERE key = 'served_since'")?
        .query_row([], |row| row.get(0))
        .optional()?;
    let kept = kept
        .as_deref()
        .and_then(|v| v.split_once(' '))
        .and_then(|(ms, when)| Some((ms.parse().ok()?, when.parse().ok()?)));
    let age = |when: i64| at.ms() - when;
    let fresh = kept.filter(|(_, when): &(i64, i64)| (0..SERVED_FOR_MS).contains(&age(*when)));
    let reach = fresh.map(|(ms, when)| ms + age(when));
    let oldest = oldest_of(rows);
    if let Some(oldest) = oldest
        && reach.is_none_or(|reach| oldest < reach)
    {
        db.prepare_cached("INSERT OR REPLACE INTO facts (key, value) VALUES ('served_since', ?1)")?
            .execute([format!("{oldest} {}", at.ms())])?;
    }
    Ok(reach.into_iter().chain(oldest).min())
}
