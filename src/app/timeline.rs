//! The loaded part of one conversation's history: contiguous segments of rows, with an edge at each end.
//!
//! Rows are kept in order of [`RowKey`], never by index. Between two segments lies a gap that is not loaded.

use std::cell::Cell;
use std::collections::VecDeque;
use std::sync::Arc;

use super::join::{edge, insert};
use super::msg::RequestId;
use crate::domain::{
    Cursor, Direction, Failure, HistoryPage, HistoryQuery, Message, MessageId, PageEnd, Peer, ServerTime,
};

/// Rows kept at most; the far side is dropped and becomes a cursor again.
pub const WINDOW: usize = 2000;
/// Pages in a row without a new row after which paging stops as incomplete.
const EMPTY_PAGES: u8 = 3;

/// Order and identity of a row: server time, then id as a number. `nth` tells damaged rows without an id apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowKey {
    /// Server time, or what stands for it where that is not valid.
    pub time: ServerTime,
    /// Message id; 0 for a damaged one.
    pub id: MessageId,
    /// 0, or a running number for rows without an id.
    pub nth: u32,
}

/// One loaded message.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its place.
    pub key: RowKey,
    /// The message.
    pub message: Arc<Message>,
    /// Changes whenever the message's content does.
    pub revision: u32,
    /// The server has given this id with other content; the first one seen is kept here.
    pub conflict: Option<Arc<Message>>,
}

/// What lies beyond the end of a segment.
#[derive(Clone, Debug, PartialEq)]
pub enum Edge {
    /// The server's end.
    Reached,
    /// More may come; go on from the cursor, or from the very end where there is none.
    More(Option<Cursor>),
    /// Asked for.
    Loading(RequestId, Option<Cursor>),
    /// The last try failed; Enter tries again.
    Failed(Box<Failure>, Option<Cursor>),
    /// The server's cursors lead nowhere; what is here may not be all. Enter asks once more.
    Incomplete(Dead),
}

/// Why the server's cursors lead nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dead {
    /// The same cursor came again.
    Repeats,
    /// Empty pages in a row, none of them the last.
    Empty,
    /// A cursor that cannot be used.
    Unusable,
}

impl Edge {
    /// Whether a request would bring more by itself.
    #[must_use]
    pub const fn wants_loading(&self) -> bool {
        matches!(self, Self::More(_))
    }
}

/// Older or newer end of a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// Towards the past.
    Older,
    /// Towards the present.
    Newer,
}

/// Rows without a hole between them, oldest first.
#[derive(Clone, Debug, PartialEq)]
pub struct Segment {
    /// The rows.
    pub rows: VecDeque<Entry>,
    /// Beyond the first.
    pub older: Edge,
    /// Beyond the last.
    pub newer: Edge,
    empty_pages: u8,
}

impl Segment {
    pub(super) const fn new(older: Edge, newer: Edge) -> Self {
        Self { rows: VecDeque::new(), older, newer, empty_pages: 0 }
    }

    /// The edge of a side.
    #[must_use]
    pub const fn edge(&self, side: Side) -> &Edge {
        match side {
            Side::Older => &self.older,
            Side::Newer => &self.newer,
        }
    }

    fn edge_mut(&mut self, side: Side) -> &mut Edge {
        match side {
            Side::Older => &mut self.older,
            Side::Newer => &mut self.newer,
        }
    }

    /// A cursor from the outermost row of a side that has an id.
    pub(super) fn cursor(&self, side: Side) -> Option<Cursor> {
        let id = |e: &Entry| (e.message.id.0 != 0).then(|| Cursor::from(e.message.id));
        match side {
            Side::Older => self.rows.iter().find_map(id),
            Side::Newer => self.rows.iter().rev().find_map(id),
        }
    }
}

/// All loaded rows of a conversation.
#[derive(Clone, Debug, PartialEq)]
pub struct Timeline {
    /// Never empty; ordered oldest first, without overlap.
    pub segments: Vec<Segment>,
    pub(super) next_nth: u32,
    found: Hint,
}

/// Where a row was found last: the next one that is asked for is mostly it or beside it. Says nothing about the rows.
#[derive(Clone, Debug, Default)]
struct Hint(Cell<(usize, usize)>);

