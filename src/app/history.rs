//! One open conversation: its loaded rows, where the screen stands in them, what is marked and looked for.

use std::collections::BTreeSet;

use super::filter::Filter;
use super::msg::{Kept, RequestId};
use super::search::Sought;
use super::timeline::{Edge, Entry, RowKey, Side, Timeline};
use super::tracked::Tracked;
use super::viewport::{Anchor, Heights, Placement};
use crate::domain::{ChatType, Failure, Message, Peer, ServerTime};

/// Something that takes rows of the history pane.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Item {
    /// A message.
    Row(RowKey),
    /// What lies beyond a segment's end: nothing, a gap, a spinner's words, a failure. A gap between two segments is
    /// the newer edge of the lower one.
    Edge(usize, Side),
}

/// All that is here of a conversation is compared with the server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Compare {
    /// The request on its way; none while the rows on the screen are read again.
    pub request: Option<RequestId>,
    /// Messages that went so far.
    pub gone: usize,
}

/// A range that is being read again, to see what the server still has.
#[derive(Clone, Debug, PartialEq)]
pub struct Reread {
    /// The request on its way.
    pub request: RequestId,
    /// Read up to this row, or to the server's end.
    pub until: Option<RowKey>,
    /// It began below this row, or at the server's newest message.
    pub above: Option<RowKey>,
    /// What came so far, newest first.
    pub messages: Vec<Message>,
}

/// A walk that waits for more to be loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Walk {
    /// To another day.
    Day(DayWalk),
    /// To the first unread message.
    Unread(Unread),
}

/// A walk to another day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayWalk {
    /// To the next day; else to the previous one.
    pub forward: bool,
    /// The day it began on.
    pub from: Option<jiff::civil::Date>,
}

/// A walk from the newest message back to the first unread one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unread {
    /// Unread messages yet to be met.
    pub left: u64,
    /// What is older than this is yet to be looked at; all where there is nothing.
    pub below: Option<RowKey>,
    /// Messages looked at.
    pub looked: usize,
    /// A filter was taken off for it.
    pub unfiltered: bool,
}

/// One open conversation.
#[derive(Clone, Debug)]
pub struct History {
    /// With whom.
    pub peer: Peer,
    /// The loaded rows.
    pub timeline: Tracked<Timeline>,
    /// Where the screen stands.
    pub anchor: Anchor,
    /// The message under the cursor.
    pub cursor: Option<RowKey>,
    /// Marked messages.
    pub marks: BTreeSet<RowKey>,
    /// Where a range mark began; marks follow the cursor while it is set.
    pub range_from: Option<RowKey>,
    /// Words that stand out, as a search that opened it looks for them.
    pub find: Sought,
    /// Rows that are shown.
    pub filter: Tracked<Filter>,
    /// A range that is being read again.
    pub reread: Option<Reread>,
    /// What the archive has of it is compared with the server: on its way, or after the reread.
    pub compares: Option<Compare>,
    /// An archive is being asked first.
    pub local: Option<RequestId>,
    /// It began with what an archive has, which may be more than the server has.
    pub is_kept: bool,
    /// It began at loose messages of an archive: between them something may be missing.
    pub is_loose: bool,
    /// The oldest message the server had when its end was looked at last; older ones are only in the archive.
    pub served_from: Option<ServerTime>,
    /// What lies around a place is being asked for.
    pub travels: Option<RequestId>,
    /// Why the last try to read it again failed.
    pub stale: Option<Box<Failure>>,
    /// This walk goes on as soon as more is loaded.
    pub walks: Option<Walk>,
    /// Lines that the person has asked to go up further, once the archive has given what lies above.
    pub owed: i32,
    /// Unread messages when it was opened.
    pub unread: u64,
    /// Heights measured so far.
    pub heights: Heights,
    /// What was on the screen last.
    pub placement: Placement,
}

