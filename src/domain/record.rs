//! The one JSON form of messages and conversations for people and programs: command line, clipboard, detail.
//!
//! Ids are strings, times are milliseconds and RFC 3339; attachment secrets are left out; what could not be decoded
//! carries its raw bytes as hexadecimal digits, and `null` where its id or time could not be read.

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Map, Value, json};

use super::{Attachment, Body, Conversation, ExtValue, Message, MessageId, ServerTime};

impl Message {
    /// The message as a JSON object.
    #[must_use]
    pub fn record(&self) -> Value {
        let mut out = serde_json::to_value(Record(self)).unwrap_or_default();
        if matches!(self.body, Body::Unknown { .. } | Body::Damaged { .. }) {
            out["raw"] = json!(format!("{:x}", self.raw));
        }
        out
    }

    /// Writes the fields of [`record`](Self::record), all but `raw`, into an object without building it: exports write millions.
    ///
    /// # Errors
    /// The map's.
    pub fn record_into<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        map.serialize_entry("id", &Some(self.id).filter(|id| *id != MessageId(0)))?;
        map.serialize_entry("time", &known(self.time).map(ServerTime::ms))?;
        map.serialize_entry("time_utc", &known(self.time).and_then(utc))?;
        map.serialize_entry("chat_type", &self.chat_type)?;
        map.serialize_entry("from", &self.from)?;
        map.serialize_entry("to", &self.to)?;
        map.serialize_entry("type", &self.body.kind())?;
        match &self.body {
            Body::Text { text, stream: None } => map.serialize_entry("body", &Text { text })?,
            other => map.serialize_entry("body", &body(other))?,
        }
        map.serialize_entry("ext", &pairs(&self.ext))?;
        if let Some(edit) = &self.edit {
            let edit = json!({"count": edit.count, "operator": edit.operator, "time": edit.time.ms()});
            map.serialize_entry("edit", &edit)?;
        }
        if !self.reactions.is_empty() {
            let one = |r: &super::Reaction| json!({"reaction": r.reaction, "count": r.count, "mine": r.mine, "users": r.users});
            map.serialize_entry("reactions", &self.reactions.iter().map(one).collect::<Value>())?;
        }
        if let Some(thread) = &self.thread {
            let thread = json!({"id": thread.id, "name": thread.name, "message_count": thread.message_count});
            map.serialize_entry("thread", &thread)?;
        }
        if !self.translations.is_empty() {
            let one = |t: &super::Translation| json!({"code": t.code, "text": t.text});
            map.serialize_entry("translations", &self.translations.iter().map(one).collect::<Value>())?;
        }
        for (key, state) in [("delivered", self.delivered), ("read", self.read)] {
            if let Some(state) = state {
                map.serialize_entry(key, &state)?;
            }
        }
        if self.replaced {
            map.serialize_entry("replaced", &true)?;
        }
        Ok(())
    }
}

struct Record<'a>(&'a Message);

impl Serialize for Record<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(None)?;
        self.0.record_into(&mut map)?;
        map.end()
    }
}

/// The body most messages have.
#[derive(serde::Serialize)]
struct Text<'a> {
    text: &'a str,
}

impl Conversation {
    /// The conversation as a JSON object.
    #[must_use]
    pub fn record(&self) -> Value {
        json!({
            "peer": self.peer.to_string(),
            "chat_type": self.peer.chat_type,
            "id": self.peer.id(),
            "unread": self.unread,
            "pinned": self.pinned,
            "marks": self.marks,
            "last": self.last.as_deref().map(Message::record),
        })
    }
}

/// No server wrote 1970: nothing was there to be read.
fn known(time: ServerTime) -> Option<ServerTime> {
    Some(time).filter(|time| *time != ServerTime(0))
}

fn utc(time: ServerTime) -> Option<String> {
    time.timestamp().map(|_| time.to_string())
}

fn pairs(pairs: &[(String, ExtValue)]) -> Value {
    let value = |v: &ExtValue| match v {
        ExtValue::Bool(v) => json!(v),
        ExtValue::Int(v) => json!(v),
        ExtValue::Float(v) => json!(v),
        ExtValue::Double(v) => json!(v),
        ExtValue::Text(v) => json!(v),
        ExtValue::Json(v) => serde_json::from_str(v).unwrap_or_else(|_| json!(v)),
    };
    Value::Object(pairs.iter().map(|(k, v)| (k.clone(), value(v))).collect::<Map<_, _>>())
}

fn file(file: &Attachment) -> Value {
    json!({"name": file.name, "url": file.url, "bytes": file.bytes})
}

fn body(body: &Body) -> Value {
    let size = |s: &Option<super::Size>| s.map(|s| json!({"width": s.width, "height": s.height}));
    match body {
        Body::Text { text, stream } => {
            let mut out = json!({"text": text});
            if let Some(stream) = stream {
                out["stream"] =
                    json!({"kind": stream.kind, "seq": stream.seq, "status": format!("{:?}", stream.status)});
            }
            out
        }
        Body::Image { file: f, size: s, gif } => json!({"file": file(f), "size": size(s), "gif": gif}),
        Body::Audio { file: f, seconds } => json!({"file": file(f), "seconds": seconds}),
        Body::Video { file: f, seconds, size: s, thumb } => {
            json!({"file": file(f), "seconds": seconds, "size": size(s), "thumbnail": thumb.as_ref().map(file)})
        }
        Body::File { file: f } => json!({"file": file(f)}),
        Body::Location { latitude, longitude, address, building } => {
            json!({"latitude": latitude, "longitude": longitude, "address": address, "building": building})
        }
        Body::Command { action, params } => json!({"action": action, "params": pairs(params)}),
        Body::Custom { event, exts } => json!({"event": event, "values": pairs(exts)}),
        Body::Combine { fallback, title, summary, level, file: f } => {
            json!({"title": title, "summary": summary, "fallback": fallback, "level": level, "file": file(f)})
        }
        Body::Recalled { target } => json!({"target": target}),
        Body::Unknown { kind } => json!({"kind": kind}),
        Body::Damaged { reason } => json!({"reason": reason}),
    }
}
