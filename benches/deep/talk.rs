//! A long conversation that repeats itself, and the server that gives its pages.

use bytes::Bytes;
use manyou::domain::{Cursor, Direction, HistoryPage, HistoryQuery, Message, MessageId, PageEnd, Peer, ServerTime};
use manyou::server::demo::{AGENT, long_conversation};
use manyou::wire::{message, pb};
use prost::Message as _;

/// After so many messages the same ones come again, a day later.
pub(crate) const PERIOD: usize = 400;
/// 3 May 2024.
pub(crate) const NOW: ServerTime = ServerTime(1_714_724_180_000);
const DAY_MS: i64 = 86_400_000;

pub(crate) struct Talk {
    pub(crate) peer: Peer,
    /// Oldest first.
    messages: Vec<Message>,
}

impl Talk {
    pub(crate) fn new(count: usize) -> Self {
        let peer: Peer = "longtime".parse().unwrap_or_else(|_| std::process::abort());
        let once: Vec<Message> = long_conversation(count, 1, &peer, NOW)
            .skip(1)
            .take(PERIOD)
            .map(|seed| Message {
                from: seed.from.clone(),
                to: if seed.from == AGENT { peer.id() } else { AGENT }.to_owned(),
                time: seed.time,
                body: pb::MessageBody::decode(seed.body.as_slice())
                    .map_or_else(|_| std::process::abort(), |body| message::read_body(&body)),
                ..message::damaged(Bytes::from(seed.body), String::new())
            })
            .collect();
        let days = count.div_ceil(PERIOD) as i64;
        let messages = (0..count).map(|n| {
            let mut message = once[n % PERIOD].clone();
            message.time = message.time.plus_ms((n.div_euclid(PERIOD) as i64 - days) * DAY_MS);
            message.id = MessageId(MessageId::at(message.time).0 + (n % PERIOD) as u64);
            message
        });
        Self { messages: messages.collect(), peer }
    }

    /// Place of a message, counted from the oldest.
    pub(crate) fn place(&self, id: MessageId) -> Option<usize> {
        self.messages.binary_search_by_key(&id, |m| m.id).ok()
    }

    /// The newest message.
    pub(crate) fn last(&self) -> Option<Message> {
        self.messages.last().cloned()
    }

    /// What the server answers.
    pub(crate) fn page(&self, query: &HistoryQuery) -> HistoryPage {
        let id = query.cursor.as_ref().and_then(|c| c.as_str().parse::<MessageId>().ok());
        let size = query.size.get();
        let up = query.direction == Direction::Up;
        let (messages, is_last): (Vec<Message>, bool) = if up {
            let end = id.map_or(self.messages.len(), |id| self.messages.partition_point(|m| m.id < id));
            let start = end.saturating_sub(size);
            (self.messages[start..end].iter().rev().cloned().collect(), start == 0)
        } else {
            let start = id.map_or(0, |id| self.messages.partition_point(|m| m.id <= id));
            let end = (start + size).min(self.messages.len());
            (self.messages[start..end].to_vec(), end == self.messages.len())
        };
        let end = match messages.last() {
            Some(last) if !is_last => PageEnd::More(Cursor::from(last.id)),
            _ => PageEnd::End,
        };
        HistoryPage::new(messages, end)
    }
}
