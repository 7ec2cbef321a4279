//! The one JSON form of messages and conversations for people and programs: command line, clipboard, detail.
//!
//! Ids are strings, times are milliseconds and RFC 3339; attachment secrets are left out; what could not be decoded
//! carries its raw bytes as hexadecimal digits, and `null` where its id or time could not be read.

use serde_json::{Map, Value, json};

use super::{Attachment, Body, Conversation, ExtValue, Message, MessageId, ServerTime};

impl Message {
    /// The message as a JSON object.
    #[must_use]
    pub fn record(&self) -> Value {
        let mut out = json!({
            "id": Some(self.id).filter(|id| *id != MessageId(0)),
            "time": known(self.time).map(ServerTime::ms),
            "time_utc": known(self.time).and_then(utc),
            "chat_type": self.chat_type,
            "from": self.from,
            "to": self.to,
            "type": self.body.kind(),
            "body": body(&self.body),
            "ext": pairs(&self.ext),
        });
        if let Some(edit) = &self.edit {
            out["edit"] = json!({"count": edit.count, "operator": edit.operator, "time": edit.time.ms()});
        }
        if !self.reactions.is_empty() {
            let one = |r: &super::Reaction| json!({"reaction": r.reaction, "count": r.count, "mine": r.mine, "users": r.users});
            out["reactions"] = self.reactions.iter().map(one).collect();
        }
        if let Some(thread) = &self.thread {
            out["thread"] = json!({"id": thread.id, "name": thread.name, "message_count": thread.message_count});
        }
        if !self.translations.is_empty() {
            let one = |t: &super::Translation| json!({"code": t.code, "text": t.text});
            out["translations"] = self.translations.iter().map(one).collect();
        }
        for (key, state) in [("delivered", self.delivered), ("read", self.read)] {
            if let Some(state) = state {
                out[key] = json!(state);
            }
        }
        if self.replaced {
            out["replaced"] = json!(true);
        }
        if matches!(self.body, Body::Unknown { .. } | Body::Damaged { .. }) {
            out["raw"] = json!(format!("{:x}", self.raw));
        }
        out
    }
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