impl PartialEq for Hint {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Default for Timeline {
    fn default() -> Self {
        let segments = vec![Segment::new(Edge::More(None), Edge::Reached)];
        Self { segments, next_nth: 1, found: Hint::default() }
    }
}

impl Timeline {
    /// The newest rows, as an archive keeps them.
    pub(super) fn kept(page: HistoryPage, now: ServerTime) -> Self {
        let mut timeline = Self::default();
        let rows = timeline.entries_of(page.messages, Direction::Up, now);
        let segment = &mut timeline.segments[0];
        rows.into_iter().for_each(|row| insert(&mut segment.rows, row));
        segment.older = edge(page.end);
        timeline
    }

    /// Loaded rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.segments.iter().map(|s| s.rows.len()).sum()
    }

    /// Whether nothing is loaded.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.segments.iter().all(|s| s.rows.is_empty())
    }

    /// All rows, oldest first.
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = &Entry> {
        self.segments.iter().flat_map(|s| s.rows.iter())
    }

    /// Segment and index of a row.
    #[must_use]
    pub fn find(&self, key: RowKey) -> Option<(usize, usize)> {
        let (s, i) = self.found.0.get();
        let rows = self.segments.get(s).map(|segment| &segment.rows);
        let is_at = |i: &usize| rows.and_then(|rows| rows.get(*i)).is_some_and(|entry| entry.key == key);
        let found =
            [i, i.wrapping_sub(1), i + 1].into_iter().find(is_at).map(|i| (s, i)).or_else(|| self.search(key))?;
        self.found.0.set(found);
        Some(found)
    }

    fn search(&self, key: RowKey) -> Option<(usize, usize)> {
        let s = self.segments.iter().position(|s| s.rows.back().is_some_and(|e| e.key >= key))?;
        let index = self.segments[s].rows.binary_search_by_key(&key, |e| e.key).ok()?;
        Some((s, index))
    }

    /// The row after `key` in its own segment, filtered ones too.
    #[must_use]
    pub fn row_after(&self, key: RowKey) -> Option<RowKey> {
        let (s, i) = self.find(key)?;
        self.segments[s].rows.get(i + 1).map(|e| e.key)
    }

    /// One row.
    #[must_use]
    pub fn get(&self, key: RowKey) -> Option<&Entry> {
        self.find(key).and_then(|(s, i)| self.segments[s].rows.get(i))
    }

    /// The row of a message id.
    #[must_use]
    pub fn by_id(&self, id: MessageId) -> Option<&Entry> {
        self.entries().rev().find(|e| e.message.id == id)
    }

    /// Whether the oldest message of the server is loaded.
    #[must_use]
    pub fn has_oldest(&self) -> bool {
        self.segments.first().is_some_and(|s| s.older == Edge::Reached && !s.rows.is_empty())
    }

    /// Whether the newest message of the server is loaded.
    #[must_use]
    pub fn has_newest(&self) -> bool {
        self.segments.last().is_some_and(|s| s.newer == Edge::Reached && !s.rows.is_empty())
    }

    /// Starts a segment at the server's oldest message unless there is one. Its first page runs down from the very end.
    pub fn start_at_oldest(&mut self) {
        if !self.segments.first().is_some_and(|s| s.older == Edge::Reached) {
            self.segments.insert(0, Segment::new(Edge::Reached, Edge::More(None)));
        }
    }

    /// Starts a segment at the server's newest message unless there is one.
    pub fn start_at_newest(&mut self) {
        if !self.segments.last().is_some_and(|s| s.newer == Edge::Reached) {
            self.segments.push(Segment::new(Edge::More(None), Edge::Reached));
        }
    }

    /// The request that loads beyond an edge, which is marked as loading. `None` when it is not to be loaded now;
    /// a failed edge is loaded only when `retry` is set.
    pub fn load(&mut self, peer: &Peer, at: usize, side: Side, id: RequestId, retry: bool) -> Option<HistoryQuery> {
        let segment = self.segments.get_mut(at)?;
        let beside = segment.cursor(side);
        if retry {
            segment.empty_pages = 0;
        }
        let edge = segment.edge_mut(side);
        let cursor = match edge {
            Edge::More(cursor) => cursor.clone(),
            Edge::Failed(_, cursor) if retry => cursor.clone(),
            Edge::Incomplete(_) if retry => beside,
            Edge::Reached | Edge::Loading(..) | Edge::Failed(..) | Edge::Incomplete(_) => return None,
        };
        *edge = Edge::Loading(id, cursor.clone());
        let direction = if side == Side::Older { Direction::Up } else { Direction::Down };
        Some(HistoryQuery::new(peer.clone(), cursor, direction))
    }

    /// Segment and side that wait for this request.
    fn waiting(&self, id: RequestId) -> Option<(usize, Side)> {
        let waits = |edge: &Edge| matches!(edge, Edge::Loading(request, _) if *request == id);
        self.segments.iter().enumerate().find_map(|(i, s)| match () {
            () if waits(&s.older) => Some((i, Side::Older)),
            () if waits(&s.newer) => Some((i, Side::Newer)),
            () => None,
        })
    }

    /// A page arrived. `false` when nobody waits for it.
    pub fn page_arrived(&mut self, id: RequestId, page: HistoryPage, now: ServerTime) -> bool {
        let Some((at, side)) = self.waiting(id) else { return false };
        let direction = if side == Side::Older { Direction::Up } else { Direction::Down };
        let rows = self.entries_of(page.messages, direction, now);
        let segment = &mut self.segments[at];
        let asked = match segment.edge(side) {
            Edge::Loading(_, cursor) => cursor.clone(),
            Edge::Reached | Edge::More(_) | Edge::Failed(..) | Edge::Incomplete(_) => None,
        };
        let before = segment.rows.len();
        rows.into_iter().for_each(|row| insert(&mut segment.rows, row));
        // A page that was here already leads on no further than an empty one, whatever its cursor.
        segment.empty_pages = if segment.rows.len() == before { segment.empty_pages + 1 } else { 0 };
        *segment.edge_mut(side) = match page.end {
            PageEnd::End => Edge::Reached,
            PageEnd::Refused => Edge::Incomplete(Dead::Unusable),
            PageEnd::More(cursor) if Some(&cursor) == asked.as_ref() => Edge::Incomplete(Dead::Repeats),
            PageEnd::More(_) if segment.empty_pages >= EMPTY_PAGES => Edge::Incomplete(Dead::Empty),
            PageEnd::More(cursor) => Edge::More(Some(cursor)),
        };
        self.join();
        true
    }

    /// A page could not be loaded. `false` when nobody waits for it.
    pub fn page_failed(&mut self, id: RequestId, failure: Failure) -> bool {
        let Some((at, side)) = self.waiting(id) else { return false };
        let edge = self.segments[at].edge_mut(side);
        if let Edge::Loading(_, cursor) = edge {
            *edge = Edge::Failed(Box::new(failure), cursor.take());
        }
        true
    }

    /// Removes the rows `gone` picks; says how many went.
    pub fn remove(&mut self, gone: impl Fn(&Entry) -> bool) -> usize {
        let before = self.len();
        for segment in &mut self.segments {
            segment.rows.retain(|e| !gone(e));
        }
        before - self.len()
    }

    /// Keeps the window bounded around `anchor`: other segments go first, then the far ends of its own.
    pub fn evict(&mut self, anchor: Option<RowKey>) {
        if self.len() <= WINDOW {
            return;
        }
        let at = anchor.and_then(|key| self.find(key));
        let keep = at.map_or(self.segments.len() - 1, |(s, _)| s);
        let segment = self.segments.swap_remove(keep);
        self.segments = vec![segment];
        let segment = &mut self.segments[0];
        let middle = at.map_or(segment.rows.len(), |(_, i)| i);
        let first = middle.saturating_sub(WINDOW / 2).min(segment.rows.len().saturating_sub(WINDOW));
        if first > 0 {
            segment.rows.drain(..first);
            segment.older = Edge::More(segment.cursor(Side::Older));
        }
        if segment.rows.len() > WINDOW {
            segment.rows.truncate(WINDOW);
            segment.newer = Edge::More(segment.cursor(Side::Newer));
        }
    }
}
