//! Conversations and messages as machine records and as columns. Ids are strings, times ms and RFC 3339.

use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use super::output::put_time;
use crate::domain::{Attachment, Body, Conversation, ExtValue, Message, ServerTime};
use crate::text::label;

/// One message. Kinds that are unknown or damaged carry the bytes they came as, in hexadecimal.
pub fn message(message: &Message) -> Value {
    let mut record = json!({
        "id": message.id.to_string(),
        "chat_type": message.chat_type,
        "from": message.from,
        "to": message.to,
        "type": message.body.kind(),
        "body": body(&message.body),
    });
    put_time(&mut record, "time", message.time);
    if !message.ext.is_empty() {
        record["ext"] = pairs(&message.ext);
    }
    if let Some(edit) = &message.edit {
        record["edit"] = json!({"count": edit.count, "operator": edit.operator});
        put_time(&mut record["edit"], "time", edit.time);
    }
    let reactions = message.reactions.iter().map(|r| json!({"reaction": r.reaction, "count": r.count, "mine": r.mine, "users": r.users}));
    if !message.reactions.is_empty() {
        record["reactions"] = reactions.collect();
    }
    if let Some(thread) = &message.thread {
        record["thread"] = json!({"id": thread.id, "name": thread.name, "message_count": thread.message_count});
    }
    if !message.translations.is_empty() {
        record["translations"] = message.translations.iter().map(|t| json!({"code": t.code, "text": t.text})).collect();
    }
    for (name, state) in [("delivered", message.delivered), ("read", message.read)] {
        if let Some(state) = state {
            record[name] = json!(state);
        }
    }
    if message.replaced {
        record["replaced"] = json!(true);
    }
    if matches!(message.body, Body::Unknown { .. } | Body::Damaged { .. }) {
        record["raw_hex"] = json!(hex(&message.raw));
    }
    record
}

fn body(body: &Body) -> Value {
    match body {
        Body::Text { text, stream: None } => json!({"text": text}),
        Body::Text { text, stream: Some(stream) } => json!({"text": text, "stream": {"kind": stream.kind, "seq": stream.seq}}),
        Body::Image { file: f, size, gif } => {
            with(file(f), &[("width", json!(size.map(|s| s.width))), ("height", json!(size.map(|s| s.height))), ("gif", json!(gif))])
        }
        Body::Audio { file: f, seconds } => with(file(f), &[("seconds", json!(seconds))]),
        Body::Video { file: f, seconds, size, .. } => {
            let (width, height) = (json!(size.map(|s| s.width)), json!(size.map(|s| s.height)));
            with(file(f), &[("seconds", json!(seconds)), ("width", width), ("height", height)])
        }
        Body::File { file: f } => file(f),
        Body::Location { latitude, longitude, address, building } => {
            json!({"latitude": latitude, "longitude": longitude, "address": address, "building": building})
        }
        Body::Command { action, params } => json!({"action": action, "params": pairs(params)}),
        Body::Custom { event, exts } => json!({"event": event, "exts": pairs(exts)}),
        Body::Combine { fallback, title, summary, level, file: f } => with(
            file(f),
            &[("title", json!(title)), ("summary", json!(summary)), ("level", json!(level)), ("fallback", json!(fallback))],
        ),
        Body::Recalled { target } => json!({"target": target}),
        Body::Unknown { kind } => json!({"kind": kind}),
        Body::Damaged { reason } => json!({"reason": reason}),
    }
}

/// The share secret is left out: it opens the file to whoever has it.
fn file(file: &Attachment) -> Value {
    json!({"url": file.url, "name": file.name, "bytes": file.bytes})
}

fn with(mut object: Value, more: &[(&str, Value)]) -> Value {
    for (name, value) in more {
        object[*name] = value.clone();
    }
    object
}

fn pairs(pairs: &[(String, ExtValue)]) -> Value {
    Value::Object(pairs.iter().map(|(name, v)| (name.clone(), value(v))).collect::<Map<_, _>>())
}

fn value(value: &ExtValue) -> Value {
    match value {
        ExtValue::Bool(b) => json!(b),
        ExtValue::Int(i) => json!(i),
        ExtValue::Float(f) => json!(f),
        ExtValue::Double(f) => json!(f),
        ExtValue::Text(t) => json!(t),
        ExtValue::Json(t) => serde_json::from_str(t).unwrap_or_else(|_| json!(t)),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// One entry of the list.
pub fn conversation(entry: &Conversation) -> Value {
    let mut record = json!({
        "id": entry.peer.to_string(),
        "chat_type": entry.peer.chat_type,
        "unread": entry.unread,
        "pinned": entry.pinned,
        "marks": entry.marks,
        "last": entry.last.as_deref().map(message),
    });
    if let Some(at) = entry.pinned_at {
        put_time(&mut record, "pinned_at", at);
    }
    record
}

/// `PEER  UNREAD  TIME  last words`, peers in 26 cells.
pub fn conversation_line(entry: &Conversation, zone: &TimeZone) -> String {
    let peer = entry.peer.to_string();
    let pin = if entry.pinned { '*' } else { ' ' };
    let at = entry.last.as_ref().map_or_else(String::new, |m| shown_time(m.time, zone));
    let words = entry.last.as_ref().map_or_else(String::new, |m| label(&words(&m.body)).text);
    format!("{pin} {peer:<26}  {:>4}  {at:<16}  {words}", entry.unread).trim_end().to_owned()
}

/// `TIME  SENDER  words  ID`, with breaks of the words indented below them.
pub fn message_line(message: &Message, zone: &TimeZone) -> String {
    let (at, from) = (shown_time(message.time, zone), label(&message.from).text);
    let clean = crate::text::body(&words(&message.body)).text;
    let indented = clean.replace('\n', &format!("\n{:1$}", "", 54));
    format!("{at:<16}  {:<20}  {from:<12}  {indented}", message.id.to_string()).trim_end().to_owned()
}

/// `2024-05-01 14:00` in `zone`, or the raw number where that is no date.
fn shown_time(at: ServerTime, zone: &TimeZone) -> String {
    match at.timestamp() {
        Some(time) => time.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string(),
        None => at.ms().to_string(),
    }
}

/// What a message says, its kind first unless it is text. Hostile until sanitized.
fn words(body: &Body) -> String {
    let place = |building: &str, address: &str| [building, address].join(" ");
    match body {
        Body::Text { text, .. } => text.clone(),
        Body::Image { file, .. } => format!("image {}", file.name),
        Body::Audio { seconds, .. } => format!("voice {seconds} s"),
        Body::Video { file, seconds, .. } => format!("video {} {seconds} s", file.name),
        Body::File { file } => format!("file {} {} B", file.name, file.bytes),
        Body::Location { address, building, .. } => format!("place {}", place(building, address)),
        Body::Command { action, .. } => format!("command {action}"),
        Body::Custom { event, .. } => format!("custom {event}"),
        Body::Combine { title, .. } => format!("record {title}"),
        Body::Recalled { target } => format!("recalled {target}"),
        Body::Unknown { kind } => format!("unknown kind {kind}"),
        Body::Damaged { reason } => format!("damaged: {reason}"),
    }
}
