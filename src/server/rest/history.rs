//! Roaming history: `POST /users/{user}/messageroaming` (`protocol` 3.3). The hottest call: the answer is written
//! straight into one string.

use serde_json::Value;

use super::entry::View;
use crate::domain::{ChatType, MessageId, Peer};
use crate::server::call::{Answer, Call, Refused, Reply};
use crate::server::db::messages::{self, FIRST, LAST, Page, Position, Row};
use crate::server::db::{channels, rooms};
use crate::wire::words;

const DEFAULT_COUNT: i64 = 20;
const MAX_COUNT: i64 = 50;

/// What was asked for, of either SDK's body.
struct Asked {
    queue: String,
    start: Option<MessageId>,
    count: usize,
    forward: bool,
    kinds: String,
    senders: String,
    since: Option<i64>,
    until: Option<i64>,
}

/// `POST /users/{user}/messageroaming`
pub fn page(call: &Call) -> Answer {
    if !call.app.limits.history {
        return Err(Refused::not_open("messageroaming"));
    }
    let body = call.json()?;
    let asked = read(&body)?;
    let queue = asked.queue.clone();
    let Some(peer) = peer(call, &queue, &body["isGroup"])? else {
        return Ok(write(call, &queue, &[], None));
    };
    let db = call.app.db.get();
    let Some(channel) = channels::find(&db, call.user(), &peer)? else {
        return Ok(write(call, &queue, &[], None));
    };
    let cursor = asked.start.map(|id| messages::position(&db, channel, id)).transpose()?;
    let (after, before) = bounds(call, &asked, cursor);
    let (owner, forward, kinds, senders) = (call.user(), asked.forward, &*asked.kinds, &*asked.senders);
    let wanted = Page { owner, channel, after, before, forward, count: asked.count + 1, kinds, senders };
    let mut rows = messages::page(&db, &wanted)?;
    let more = rows.len() > asked.count;
    rows.truncate(asked.count);
    let view = View { app_key: &call.app.app_key, viewer: call.user(), peer: &peer };
    let entries = rows.iter().map(|row| view.encoded(&db, row)).collect::<Result<Vec<_>, _>>()?;
    Ok(write(call, &queue, &entries, rows.last().filter(|_| more)))
}

/// Whether a body asks for the newest messages of a conversation, whatever they are.
pub fn is_newest(body: &Value) -> bool {
    read(body).is_ok_and(|asked| {
        let chosen = !asked.kinds.is_empty() || !asked.senders.is_empty();
        asked.start.is_none() && !asked.forward && !chosen && asked.since.or(asked.until).is_none()
    })
}

fn read(body: &Value) -> Result<Asked, Refused> {
    let count = match number(&body["pull_number"])? {
        None => DEFAULT_COUNT,
        Some(count) if count > MAX_COUNT => {
            return Err(Refused::illegal(format!("pull number cannot be greater than {MAX_COUNT}")));
        }
        Some(count) if count < 1 => return Err(Refused::illegal("pull number must be greater than 0")),
        Some(count) => count,
    };
    let queue = body["queue"].as_str().filter(|q| !q.is_empty());
    let senders = [&body["userId"], &body["userIds"]].into_iter().find(|v| !v.is_null()).map(list).unwrap_or_default();
    Ok(Asked {
        queue: queue.ok_or_else(|| Refused::illegal("queue cannot be null or empty"))?.to_owned(),
        start: start(&body["start"])?,
        count: count as usize,
        forward: body["is_positive"].as_bool() == Some(true) || body["is_positive"] == "true",
        kinds: list(&body["msgType"]).replace(",voice,", ",audio,"),
        senders,
        since: number(&body["startTime"])?.filter(|at| *at >= 0),
        until: number(&body["endTime"])?.filter(|at| *at >= 0),
    })
}

