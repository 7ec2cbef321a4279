//! Where two pages meet: messages of one millisecond may stand on both, so that neither page alone can tell which of
//! them are gone. Both together can.

use crate::domain::{HistoryPage, Message, MessageId, PageEnd, ServerTime};

/// A millisecond of which every message the server has was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Edge {
    pub(super) ms: ServerTime,
    pub(super) seen: Vec<MessageId>,
}

/// The oldest millisecond of the pages so far, which the next page may go on with.
#[derive(Default)]
pub(super) struct Edges(Option<Edge>);

impl Edges {
    /// The pages to come do not go on from those before.
    pub(super) fn jump(&mut self) {
        self.0 = None;
    }

    /// Takes the next page towards the past, and gives the millisecond that is whole now.
    pub(super) fn pass(&mut self, page: &HistoryPage, now: ServerTime) -> Option<Edge> {
        // A message without an id may be any of those that seem to be gone.
        if page.messages.iter().any(|m| m.id == MessageId(0)) {
            self.0 = None;
            return None;
        }
        let oldest = page.messages.iter().map(|m| time(m, now)).min();
        let of = |ms| page.messages.iter().filter(move |m| time(m, now) == ms).map(|m| m.id);
        let mut before = self.0.take();
        if let Some(edge) = &mut before {
            edge.seen.extend(of(edge.ms));
        }
        let is_end = page.end == PageEnd::End;
        match (before, oldest) {
            (Some(edge), None) if !is_end => {
                self.0 = Some(edge);
                None
            }
            (Some(edge), Some(oldest)) if !is_end && oldest >= edge.ms => {
                self.0 = Some(edge);
                None
            }
            (before, Some(oldest)) if !is_end => {
                self.0 = Some(Edge { ms: oldest, seen: of(oldest).collect() });
                before
            }
            (before, _) => before,
        }
    }
}

/// When a message was sent: by its own word, else by its id.
fn time(message: &Message, now: ServerTime) -> ServerTime {
    if message.time.is_valid_at(now) { message.time } else { message.id.time() }
}
