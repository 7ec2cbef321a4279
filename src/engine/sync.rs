//! Mirroring a conversation: from its newest message back, asking the server only for what the archive does not have.
//!
//! Every page is kept as it comes, so whatever ends this, the next one goes on where it stopped.

use super::Engine;
use crate::domain::{Cursor, Direction, Failure, HistoryQuery, PageEnd, Peer, ServerTime};

/// What mirroring one conversation came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Synced {
    /// Messages met, those that were here already too.
    pub messages: u64,
    /// The server's end was reached, or what was asked for.
    pub complete: bool,
}

impl Engine {
    /// Mirrors a conversation back to `since`, or to the server's end. `on_page` hears how many messages were met so
    /// far.
    ///
    /// # Errors
    /// What the server said; what came before stays.
    pub async fn sync(
        &self,
        peer: &Peer,
        since: Option<ServerTime>,
        mut on_page: impl FnMut(u64),
    ) -> Result<Synced, Failure> {
        let (mut out, mut cursor): (Synced, Option<Cursor>) = (Synced::default(), None);
        let mut empty = 0;
        loop {
            let page = self.page(&HistoryQuery::new(peer.clone(), cursor.clone(), Direction::Up)).await?;
            out.messages += page.messages.len() as u64;
            on_page(out.messages);
            let reached = since.is_some_and(|since| page.messages.last().is_some_and(|m| m.time < since));
            empty = if page.messages.is_empty() { empty + 1 } else { 0 };
            match page.end {
                PageEnd::End => return Ok(Synced { complete: true, ..out }),
                _ if reached => return Ok(Synced { complete: true, ..out }),
                PageEnd::More(next) if cursor.as_ref() != Some(&next) && empty < 3 => cursor = Some(next),
                PageEnd::More(_) | PageEnd::Refused => return Ok(out),
            }
        }
    }
}