impl History {
    /// An unloaded history that will start at its newest message.
    #[must_use]
    pub fn new(peer: Peer, unread: u64) -> Self {
        Self {
            peer,
            timeline: Tracked::new(Timeline::default()),
            anchor: Anchor::Newest,
            cursor: None,
            marks: BTreeSet::new(),
            range_from: None,
            find: Sought::default(),
            filter: Tracked::new(Filter::default()),
            reread: None,
            compares: None,
            local: None,
            is_kept: false,
            is_loose: false,
            served_from: None,
            travels: None,
            stale: None,
            walks: None,
            owed: 0,
            unread,
            heights: Heights::default(),
            placement: Placement::default(),
        }
    }

    /// A history that begins with what an archive has.
    #[must_use]
    pub fn kept(peer: Peer, unread: u64, kept: Kept, now: ServerTime) -> Self {
        let timeline = Tracked::new(Timeline::kept(kept.page, now));
        let mut history = Self { timeline, is_kept: true, served_from: kept.served_from, ..Self::new(peer, unread) };
        history.cursor = history.last_shown();
        history
    }

    /// The message under the cursor.
    #[must_use]
    pub fn current(&self) -> Option<&Entry> {
        self.cursor.and_then(|key| self.timeline.get(key))
    }

    /// Senders of a group's loaded messages, as peers whose names can be asked for.
    pub fn senders(&self) -> Vec<Peer> {
        if self.peer.chat_type == ChatType::Single {
            return Vec::new();
        }
        let names: BTreeSet<&str> = self.timeline.entries().map(|e| e.message.from.as_str()).collect();
        names.into_iter().filter_map(|name| Peer::new(ChatType::Single, name).ok()).collect()
    }

    /// Whether a page at an end of what is loaded is on its way.
    #[must_use]
    pub fn is_loading(&self) -> bool {
        let loading = |edge: &Edge| matches!(edge, Edge::Loading(..));
        self.timeline.segments.iter().any(|s| loading(&s.older) || loading(&s.newer))
    }

    /// The marked messages, or the one under the cursor; oldest first.
    #[must_use]
    pub fn picked(&self) -> Vec<&Entry> {
        if self.marks.is_empty() {
            return self.current().into_iter().collect();
        }
        self.marks.iter().filter_map(|key| self.timeline.get(*key)).collect()
    }

    /// Whether the filter shows a row.
    #[must_use]
    pub fn shows(&self, entry: &Entry) -> bool {
        self.filter.keeps(&entry.message, &entry.message.from)
    }

    /// The shown row before `key`, within its segment.
    #[must_use]
    pub fn shown_before(&self, key: RowKey) -> Option<&Entry> {
        let (s, i) = self.timeline.find(key)?;
        self.timeline.segments[s].rows.range(..i).rev().find(|e| self.shows(e))
    }

    /// The item below `item`, or the first one.
    #[must_use]
    pub fn next(&self, item: Item) -> Option<Item> {
        let segments = &self.timeline.segments;
        let first_of = |s: usize, from: usize| {
            let row = segments[s].rows.range(from..).find(|e| self.shows(e)).map(|e| Item::Row(e.key));
            row.unwrap_or(Item::Edge(s, Side::Newer))
        };
        match item {
            Item::Edge(s, Side::Older) => (s < segments.len()).then(|| first_of(s, 0)),
            Item::Row(key) => self.timeline.find(key).map(|(s, i)| first_of(s, i + 1)),
            // The gap between two segments is one row: the upper one's newer edge.
            Item::Edge(s, Side::Newer) if s + 1 < segments.len() => Some(first_of(s + 1, 0)),
            Item::Edge(_, Side::Newer) => None,
        }
    }

    /// The item above `item`.
    #[must_use]
    pub fn previous(&self, item: Item) -> Option<Item> {
        let segments = &self.timeline.segments;
        let last_of = |s: usize, to: usize| {
            let row = segments[s].rows.range(..to).rev().find(|e| self.shows(e)).map(|e| Item::Row(e.key));
            row.unwrap_or(if s == 0 { Item::Edge(0, Side::Older) } else { Item::Edge(s - 1, Side::Newer) })
        };
        match item {
            Item::Edge(_, Side::Older) => None,
            Item::Row(key) => self.timeline.find(key).map(|(s, i)| last_of(s, i)),
            Item::Edge(s, Side::Newer) => segments.get(s).map(|segment| last_of(s, segment.rows.len())),
        }
    }

