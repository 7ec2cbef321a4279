//! The JSON form of messages: `meta.payload` of list entries, pinned messages, history files (`protocol` 6.3, 3.11).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::{Map, Value, json};

use super::{message, values, words};
use crate::domain::{AppKey, Attachment, Body, ChatType, Message, MessageId, ServerTime, Size, Stream, StreamStatus};

/// Reads the `meta` of a list entry, or a line of a history file: `{id|msg_id, from, to, timestamp, payload}`.
/// `payload` may be a JSON string, an object, or base64 of a protobuf body. `None` for `{}` and `null`.
/// Never fails: what cannot be read comes back damaged, with its bytes.
#[must_use]
pub fn decode_meta(app: &AppKey, meta: &Value) -> Option<Message> {
    let fields = meta.as_object().filter(|m| !m.is_empty())?;
    let field = |key: &str| fields.get(key).unwrap_or(&Value::Null);
    let raw = Bytes::from(meta.to_string());
    let id = [field("id"), field("msg_id")].into_iter().find_map(read_id);
    let jid = |v: &Value| words::read_jid(app, v.as_str().unwrap_or_default()).0.to_owned();
    let in_group = words::read_jid(app, field("to").as_str().unwrap_or_default()).1;
    let mut out = Message {
        id: id.unwrap_or(MessageId(0)),
        from: jid(field("from")),
        to: jid(field("to")),
        time: read_time(field("timestamp")),
        chat_type: if in_group { ChatType::Group } else { ChatType::Single },
        ..message::damaged(raw, "no payload".to_owned())
    };
    if let Some(chat_type) = field("chat_type").as_str().and_then(words::read_chat_type) {
        out.chat_type = chat_type;
    }
    match field("payload") {
        Value::String(text) => read_text(&mut out, text),
        payload @ Value::Object(_) => read_payload(&mut out, payload),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => {}
    }
    if id.is_none() {
        out.body = Body::Damaged { reason: "no usable id".to_owned() };
    }
    Some(out)
}

fn read_text(out: &mut Message, text: &str) {
    if let Ok(payload @ Value::Object(_)) = serde_json::from_str(text) {
        return read_payload(out, &payload);
    }
    let body = STANDARD.decode(text).ok().and_then(|raw| prost::Message::decode(raw.as_slice()).ok());
    match body {
        Some(body) => {
            let body: super::pb::MessageBody = body;
            let read = message::read(&super::pb::Envelope::default(), &body, out.raw.clone());
            *out = Message { id: out.id, time: out.time, from: out.from.clone(), to: out.to.clone(), ..read };
        }
        None => out.body = Body::Damaged { reason: "payload is neither JSON nor base64".to_owned() },
    }
}

