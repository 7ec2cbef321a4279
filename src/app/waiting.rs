//! Edges whose pages nobody waits for any more: stopped, forgotten, or asked for again.

use super::msg::RequestId;
use super::timeline::{Edge, Side, Timeline};
use crate::domain::Failure;

impl Timeline {
    /// Stops what is loading: its edges say so and wait for Enter. Gives the requests nobody waits for now.
    pub fn stop(&mut self, stopped: &Failure) -> Vec<RequestId> {
        let mut forgotten = Vec::new();
        for edge in self.segments.iter_mut().flat_map(|s| [&mut s.older, &mut s.newer]) {
            if let Edge::Loading(id, cursor) = edge {
                forgotten.push(*id);
                *edge = Edge::Failed(Box::new(stopped.clone()), cursor.take());
            }
        }
        forgotten
    }

    /// Beyond the server's oldest message there may be more in an archive.
    pub fn look_further(&mut self) {
        if let Some(first) = self.segments.first_mut().filter(|s| s.older == Edge::Reached) {
            first.older = Edge::More(first.cursor(Side::Older));
        }
    }

    /// Edges that failed are asked for again by themselves.
    pub fn forgive(&mut self) {
        for edge in self.segments.iter_mut().flat_map(|s| [&mut s.older, &mut s.newer]) {
            if let Edge::Failed(_, cursor) = edge {
                *edge = Edge::More(cursor.take());
            }
        }
    }

    /// The answers to these requests are not wanted any more: their edges can be asked for again.
    pub fn forget_requests(&mut self) -> Vec<RequestId> {
        let mut forgotten = Vec::new();
        for edge in self.segments.iter_mut().flat_map(|s| [&mut s.older, &mut s.newer]) {
            if let Edge::Loading(id, cursor) = edge {
                forgotten.push(*id);
                *edge = Edge::More(cursor.take());
            }
        }
        forgotten
    }
}
