//! Paging to the end, and knowing when to stop.

use std::collections::hash_map::{DefaultHasher, Entry};
use std::collections::{HashMap, HashSet};
use std::hash::{Hash, Hasher};

use strum::IntoStaticStr;

use super::Client;
use crate::domain::{Cursor, Failure, HistoryPage, HistoryQuery, Message, MessageId, PageEnd};

/// Pages in a row without anything new, each with a new cursor, that are followed.
const MAX_EMPTY: u32 = 3;

/// Why a walk ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Stop {
    /// The server's end.
    Complete,
    /// A cursor came back; what lies beyond is unknown.
    IncompleteLoop,
    /// Three empty pages that claimed not to be the last.
    IncompleteEmpty,
    /// A cursor that cannot be used.
    IncompleteRefused,
}

/// Walks one query to its end, page by page; each message once.
pub struct Walker {
    client: Client,
    query: HistoryQuery,
    cursors: HashSet<Cursor>,
    seen: HashMap<MessageId, u64>,
    empty: u32,
    conflicts: usize,
    stop: Option<Stop>,
}

impl Walker {
    /// Starts at the query's cursor; sends nothing yet.
    #[must_use]
    pub fn new(client: Client, query: HistoryQuery) -> Self {
        let cursors = query.cursor.iter().cloned().collect();
        Self { client, query, cursors, seen: HashMap::new(), empty: 0, conflicts: 0, stop: None }
    }

    /// The next page's new messages; may be empty. `None` once [`Walker::stop`] tells why it ended.
    ///
    /// # Errors
    /// What [`Client::history`] says; calling again asks for the same page again.
    pub async fn next(&mut self) -> Result<Option<Vec<Message>>, Failure> {
        if self.stop.is_some() {
            return Ok(None);
        }
        let page = self.client.history(&self.query).await?;
        Ok(Some(self.take(page)))
    }

    /// Why the walk ended; `None` while it goes on.
    #[must_use]
    pub const fn stop(&self) -> Option<Stop> {
        self.stop
    }

    /// Messages that came twice with different content; the first was kept.
    #[must_use]
    pub const fn conflicts(&self) -> usize {
        self.conflicts
    }

    /// Where the walk goes on after what was taken; what a later walk needs to continue.
    #[must_use]
    pub const fn cursor(&self) -> Option<&Cursor> {
        self.query.cursor.as_ref()
    }

    fn take(&mut self, page: HistoryPage) -> Vec<Message> {
        let new: Vec<Message> = page.messages.into_iter().filter(|m| self.is_new(m)).collect();
        // A page that was there already leads on no further than an empty one.
        self.empty = if new.is_empty() { self.empty + 1 } else { 0 };
        self.stop = match page.end {
            PageEnd::End => Some(Stop::Complete),
            PageEnd::Refused => Some(Stop::IncompleteRefused),
            PageEnd::More(cursor) if !self.cursors.insert(cursor.clone()) => Some(Stop::IncompleteLoop),
            PageEnd::More(_) if self.empty >= MAX_EMPTY => Some(Stop::IncompleteEmpty),
            PageEnd::More(cursor) => {
                self.query.cursor = Some(cursor);
                None
            }
        };
        new
    }

    fn is_new(&mut self, message: &Message) -> bool {
        if message.id == MessageId(0) {
            return true;
        }
        let mut hasher = DefaultHasher::new();
        message.raw.hash(&mut hasher);
        let print = hasher.finish();
        match self.seen.entry(message.id) {
            Entry::Vacant(slot) => {
                slot.insert(print);
                true
            }
            Entry::Occupied(known) => {
                self.conflicts += usize::from(*known.get() != print);
                false
            }
        }
    }
}