    /// The edges among so many items beyond `item`, towards newer ones if `forward`. Rows that a filter hides count too.
    #[must_use]
    pub fn edges_beyond(&self, item: Item, forward: bool, items: usize) -> Vec<Item> {
        let (mut at, mut left, mut edges) = (item, items, Vec::new());
        while left > 0 {
            if let Item::Row(key) = at
                && let Some((s, i)) = self.timeline.find(key)
            {
                let rows = &self.timeline.segments[s].rows;
                let (end, between) = if forward { (rows.back(), rows.len() - 1 - i) } else { (rows.front(), i) };
                if between >= left {
                    break;
                }
                left -= between;
                at = end.map_or(at, |end| Item::Row(end.key));
            }
            let Some(next) = self.beside(at, forward) else { break };
            edges.extend(matches!(next, Item::Edge(..)).then_some(next));
            (at, left) = (next, left - 1);
        }
        edges
    }

    /// The lowest item.
    #[must_use]
    pub fn last_item(&self) -> Item {
        Item::Edge(self.timeline.segments.len() - 1, Side::Newer)
    }

    /// The highest item.
    #[must_use]
    pub const fn first_item() -> Item {
        Item::Edge(0, Side::Older)
    }

    /// The next shown row in a direction, skipping edges; `None` at the end of what is loaded.
    #[must_use]
    pub fn step(&self, from: RowKey, down: bool) -> Option<RowKey> {
        let mut item = Item::Row(from);
        loop {
            item = self.beside(item, down)?;
            if let Item::Row(key) = item {
                return Some(key);
            }
        }
    }

    /// The item below or above `item`.
    #[must_use]
    pub fn beside(&self, item: Item, down: bool) -> Option<Item> {
        if down { self.next(item) } else { self.previous(item) }
    }

    /// Whether the item beside a row is an end or a gap that is loaded once it is near the screen, or already on its
    /// way. A filter looks only at what is loaded.
    #[must_use]
    pub fn loads_beside(&self, key: RowKey, down: bool) -> bool {
        let Some(Item::Edge(s, side)) = self.beside(Item::Row(key), down) else { return false };
        let beyond = if side == Side::Newer { self.timeline.segments.get(s + 1).map(|s| &s.older) } else { None };
        let edges = [Some(self.timeline.segments[s].edge(side)), beyond];
        let loads = |edge: &Edge| matches!(edge, Edge::More(_) | Edge::Loading(..));
        self.filter.is_empty() && edges.into_iter().flatten().any(loads)
    }

    /// Shown rows, oldest first.
    pub fn shown(&self) -> impl DoubleEndedIterator<Item = &Entry> {
        self.timeline.entries().filter(|e| self.shows(e))
    }

    /// The oldest shown row that is loaded.
    #[must_use]
    pub fn first_shown(&self) -> Option<RowKey> {
        self.shown().next().map(|e| e.key)
    }

    /// The newest shown row that is loaded.
    #[must_use]
    pub fn last_shown(&self) -> Option<RowKey> {
        self.shown().next_back().map(|e| e.key)
    }

    /// Forgets marks and the cursor of rows that are gone; the cursor goes to the next older row, else the next newer.
    pub fn heal(&mut self) {
        let timeline = &self.timeline;
        self.marks.retain(|key| timeline.get(*key).is_some());
        self.range_from = self.range_from.filter(|key| timeline.get(*key).is_some());
        let Some(key) = self.cursor else { return };
        if timeline.get(key).is_some_and(|e| self.shows(e)) {
            return;
        }
        let older = self.shown().rev().find(|e| e.key < key).map(|e| e.key);
        let next = older.or_else(|| self.shown().find(|e| e.key > key).map(|e| e.key));
        if let (Anchor::At { item, screen }, Some(next)) = (self.anchor, next)
            && item == Item::Row(key)
        {
            self.anchor = Anchor::At { item: Item::Row(next), screen };
        }
        self.cursor = next;
    }
}