/// A message id as string or integer; floats are refused (they lose digits).
#[must_use]
pub fn read_id(value: &Value) -> Option<MessageId> {
    match value {
        Value::String(text) => text.parse().ok(),
        Value::Number(n) => n.as_u64().filter(|n| *n > 0).map(MessageId),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// A time in milliseconds as integer, whole float or digits in a string; anything else, a fraction too, gives 0.
#[must_use]
pub fn read_time(value: &Value) -> ServerTime {
    let float = |f: f64| if f.fract() == 0.0 && f.abs() < 9e18 { f as i64 } else { 0 };
    ServerTime(match value {
        Value::Number(n) => {
            n.as_i64().unwrap_or_else(|| if n.is_u64() { i64::MAX } else { float(n.as_f64().unwrap_or(0.0)) })
        }
        Value::String(s) if !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit()) => s.parse().unwrap_or(i64::MAX),
        _ => 0,
    })
}

fn read_payload(out: &mut Message, payload: &Value) {
    let word = payload["type"].as_str().and_then(words::read_chat_type);
    out.chat_type = word.unwrap_or(out.chat_type);
    for (field, slot) in [("from", &mut out.from), ("to", &mut out.to)] {
        if let Some(name) = payload[field].as_str().filter(|n| !n.is_empty()) {
            *slot = name.split('/').next().unwrap_or(name).to_owned();
        }
    }
    out.ext = values::pairs_from_json(&payload["ext"]);
    out.body = payload["bodies"].get(0).map_or_else(
        || Body::Unknown { kind: "no body".to_owned() },
        |body| read_body(body, &payload["ext"], payload.get("stream")),
    );
    message::read_facts(out, &payload["meta"]);
}

/// Reads one body object.
#[must_use]
pub fn read_body(body: &Value, ext: &Value, stream: Option<&Value>) -> Body {
    let text = |key: &str| body[key].as_str().unwrap_or_default().to_owned();
    let number = |v: &Value| v.as_f64().or_else(|| v.as_str().and_then(|s| s.parse().ok()));
    let length = [&body["file_length"], &body["fileLength"]].into_iter().find_map(number).unwrap_or_default();
    let file = Attachment { url: text("url"), secret: text("secret"), name: text("filename"), bytes: length as u64 };
    let seconds = [&body["length"], &body["duration"], &ext["duration"]].into_iter().find_map(number);
    let seconds = seconds.unwrap_or_default() as i32;
    let pixels = |v: &Value| Some(Size { width: number(&v["width"])?, height: number(&v["height"])? });
    let size = pixels(&body["size"]).or_else(|| pixels(body));
    match (body["type"].as_str().unwrap_or_default(), body["subType"].as_str()) {
        ("combine", _) | ("txt" | "", Some("sub_combine")) => Body::Combine {
            fallback: text("msg"),
            title: text("title"),
            summary: text("summary"),
            level: number(&body["combineLevel"]).unwrap_or_default() as i32,
            file,
        },
        ("txt", _) => Body::Text { text: text("msg"), stream: stream.and_then(read_stream) },
        ("img", sub) => Body::Image { file, size, gif: sub == Some("sub_gif") },
        ("audio" | "voice", _) => Body::Audio { file, seconds },
        ("video", _) => {
            let thumb = Attachment { url: text("thumb"), secret: text("thumb_secret"), ..Attachment::default() };
            Body::Video { file, seconds, size, thumb: Some(thumb).filter(|t| !t.url.is_empty()) }
        }
        ("file", _) => Body::File { file },
        ("loc", _) => Body::Location {
            latitude: number(&body["lat"]).unwrap_or_default(),
            longitude: number(&body["lng"]).unwrap_or_default(),
            address: text("addr"),
            building: text("buildingName"),
        },
        ("cmd", _) => Body::Command { action: text("action"), params: values::pairs_from_json(&body["param"]) },
        ("custom", _) => {
            let exts = ["v2:customExts", "customExts"].into_iter().map(|k| &body[k]).find(|v| !v.is_null());
            Body::Custom { event: text("customEvent"), exts: exts.map(values::pairs_from_json).unwrap_or_default() }
        }
        (other, _) => Body::Unknown { kind: other.to_owned() },
    }
}

fn read_stream(stream: &Value) -> Option<Stream> {
    let fields = stream.as_object()?;
    let status = match fields.get("status").or_else(|| fields.get("streamStatus")).and_then(Value::as_u64) {
        Some(0) => StreamStatus::Start,
        Some(2) => StreamStatus::Completed,
        Some(3) => StreamStatus::Full,
        _ => StreamStatus::InProgress,
    };
    let kind = fields.get("type").or_else(|| fields.get("streamType")).and_then(Value::as_str).unwrap_or_default();
    let seq = fields.get("seq").or_else(|| fields.get("streamSeq")).and_then(Value::as_u64).unwrap_or_default();
    Some(Stream { kind: kind.to_owned(), seq, status })
}

/// The payload object of a message: `{bodies, ext, from, to, type[, meta]}`. `ext` is always an object and
/// `customExts` always an array of one-key objects: both SDKs reject a whole list over either.
/// `facts` is the message's facts JSON, where there is any.
#[must_use]
pub fn encode(message: &Message, facts: Option<&Value>) -> Value {
    let mut out = json!({
        "bodies": [encode_body(&message.body)],
        "ext": values::pairs_to_json(&message.ext),
        "from": message.from,
        "to": message.to,
        "type": words::payload_word(message.chat_type),
    });
    if let Some(facts) = facts.filter(|f| f.is_object()) {
        out["meta"] = facts.clone();
    }
    out
}

/// One body object. Kinds without a JSON form become an empty text, which every SDK can read.
#[must_use]
pub fn encode_body(body: &Body) -> Value {
    let file = |kind: &str, file: &Attachment| {
        json!({"type": kind, "url": file.url, "secret": file.secret, "filename": file.name, "file_length": file.bytes,
               "fileLength": file.bytes})
    };
    let with_size = |mut out: Value, size: &Option<Size>| {
        if let Some(size) = size {
            out["size"] = json!({"width": size.width as i64, "height": size.height as i64});
        }
        out
    };
    match body {
        Body::Text { text, .. } => json!({"type": "txt", "msg": text}),
        Body::Image { file: f, size, gif } => {
            let mut out = with_size(file("img", f), size);
            if *gif {
                out["subType"] = json!("sub_gif");
            }
            out
        }
        Body::Audio { file: f, seconds } => {
            let mut out = file("audio", f);
            out["length"] = json!(seconds);
            out
        }
        Body::Video { file: f, seconds, size, thumb } => {
            let mut out = with_size(file("video", f), size);
            out["length"] = json!(seconds);
            if let Some(thumb) = thumb {
                out["thumb"] = json!(thumb.url);
                out["thumb_secret"] = json!(thumb.secret);
            }
            out
        }
        Body::File { file: f } => file("file", f),
        Body::Location { latitude, longitude, address, building } => {
            json!({"type": "loc", "lat": latitude, "lng": longitude, "addr": address, "buildingName": building})
        }
        Body::Command { action, .. } => json!({"type": "cmd", "action": action}),
        Body::Custom { event, exts } => {
            let list: Vec<Value> =
                exts.iter().map(|(k, v)| Value::Object(Map::from_iter([(k.clone(), values::to_json(v))]))).collect();
            json!({"type": "custom", "customEvent": event, "customExts": list})
        }
        Body::Combine { fallback, title, summary, level, file: f } => {
            let mut out = file("txt", f);
            out["subType"] = json!("sub_combine");
            out["msg"] = json!(fallback);
            out["title"] = json!(title);
            out["summary"] = json!(summary);
            out["combineLevel"] = json!(level);
            out
        }
        Body::Recalled { .. } | Body::Unknown { .. } | Body::Damaged { .. } => json!({"type": "txt", "msg": ""}),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn app() -> AppKey {
        "easemob-demo#roam".parse().expect("an app key")
    }

    #[test]
    fn a_list_entry_is_read_in_all_three_payload_forms() {
        let meta = |payload: Value| {
            json!({"id": "1134567890123456789", "from": "easemob-demo#roam_al_ice@easemob.com",
                   "to": "easemob-demo#roam_bob@easemob.com", "timestamp": 1_700_000_000_000_i64, "payload": payload})
        };
        let object =
            json!({"bodies": [{"type": "txt", "msg": "hi"}], "ext": {}, "from": "al_ice", "to": "bob", "type": "chat"});
        let base64 = "CAESBxIFYWxpY2UaBRIDYm9iIg0IABIJSGkg5L2g5aW9KgcKAW4QAhgHKggKAXMQBzIBeA==";
        for (payload, words) in [(json!(object.to_string()), "hi"), (object, "hi"), (json!(base64), "Hi 你好")] {
            let message = decode_meta(&app(), &meta(payload)).expect("a message");
            assert_eq!(message.body, Body::Text { text: words.to_owned(), stream: None });
            assert_eq!((message.from.as_str(), message.to.as_str()), ("al_ice", "bob"));
        }
        assert_eq!(decode_meta(&app(), &json!({})), None);
    }

    #[test]
    fn every_kind_survives_the_json_form() {
        let file =
            Attachment { url: "http://h/o/a/chatfiles/1".into(), secret: "S".into(), name: "a.bin".into(), bytes: 7 };
        let size = Some(Size { width: 4.0, height: 3.0 });
        for body in [
            Body::Text { text: "你好".into(), stream: None },
            Body::Image { file: file.clone(), size, gif: true },
            Body::Audio { file: file.clone(), seconds: 7 },
            Body::Video { file: file.clone(), seconds: 12, size, thumb: None },
            Body::File { file: file.clone() },
            Body::Location { latitude: 39.9, longitude: 116.4, address: "Beijing".into(), building: "Tower".into() },
            Body::Command { action: "run".into(), params: vec![] },
            Body::Custom { event: "gift".into(), exts: vec![("n".into(), crate::domain::ExtValue::Int(3))] },
            Body::Combine { fallback: "f".into(), title: "t".into(), summary: "s".into(), level: 1, file },
        ] {
            assert_eq!(read_body(&encode_body(&body), &json!({}), None), body);
        }
    }

    #[test]
    fn ids_are_never_floats_and_times_never_guessed() {
        assert_eq!(read_id(&json!(1_235_234_712_389_124_048_u64)), Some(MessageId(1_235_234_712_389_124_048)));
        assert_eq!(read_id(&json!(1.2e18)), None);
        assert_eq!(read_time(&json!("1710309184114")), ServerTime(1_710_309_184_114));
        assert_eq!(read_time(&json!(1_710_309_184_114.5)), ServerTime(0));
        assert_eq!(read_time(&json!("2024-03-13T05:53:04Z")), ServerTime(0));
    }
}
