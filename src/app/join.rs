//! Putting messages into a timeline: each in its place and once, parts that overlap joined.

use std::collections::VecDeque;
use std::sync::Arc;

use super::timeline::{Dead, Edge, Entry, RowKey, Segment, Side, Timeline};
use crate::domain::{Around, Direction, Failure, HistoryPage, Message, MessageId, PageEnd, ServerTime};

impl Timeline {
    /// Takes the messages around a place in, as a part of its own or joined with what they overlap.
    pub fn insert_around(&mut self, around: Around, now: ServerTime) {
        let mut rows = self.entries_of(around.older.messages, Direction::Up, now);
        rows.extend(self.entries_of(around.newer.messages, Direction::Down, now));
        let mut segment = Segment::new(edge(around.older.end), edge(around.newer.end));
        rows.into_iter().for_each(|row| insert(&mut segment.rows, row));
        let Some(first) = segment.rows.front().map(|row| row.key) else { return };
        self.segments.retain(|s| !s.rows.is_empty());
        let at = self.segments.partition_point(|s| s.rows.front().is_some_and(|row| row.key <= first));
        self.segments.insert(at, segment);
        self.join();
    }

    /// Rows of a page, each with a key that sorts even where its time or id is not valid.
    pub(super) fn entries_of(&mut self, messages: Vec<Message>, direction: Direction, now: ServerTime) -> Vec<Entry> {
        let mut before: Option<RowKey> = None;
        let mut out = Vec::with_capacity(messages.len());
        for message in messages {
            let time = message.sent_at(now).or(before.map(|k| k.time)).unwrap_or(now);
            let mut key = RowKey { time, id: message.id, nth: 0 };
            if message.id.0 == 0 {
                // Nothing to sort by: it stays beside the row it came with.
                let id = before.map_or(MessageId(0), |k| k.id);
                let nth = if direction == Direction::Up { u32::MAX - self.next_nth } else { self.next_nth };
                key = RowKey { time, id, nth };
                self.next_nth += 1;
            } else {
                before = Some(key);
            }
            out.push(Entry { key, message: Arc::new(message), revision: 0, conflict: None });
        }
        out
    }

    /// Takes what is kept beyond a hole at an outer end. The hole stays one until the server is asked again.
    pub(super) fn insert_beyond(&mut self, page: HistoryPage, direction: Direction, why: &Failure, now: ServerTime) {
        let rows = self.entries_of(page.messages, direction, now);
        let known = |row: &Entry| self.get(row.key).is_some();
        if rows.is_empty() || rows.iter().any(known) {
            return;
        }
        let mut segment = Segment::new(Edge::Reached, Edge::Reached);
        rows.into_iter().for_each(|row| insert(&mut segment.rows, row));
        let hole = |cursor| Edge::Failed(Box::new(why.clone()), cursor);
        if direction == Direction::Up {
            segment.newer = hole(segment.cursor(Side::Newer));
            segment.older = edge(page.end);
            self.segments.insert(0, segment);
        } else {
            segment.older = hole(segment.cursor(Side::Older));
            segment.newer = edge(page.end);
            self.segments.push(segment);
        }
    }

    /// Joins neighbours that overlap, and drops empty segments that lead nowhere.
    pub(super) fn join(&mut self) {
        let mut i = 0;
        while i + 1 < self.segments.len() {
            let (left, right) = (&self.segments[i], &self.segments[i + 1]);
            let crossing = match (left.rows.back(), right.rows.front()) {
                (Some(last), Some(first)) => last.key >= first.key,
                _ => false,
            };
            let ended = left.newer == Edge::Reached || right.older == Edge::Reached;
            if crossing || ended {
                let right = self.segments.remove(i + 1);
                let left = &mut self.segments[i];
                let reaches = |rows: &VecDeque<Entry>| rows.back().map(|row| row.key);
                // The one that ends later knows what follows.
                if reaches(&right.rows) >= reaches(&left.rows) {
                    left.newer = right.newer;
                }
                for row in right.rows {
                    insert(&mut left.rows, row);
                }
            } else {
                i += 1;
            }
        }
    }
}

/// What follows the end of a page.
pub(super) fn edge(end: PageEnd) -> Edge {
    match end {
        PageEnd::End => Edge::Reached,
        PageEnd::More(cursor) => Edge::More(Some(cursor)),
        PageEnd::Refused => Edge::Incomplete(Dead::Unusable),
    }
}

/// Puts a row in its place. A known id is not doubled: with other content the new one is shown and the old one kept.
pub(super) fn insert(rows: &mut VecDeque<Entry>, row: Entry) {
    let same =
        |e: &Entry| e.message.id == row.message.id && (row.message.id.0 != 0 || e.message.raw == row.message.raw);
    let at = match rows.binary_search_by_key(&row.key, |e| e.key) {
        Ok(found) => Some(found),
        // A damaged row, or one whose time changed, has another key: look around where it would stand.
        Err(place) => (place.saturating_sub(50)..rows.len().min(place + 50)).find(|i| same(&rows[*i])),
    };
    match at {
        Some(found) if rows[found].message == row.message || !same(&rows[found]) => {}
        Some(found) => {
            let old = &mut rows[found];
            if old.message.raw != row.message.raw {
                let first = std::mem::replace(&mut old.message, row.message);
                old.revision += 1;
                old.conflict.get_or_insert(first);
            }
        }
        None => {
            let place = rows.partition_point(|e| e.key < row.key);
            rows.insert(place, row);
        }
    }
}
