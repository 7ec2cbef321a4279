//! One page of history (`protocol` 3.3), in order and without repeats.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::Client;
use super::call::{Call, encoded};
use crate::domain::{
    ChatType, Cursor, Direction, Failure, FailureKind, HistoryPage, HistoryQuery, Message, MessageId, PageEnd, Peer,
    ServerTime, Service,
};
use crate::wire::{rest, words};

impl Client {
    /// A page, ordered by server time (then id) in its direction. A message that repeats is kept once; damaged ones
    /// without an id all stay, beside their neighbours.
    ///
    /// # Errors
    /// [`FailureKind::Refused`] when the page is somebody else's history ([`FailureKind::ForeignToken`] where a token was
    /// given); otherwise the server's failure.
    pub async fn history(&self, query: &HistoryQuery) -> Result<HistoryPage, Failure> {
        let user = self.user()?;
        let path = format!("/users/{}/messageroaming", encoded(user.as_str()));
        let call = Call::post("POST messageroaming", path, body(query), Service::History);
        let answer = self.read(&call).await?;
        let page = rest::history(&self.inner.endpoint.app_key, &answer.body).map_err(|e| answer.unreadable(e))?;
        if page.owner.is_some_and(|owner| !owner.eq_ignore_ascii_case(user.as_str())) {
            let text = "the server answered with the history of another user";
            let kind = if self.has_given_token() { FailureKind::ForeignToken } else { FailureKind::Refused };
            return Err(answer.failure(kind, text));
        }
        if let Some(foreign) = page.messages.iter().find(|m| is_foreign(m, &query.peer)) {
            tracing::warn!(id = %foreign.id, "a page holds a message of another conversation");
            return Err(
                answer.failure(FailureKind::Refused, "the server answered with messages of another conversation")
            );
        }
        let end = match page.next {
            None => PageEnd::End,
            Some(next) => Cursor::new(&next).map_or(PageEnd::Refused, PageEnd::More),
        };
        let now = self.inner.clock.now();
        let is_sound = page.is_sound && goes_one_way(&page.messages, query.direction, now);
        Ok(HistoryPage { messages: arrange(page.messages, query.direction, now), end, is_sound, is_kept: false })
    }
}

/// Whether a message names who it is from and to, and neither is the peer.
fn is_foreign(message: &Message, peer: &Peer) -> bool {
    let is_peer = |name: &str| name.is_empty() || name.eq_ignore_ascii_case(peer.id());
    match peer.chat_type {
        ChatType::Single => !is_peer(&message.from) && !is_peer(&message.to),
        ChatType::Group | ChatType::Room => !is_peer(&message.to),
    }
}

/// Servers' clocks differ by moments; a step back by more than this is no order by time.
const MOMENTS_MS: i64 = 60_000;

/// Whether the entries came in the order of their times, so that the outermost of them bound the page.
fn goes_one_way(messages: &[Message], direction: Direction, now: ServerTime) -> bool {
    let times: Vec<ServerTime> = messages.iter().filter_map(|m| m.sent_at(now)).collect();
    times.windows(2).all(|pair| match direction {
        Direction::Up => pair[1].since_ms(pair[0]) <= MOMENTS_MS,
        Direction::Down => pair[0].since_ms(pair[1]) <= MOMENTS_MS,
    })
}

/// The request as SDK 4.21 writes it; group members are filtered by `userId`.
fn body(query: &HistoryQuery) -> Value {
    let filter: Vec<&str> = query.kinds.iter().filter_map(|k| k.filter_word()).collect();
    json!({
        "queue": words::queue(&query.peer),
        "start": query.cursor.as_ref().map_or_else(|| json!(-1), |c| json!(c.as_str())),
        "pull_number": query.size.get(),
        "is_positive": query.direction == Direction::Down,
        "msgType": filter.join(","),
        "end": -1,
        "startTime": query.start.map(ServerTime::ms),
        "endTime": query.end.map(ServerTime::ms),
        "userId": query.sender.as_ref().filter(|_| query.peer.chat_type != ChatType::Single),
    })
}

fn arrange(mut messages: Vec<Message>, direction: Direction, now: ServerTime) -> Vec<Message> {
    let mut seen = HashSet::with_capacity(messages.len());
    messages.retain(|m| m.id == MessageId(0) || seen.insert(m.id));
    let keys = keys(&messages, now);
    let in_order = |a: &(ServerTime, MessageId), b: &(ServerTime, MessageId)| match direction {
        Direction::Up => a >= b,
        Direction::Down => a <= b,
    };
    if keys.is_sorted_by(in_order) {
        return messages;
    }
    let mut rows: Vec<_> = keys.into_iter().zip(messages).collect();
    rows.sort_by(|(a, _), (b, _)| if direction == Direction::Up { b.cmp(a) } else { a.cmp(b) });
    rows.into_iter().map(|(_, message)| message).collect()
}

/// Where each message belongs: its time, else the time in its id, else its neighbour's place.
fn keys(messages: &[Message], now: ServerTime) -> Vec<(ServerTime, MessageId)> {
    let own = |m: &Message| m.sent_at(now).filter(|_| m.id != MessageId(0)).map(|time| (time, m.id));
    let mut last = messages.iter().find_map(own).unwrap_or((ServerTime(0), MessageId(0)));
    messages
        .iter()
        .map(|m| {
            last = own(m).unwrap_or(last);
            last
        })
        .collect()
}
