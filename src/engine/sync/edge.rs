//! Where two pages meet: messages of one millisecond may stand on both, so that neither page alone can tell which of
//! them are gone. Both together can.

use crate::domain::{HistoryPage, MessageId, PageEnd, ServerTime};

/// A millisecond of which every message the server has was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Edge {
    pub(super) ms: ServerTime,
    pub(super) seen: Vec<MessageId>,
}

/// The oldest millisecond of the pages so far, which the next page may go on with.
pub(super) struct Edges {
    edge: Option<Edge>,
    /// The next page begins with a whole millisecond: it is the newest, or goes on from all that is newer.
    whole: bool,
}

impl Edges {
    /// Before the newest page.
    pub(super) const fn new() -> Self {
        Self { edge: None, whole: true }
    }

    /// The pages to come do not go on from those before, and may begin within a millisecond.
    pub(super) fn jump(&mut self) {
        *self = Self { edge: None, whole: false };
    }

    /// Takes the next page towards the past, and gives the millisecond that is whole now.
    pub(super) fn pass(&mut self, page: &HistoryPage, now: ServerTime) -> Option<Edge> {
        // A message without an id may be any of those that seem to be gone, and one without a time may be of any
        // millisecond.
        if !page.is_sound || page.messages.iter().any(|m| m.id == MessageId(0) || m.sent_at(now).is_none()) {
            self.jump();
            return None;
        }
        let times = || page.messages.iter().filter_map(|m| m.sent_at(now));
        let of = |ms| page.messages.iter().filter(move |m| m.sent_at(now) == Some(ms)).map(|m| m.id);
        let before = self.edge.take().map(|mut edge| {
            edge.seen.extend(of(edge.ms));
            edge
        });
        if page.end == PageEnd::End {
            return before;
        }
        let Some((oldest, newest)) = times().min().zip(times().max()) else {
            self.edge = before;
            return None;
        };
        if before.as_ref().is_some_and(|edge| oldest >= edge.ms) {
            self.edge = before;
            return None;
        }
        let whole = before.is_some() || self.whole || newest > oldest;
        self.edge = whole.then(|| Edge { ms: oldest, seen: of(oldest).collect() });
        self.whole = whole;
        before
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::domain::{Cursor, Message};
    use crate::wire::message::damaged;

    const NOW: ServerTime = ServerTime(1_700_000_100_000);

    /// A page of messages, each by its millisecond and its number in it.
    fn page(of: &[(i64, u64)], more: bool) -> HistoryPage {
        let messages = of.iter().map(|(ms, n)| {
            let time = ServerTime(1_700_000_000_000 + ms);
            Message { id: MessageId(MessageId::at(time).0 + n), time, ..damaged(Bytes::new(), String::new()) }
        });
        let end = Cursor::new("7").ok().filter(|_| more).map_or(PageEnd::End, PageEnd::More);
        HistoryPage::new(messages.collect(), end)
    }

    fn passed(edges: &mut Edges, of: &[(i64, u64)], more: bool) -> Option<(i64, usize)> {
        let edge = edges.pass(&page(of, more), NOW)?;
        Some((edge.ms.ms() - 1_700_000_000_000, edge.seen.len()))
    }

    #[test]
    fn the_millisecond_in_which_pages_meet_is_whole_once_an_older_one_comes() {
        let mut edges = Edges::new();
        assert_eq!(passed(&mut edges, &[(9, 1), (5, 4), (5, 3)], true), None);
        assert_eq!(passed(&mut edges, &[(5, 2), (5, 1)], true), None, "all of one millisecond: it may go on");
        assert_eq!(passed(&mut edges, &[(5, 0), (3, 1)], true), Some((5, 5)));
        assert_eq!(passed(&mut edges, &[(3, 0)], false), Some((3, 2)), "the server's end");
    }

    #[test]
    fn a_walk_that_begins_within_a_millisecond_cannot_tell_what_is_gone_of_it() {
        let mut edges = Edges::new();
        edges.jump();
        assert_eq!(passed(&mut edges, &[(5, 2), (5, 1)], true), None);
        assert_eq!(passed(&mut edges, &[(5, 0), (3, 1)], true), None, "what came before the jump is not known");
        assert_eq!(passed(&mut edges, &[(3, 0), (2, 0)], true), Some((3, 2)));
    }
}