/// The cursor: absent, `-1`, `null`, `""` and `"undefined"` start at the end.
fn start(value: &Value) -> Result<Option<MessageId>, Refused> {
    let text = match value {
        Value::Null => return Ok(None),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    match text.as_str() {
        "" | "-1" | "undefined" | "null" => Ok(None),
        id => id.parse().map(Some).map_err(|_| Refused::illegal("start is not a message id")),
    }
}

/// A number or a numeric string; `null` and `""` are none.
fn number(value: &Value) -> Result<Option<i64>, Refused> {
    let read = match value {
        Value::Null => return Ok(None),
        Value::String(text) if text.is_empty() => return Ok(None),
        Value::String(text) => text.parse().ok(),
        other => other.as_i64(),
    };
    read.map(Some).ok_or_else(|| Refused::illegal("not a number"))
}

/// `a,b` or `["a","b"]` as `,a,b,`; empty for none.
fn list(value: &Value) -> String {
    let words: Vec<&str> = match value {
        Value::String(text) => text.split(',').map(str::trim).filter(|w| !w.is_empty()).collect(),
        Value::Array(items) => items.iter().filter_map(Value::as_str).filter(|w| !w.is_empty()).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => Vec::new(),
    };
    if words.is_empty() { String::new() } else { format!(",{},", words.join(",")) }
}

/// The conversation a queue names; `None` for what the user may not see or what is not there.
fn peer(call: &Call, queue: &str, is_group: &Value) -> Result<Option<Peer>, Refused> {
    let (name, in_group) = words::read_jid(&call.app.app_key, queue);
    if in_group || (!queue.contains('@') && is_group.as_bool() == Some(true)) {
        let db = call.app.db.get();
        let member = rooms::is_member(&db, name, call.user())?;
        return Ok(rooms::peer(&db, name)?.filter(|_| member));
    }
    Ok(Peer::new(ChatType::Single, name).ok())
}

/// The open interval of positions a page may come from.
fn bounds(call: &Call, asked: &Asked, cursor: Option<Position>) -> (Position, Position) {
    let limits = &call.app.limits;
    let since = asked.since.unwrap_or(i64::MIN).max(limits.oldest(call.now()));
    let stored = call.now().plus_ms(-limits.slow_storage_ms).ms();
    let until = asked.until.unwrap_or(i64::MAX).min(if limits.slow_storage_ms > 0 { stored } else { i64::MAX });
    let after = if since == i64::MIN { FIRST } else { (since - 1, i64::MAX) };
    let before = if until == i64::MAX { LAST } else { (until + 1, i64::MIN) };
    match cursor {
        None => (after, before),
        Some(at) if asked.forward => (after.max(at), before),
        Some(at) => (after, before.min(at)),
    }
}

/// The answer. Without a next key it is the end, said twice as the service does.
fn write(call: &Call, queue: &str, entries: &[String], next: Option<&Row>) -> Reply {
    let now = call.now().ms();
    let quoted = |text: &str| Value::from(text).to_string();
    let mut out = String::with_capacity(512 + entries.iter().map(|e| e.len() + 12).sum::<usize>());
    let user = format!("{}@{}", call.user(), words::USER_DOMAIN);
    let (user, queue) = (quoted(&user), quoted(queue));
    out.push_str(&format!(
        "{{\"action\":\"get message roaming\",\"data\":{{\"user\":{user},\"queue\":{queue},\"msgs\":["
    ));
    for (n, entry) in entries.iter().enumerate() {
        out.push_str(if n == 0 { "{\"msg\":\"" } else { ",{\"msg\":\"" });
        out.push_str(entry);
        out.push_str("\"}");
    }
    let key = next.map_or_else(|| "undefined".to_owned(), |row| row.id.to_string());
    out.push_str(&format!(
        "],\"next_key\":\"{key}\",\"is_last\":{},\"timestamp\":{now}}},\"uri\":{},\"duration\":0,\"timestamp\":{now}}}",
        next.is_none(),
        quoted(&call.uri()),
    ));
    Reply::Text(out)
}
