//! Asking the server where the archive has holes, by what it can filter: kind, sender, time.

use super::Engine;
use super::archive::broken_off;
use crate::domain::{ChatType, Direction, Failure, FailureKind, HistoryQuery, Inquired, Inquiry, PageEnd};

/// Pages asked for at most: who wants more mirrors the conversation.
const PAGES: usize = 200;

impl Engine {
    /// Fetches what an inquiry asks for and the archive is not known to have, and keeps it; the archive finds it from
    /// then on. Of no stretch it says that it is complete.
    ///
    /// # Errors
    /// What the server said; what came before is kept. [`FailureKind::ReadOnly`] where there is no archive.
    pub async fn inquire(&self, inquiry: &Inquiry) -> Result<Inquired, Failure> {
        let Some(archive) = &self.archive else {
            return Err(Failure::local(FailureKind::ReadOnly, "there is no archive"));
        };
        let sender = match &inquiry.sender {
            Some(sender) => {
                let (store, id) = (archive.store().clone(), sender.clone());
                let known =
                    archive.blocking(move || store.knows_sender(id.as_str())).await.ok_or_else(broken_off)??;
                inquiry.sender.clone().filter(|_| known)
            }
            None => None,
        };
        let (mut done, mut left) = (Inquired::default(), PAGES);
        for peer in &inquiry.peers {
            let (store, whose, start, end) = (archive.store().clone(), peer.clone(), inquiry.start, inquiry.end);
            let holes = archive.blocking(move || store.holes(&whose, start, end)).await.ok_or_else(broken_off)??;
            for (start, end) in holes {
                let query = HistoryQuery {
                    kinds: inquiry.kinds.clone(),
                    sender: sender.clone().filter(|_| peer.chat_type != ChatType::Single),
                    start,
                    end,
                    ..HistoryQuery::new(peer.clone(), None, Direction::Up).afresh()
                };
                self.fill(query, &mut left, &mut done).await?;
                if done.is_cut {
                    return Ok(done);
                }
            }
        }
        Ok(done)
    }

    /// Pages through one hole.
    async fn fill(&self, mut query: HistoryQuery, left: &mut usize, done: &mut Inquired) -> Result<(), Failure> {
        loop {
            let Some(rest) = left.checked_sub(1) else {
                done.is_cut = true;
                return Ok(());
            };
            *left = rest;
            let page = self.asked(&query).await?;
            done.messages += page.messages.len();
            // A server that knows no filters would go on to its end.
            let now = self.client.clock().now();
            let oldest = page.messages.iter().rev().find_map(|message| message.sent_at(now));
            let is_past = query.start.zip(oldest).is_some_and(|(start, oldest)| oldest < start);
            match page.end {
                _ if is_past => return Ok(()),
                PageEnd::More(next) if !page.messages.is_empty() && query.cursor.as_ref() != Some(&next) => {
                    query.cursor = Some(next);
                }
                PageEnd::End => return Ok(()),
                // It leads nowhere, and what is missing is not known.
                PageEnd::More(_) | PageEnd::Refused => {
                    done.is_cut = true;
                    return Ok(());
                }
            }
        }
    }
}
