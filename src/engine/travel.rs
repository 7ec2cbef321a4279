//! Going to a time or a message of a conversation without paging there.
//!
//! What is complete in the archive answers alone. Else a cursor is made from the time by the layout of message ids
//! (`protocol` 1), and what comes back must lie on its side of the place. A server that does not keep to the layout is
//! asked by time bounds, and one that ignores those by trying cursors in between.

use super::Engine;
use crate::domain::{
    Around, Cursor, Direction, Failure, FailureKind, HistoryPage, HistoryQuery, Message, MessageId, PageEnd, PageSize,
    Peer, ServerTime, Spot,
};

/// Requests that look for a place between two others: each halves what is left, down to a millisecond of 40 years.
const PROBES: usize = 41;

impl Engine {
    /// The messages around a place, a page on either side. A message that does not exist gives the place where it would
    /// stand.
    ///
    /// # Errors
    /// What the server said, where the archive does not have the place either.
    pub async fn around(&self, peer: &Peer, spot: Spot) -> Result<Around, Failure> {
        if let Some(archive) = &self.archive
            && let Some(here) = archive.around(peer, spot, false).await
        {
            self.remember_around(peer, &here);
            return Ok(here);
        }
        let found = match self.asked_around(peer, spot).await {
            Ok(found) => found,
            // Without a server the nearest that is here is better than nothing.
            Err(failure) if failure.kind.is_lost() => {
                let Some(archive) = &self.archive else { return Err(failure) };
                archive.around(peer, spot, true).await.ok_or(failure)?
            }
            Err(failure) => return Err(failure),
        };
        self.remember_around(peer, &found);
        Ok(found)
    }

    async fn asked_around(&self, peer: &Peer, spot: Spot) -> Result<Around, Failure> {
        let made = match spot {
            Spot::Time(at) => MessageId::at(at),
            Spot::Message(id) => id,
        };
        // There are no cursors before the layout's epoch; all there is comes after it.
        let older = if made.0 == 0 {
            Ok(HistoryPage::new(Vec::new(), PageEnd::End))
        } else {
            self.asked(&HistoryQuery::new(peer.clone(), Some(made.into()), Direction::Up)).await
        };
        let older = match older {
            Ok(page) if self.lies_before(&page.messages, spot) => page,
            Err(failure) if failure.status != Some(400) => return Err(failure),
            Ok(_) | Err(_) => return self.bounded(peer, spot.time()).await,
        };
        let newer = self.what_follows(peer, &older).await?;
        match spot {
            Spot::Time(at) if self.begins_before(&newer.messages, at) => self.bounded(peer, at).await,
            Spot::Time(_) | Spot::Message(_) => {
                Ok(Around { older, newer, is_kept: false, is_loose: false, served_from: None })
            }
        }
    }

    /// By time bounds, which newer servers know; what they give must lie within.
    async fn bounded(&self, peer: &Peer, at: ServerTime) -> Result<Around, Failure> {
        let up = HistoryQuery::new(peer.clone(), None, Direction::Up);
        let before = HistoryQuery { end: Some(at.plus_ms(-1)), ..up };
        let asked_at = self.client.clock().now();
        let older = self.client.history(&before).await?;
        let older =
            if self.lies_before(&older.messages, Spot::Time(at)) { older } else { self.halved(peer, at).await? };
        if let Some(archive) = &self.archive {
            archive.take(&before, &older, asked_at).await;
        }
        // The bound is over; whatever message it ended with goes on without it.
        let end = match (&older.end, older.messages.last()) {
            (PageEnd::More(_), Some(last)) if last.id != MessageId(0) => PageEnd::More(Cursor::from(last.id)),
            (end, _) => end.clone(),
        };
        let older = HistoryPage { end, ..older };
        let newer = self.what_follows(peer, &older).await?;
        Ok(Around { older, newer, is_kept: false, is_loose: false, served_from: None })
    }

    /// By cursors in between: their order is the history's, whatever times their ids tell.
    async fn halved(&self, peer: &Peer, at: ServerTime) -> Result<HistoryPage, Failure> {
        let one = PageSize::new(1).map_err(|e| Failure::local(FailureKind::Local, e.to_string()))?;
        let (mut low, mut high) = (0_u64, MessageId::at(self.client.clock().now()).0.saturating_mul(2));
        for _ in 0..PROBES {
            let middle = low + (high - low) / 2;
            if middle == low {
                break;
            }
            let up = HistoryQuery::new(peer.clone(), Some(MessageId(middle).into()), Direction::Up);
            let page = self.client.history(&HistoryQuery { size: one, ..up }).await?;
            if self.lies_before(&page.messages, Spot::Time(at)) {
                low = middle;
            } else {
                high = middle;
            }
        }
        self.client.history(&HistoryQuery::new(peer.clone(), Some(MessageId(low.max(1)).into()), Direction::Up)).await
    }

    /// What follows a page of older messages; from the server's oldest on where that is empty.
    async fn what_follows(&self, peer: &Peer, older: &HistoryPage) -> Result<HistoryPage, Failure> {
        let newest = older.messages.iter().find(|m| m.id != MessageId(0)).map(|m| Cursor::from(m.id));
        self.asked(&HistoryQuery::new(peer.clone(), newest, Direction::Down)).await
    }

    fn remember_around(&self, peer: &Peer, around: &Around) {
        self.remember(peer, &around.older.messages);
        self.remember(peer, &around.newer.messages);
    }

    /// Whether a page towards the past lies before a place, as far as its newest message with a time tells.
    fn lies_before(&self, messages: &[Message], spot: Spot) -> bool {
        match spot {
            Spot::Time(at) => self.sent(messages).is_none_or(|(_, time)| time < at),
            Spot::Message(id) => messages.iter().all(|m| m.id != id),
        }
    }

    /// Whether a page towards the present begins before a time.
    fn begins_before(&self, messages: &[Message], at: ServerTime) -> bool {
        self.sent(messages).is_some_and(|(_, time)| time < at)
    }

    /// The first message of a page that has an id and a time.
    fn sent(&self, messages: &[Message]) -> Option<(MessageId, ServerTime)> {
        let now = self.client.clock().now();
        messages.iter().filter(|m| m.id != MessageId(0)).find_map(|m| Some((m.id, m.sent_at(now)?)))
    }
}
