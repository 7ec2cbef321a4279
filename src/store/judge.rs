//! What a page says of what it does not show: deleted, run out, or doubtful; and what is complete with it.

use std::collections::HashSet;

use rusqlite::{Connection, OptionalExtension, params};

use super::stretch::{Row, Stretch};
use super::{Fetched, StoreResult, Taken, bookmarks, coverage, facts, key, list, purge};
use crate::domain::{AppKey, Direction, MessageId, PageEnd, ServerTime};

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

/// A page that is kept.
pub(super) struct Judged<'a, C> {
    pub(super) fetched: Fetched<'a>,
    /// All of its messages.
    pub(super) rows: &'a [Row<'a>],
    /// What was sent before, in ms, is not kept.
    pub(super) since: i64,
    /// Tells what a later page shows.
    pub(super) comes: C,
}

/// Learns from a page what is gone and what is complete.
pub(super) fn judge<C: Fn(MessageId) -> bool>(
    db: &Connection,
    app: &AppKey,
    peer: i64,
    page: Judged<'_, C>,
    taken: &mut Taken,
) -> StoreResult<()> {
    let Judged { fetched, rows, since, comes } = page;
    if !fetched.whole {
        return Ok(());
    }
    let served_since = serve(db, rows, fetched.at)?;
    let stretch = Stretch::of(db, peer, fetched, rows)?;
    let missing = missing(db, peer, &stretch, rows, served_since, fetched, &comes)?;
    if missing.is_doubtful(rows.is_empty()) {
        if !is_confirmed(db, peer, missing.newest_ms(), fetched.at)? {
            taken.is_doubtful = true;
            return Ok(());
        }
    } else if let Some((first, last)) = stretch.judged
        && facts::get(db, DOUBT_OF, peer)?.is_some_and(|ms| (first..=last).contains(&ms))
    {
        settle_doubt(db, peer)?;
    }
    let mut purge = |(key, id): (i64, MessageId)| {
        taken.gone.push(id);
        bookmarks::forget(db, peer, id.0 as i64)?;
        let mut note = db.prepare_cached("INSERT OR IGNORE INTO gone (peer, id) VALUES (?1, ?2)")?;
        note.execute([peer, id.0 as i64])?;
        purge::one(db, app, key)
    };
    missing.gone.into_iter().try_for_each(&mut purge)?;
    let ran_out = |ms| ran_out(&stretch, oldest_of(rows), served_since, fetched.at, ms);
    missing_of_edge(db, peer, &fetched, ran_out)?.into_iter().filter(|(_, id)| !comes(*id)).try_for_each(&mut purge)?;
    list::forget_last(db, app, peer, |last| taken.gone.contains(&last.id))?;
    if let Some(range) = stretch.range {
        if let Some(first) = stretch.replaces {
            coverage::remove(db, peer, first)?;
        }
        coverage::add(db, peer, range)?;
        if rows.iter().any(|(key, _)| key::ms_of(*key) < since) {
            coverage::cut(db, peer, since)?;
        }
    }
    if stretch.has_oldest {
        let oldest = oldest_of(rows);
        let oldest = oldest.or(stretch.from).unwrap_or(fetched.at.ms());
        db.prepare_cached("UPDATE peers SET served_from = ?2 WHERE peer = ?1")?.execute(params![peer, oldest])?;
    }
    Ok(())
}

/// The millisecond of the oldest row.
fn oldest_of(rows: &[Row<'_>]) -> Option<i64> {
    rows.iter().map(|(key, _)| key::ms_of(*key)).min()
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
    comes: impl Fn(MessageId) -> bool,
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
        if !on_page.contains(&id)
            && !comes(MessageId(id_number))
            && ids.contains(&id_number)
            && !ran_out(key::ms_of(key))
        {
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
