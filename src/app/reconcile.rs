//! A loaded range that was read again: what the server no longer has goes, what is new or changed comes.

use std::collections::HashSet;

use super::join::insert;
use super::timeline::{Edge, RowKey, Segment, Side, Timeline};
use crate::domain::{Direction, Message, MessageId, PageEnd, ServerTime};

impl Timeline {
    /// Compares what was read again, newest first and without a hole, with the rows loaded in that range: rows the
    /// server no longer has go, new and changed ones come. Rows from `above` on were not asked about; all were where
    /// there is none. Says how many went.
    pub fn reconcile(&mut self, fresh: Vec<Message>, end: &PageEnd, above: Option<RowKey>, now: ServerTime) -> usize {
        if fresh.is_empty() && *end != PageEnd::End {
            return 0;
        }
        let fresh = self.entries_of(fresh, Direction::Up, now);
        let ids: HashSet<MessageId> = fresh.iter().map(|e| e.message.id).collect();
        let lowest = fresh.last().map(|e| e.key).filter(|_| *end != PageEnd::End);
        let covered = |key: RowKey| lowest.is_none_or(|low| key >= low) && above.is_none_or(|above| key < above);
        let holds = |s: &Segment| s.rows.iter().any(|e| covered(e.key));
        let touched: Vec<usize> = (0..self.segments.len()).filter(|i| holds(&self.segments[*i])).collect();
        let gone = self.remove(|e| e.message.id.0 != 0 && covered(e.key) && !ids.contains(&e.message.id));
        let at = match (touched.first(), touched.last()) {
            (Some(first), Some(last)) => self.unite(*first, *last),
            (None, _) | (_, None) => self.open_newest(),
        };
        for row in fresh {
            insert(&mut self.segments[at].rows, row);
        }
        let segment = &mut self.segments[at];
        if *end == PageEnd::End {
            segment.older = Edge::Reached;
            self.segments.drain(..at);
        } else if touched.is_empty() {
            segment.older = Edge::More(segment.cursor(Side::Older));
        }
        self.join();
        gone
    }

    /// Makes one segment of those from `first` to `last`: what was read again leaves no hole between them.
    fn unite(&mut self, first: usize, last: usize) -> usize {
        for _ in first..last {
            let next = self.segments.remove(first + 1);
            let segment = &mut self.segments[first];
            segment.rows.extend(next.rows);
            segment.newer = next.newer;
        }
        first
    }

    /// A new segment at the newest end, apart from all that is loaded: so much came meanwhile that what lies between is
    /// not known. Only a range that begins at the newest message can miss every loaded row.
    fn open_newest(&mut self) -> usize {
        if let Some(last) = self.segments.last_mut() {
            last.newer = Edge::More(last.cursor(Side::Newer));
        }
        self.segments.push(Segment::new(Edge::More(None), Edge::Reached));
        self.segments.len() - 1
    }
}
