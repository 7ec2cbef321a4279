//! Protobuf `Meta` ↔ [`Message`] (`protocol` 6.1, 6.2).

use base64::Engine as _;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use bytes::Bytes;
use prost::Message as _;
use serde_json::Value;

pub use super::encode::encode_body;
use super::{body_type, checked, content_type, ns, pb, sub_type, values};
use crate::domain::{
    Attachment, Body, ChatType, Edit, Message, MessageId, Reaction, ServerTime, Size, Stream, StreamStatus, ThreadInfo,
    Translation,
};

/// Padding may be missing: one client library of the service leaves it out.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);
/// One message is never larger; a bigger one is a fault or an attack.
const MAX_META_BYTES: usize = 1 << 20;
/// Items of any repeated field that are read; more is an attack (two bytes make an item).
const MAX_ITEMS: usize = 4096;

/// Decodes one entry of a history page: base64 of a `Meta`. Never fails: what cannot be read comes back damaged,
/// with its bytes. `None` for a `Meta` of another namespace, which clients skip.
#[must_use]
pub fn decode_entry(base64: &str) -> Option<Message> {
    match BASE64.decode(base64.trim_ascii()) {
        Ok(raw) => decode_meta(&Bytes::from(raw)),
        Err(e) => Some(damaged(Bytes::copy_from_slice(base64.as_bytes()), format!("not base64: {e}"))),
    }
}

/// Decodes the entries of a page, each as [`decode_entry`] does, into one buffer that their messages share.
#[must_use]
pub fn decode_entries(entries: &[&str]) -> Vec<Message> {
    let mut buffer = Vec::with_capacity(entries.iter().map(|e| e.len() / 4 * 3 + 3).sum());
    let mut decode = |entry: &&str| {
        let start = buffer.len();
        let outcome = BASE64.decode_vec(entry.trim_ascii(), &mut buffer);
        let end = if outcome.is_ok() { buffer.len() } else { start };
        buffer.truncate(end);
        outcome.map(|()| start..end)
    };
    let parts: Vec<_> = entries.iter().map(&mut decode).collect();
    let buffer = Bytes::from(buffer);
    let (mut messages, mut scratch) = (Vec::with_capacity(entries.len()), Scratch::default());
    for (entry, part) in entries.iter().zip(parts) {
        let message = match part {
            Ok(part) => scratch.decode(buffer.slice(part)),
            Err(_) => decode_entry(entry),
        };
        if let Some(message) = message {
            messages.push(message);
        }
    }
    messages
}

/// The two protobuf messages of an entry, decoded in place: they are large, and most of a page's time would go into
/// making and moving fresh ones.
#[derive(Default)]
struct Scratch {
    meta: pb::Envelope,
    body: pb::MessageBody,
}

impl Scratch {
    #[inline]
    fn decode(&mut self, raw: Bytes) -> Option<Message> {
        if raw.len() > MAX_META_BYTES {
            return Some(damaged(raw.slice(..MAX_META_BYTES), format!("message of {} bytes", raw.len())));
        }
        let Self { meta, body } = self;
        meta.clear();
        body.clear();
        if let Err(e) = meta.merge(raw.clone()) {
            return Some(damaged(raw, e.to_string()));
        }
        if meta.ns.is_some_and(|n| n != ns::CHAT) {
            return None;
        }
        Some(match body.merge(meta.payload.take().unwrap_or_default()) {
            Ok(()) => read(meta, body, raw),
            Err(e) => Message {
                id: MessageId(meta.id.unwrap_or_default()),
                time: time(meta.timestamp),
                from: address(meta.from.as_ref()),
                to: address(meta.to.as_ref()),
                ..damaged(raw, e.to_string())
            },
        })
    }
}

/// The base64 text of a history page's entry.
#[must_use]
pub fn encode_entry(meta: &[u8]) -> String {
    BASE64.encode(meta)
}

/// Decodes one protobuf `Meta`; see [`decode_entry`].
#[must_use]
pub fn decode_meta(raw: &Bytes) -> Option<Message> {
    Scratch::default().decode(raw.clone())
}

/// A message of which only the bytes are known.
#[must_use]
pub fn damaged(raw: Bytes, reason: String) -> Message {
    let body = Body::Damaged { reason };
    Message::plain(MessageId(0), ChatType::Single, [String::new(), String::new()], ServerTime(0), body, raw)
}

/// Reads a decoded `Meta` and its body. Sender, receiver and chat type come from the body, not from the envelope.
#[must_use]
pub fn read(meta: &pb::Envelope, body: &pb::MessageBody, raw: Bytes) -> Message {
    let name = |inner: Option<&pb::Jid>, outer: Option<&pb::Address>| {
        let name = bare(inner.and_then(|j| j.name.as_deref()));
        if name.is_empty() { address(outer) } else { name }
    };
    // Written out: this runs for every message, and a struct update would move the whole of it once more.
    let mut message = Message {
        id: MessageId(meta.id.unwrap_or_default()),
        from: name(body.from.as_ref(), meta.from.as_ref()),
        to: name(body.to.as_ref(), meta.to.as_ref()),
        chat_type: chat_type(meta, body),
        time: time(meta.timestamp),
        ext: body.ext.iter().take(MAX_ITEMS).map(values::read).collect(),
        body: read_body(body),
        edit: None,
        reactions: Vec::new(),
        thread: None,
        translations: Vec::new(),
        delivered: None,
        read: None,
        replaced: false,
        raw,
    };
    if let Some(Ok(Value::Object(facts))) = body.meta.as_deref().map(serde_json::from_slice) {
        read_facts(&mut message, &Value::Object(facts));
    }
    if let Some(Ok(envelope)) = meta.meta.as_deref().map(serde_json::from_slice::<Value>) {
        message.replaced = envelope["callback_replace"].as_bool().unwrap_or_default();
    }
    message
}

fn chat_type(meta: &pb::Envelope, body: &pb::MessageBody) -> ChatType {
    let in_group = || meta.to.as_ref().and_then(|j| j.domain.as_deref()) == Some(super::words::GROUP_DOMAIN.as_bytes());
    match body.r#type {
        Some(body_type::CHAT) => ChatType::Single,
        Some(body_type::GROUPCHAT) => ChatType::Group,
        Some(body_type::CHATROOM) => ChatType::Room,
        _ if in_group() => ChatType::Group,
        _ => ChatType::Single,
    }
}

fn address(address: Option<&pb::Address>) -> String {
    bare(address.and_then(|a| a.name.as_deref()))
}

/// The `name` of a JID, without the device a chat with one's own devices appends.
fn bare(name: Option<&[u8]>) -> String {
    let name = name.unwrap_or_default();
    let end = name.iter().position(|b| *b == b'/').unwrap_or(name.len());
    checked(&name[..end])
}

fn time(ms: Option<u64>) -> ServerTime {
    ServerTime(ms.unwrap_or_default().try_into().unwrap_or(i64::MAX))
}

/// The content of a body. Acks and edits are not messages of a history and come back unknown.
#[must_use]
pub fn read_body(body: &pb::MessageBody) -> Body {
    match body.r#type.unwrap_or_default() {
        body_type::CHAT | body_type::GROUPCHAT | body_type::CHATROOM | body_type::EDIT | 0 => {}
        body_type::RECALL => return Body::Recalled { target: MessageId(body.ack_message_id.unwrap_or_default()) },
        other => return Body::Unknown { kind: format!("message type {other}") },
    }
    match body.contents.first() {
        Some(content) => read_content(content, body.stream.as_ref()),
        None => Body::Unknown { kind: "no content".to_owned() },
    }
}

fn read_content(c: &pb::Content, stream: Option<&pb::Stream>) -> Body {
    let text = |field: &Option<Bytes>| checked(field.as_deref().unwrap_or_default());
    let file = Attachment {
        url: text(&c.remote_path),
        secret: text(&c.secret_key),
        name: text(&c.display_name),
        bytes: u64::try_from(c.file_length.unwrap_or_default()).unwrap_or_default(),
    };
    let combine = |file| Body::Combine {
        fallback: text(&c.text),
        title: text(&c.title),
        summary: text(&c.summary),
        level: c.combine_level.unwrap_or_default(),
        file,
    };
    match (c.r#type.unwrap_or_default(), c.sub_type) {
        (content_type::TEXT, Some(sub_type::COMBINE)) | (content_type::COMBINE, _) => combine(file),
        (content_type::TEXT, None) => Body::Text { text: text(&c.text), stream: None },
        (content_type::TEXT, Some(sub_type::STREAM)) => {
            Body::Text { text: text(&c.text), stream: Some(read_stream(stream)) }
        }
        (content_type::IMAGE, sub) => {
            Body::Image { file, size: size(c.size.as_ref()), gif: sub == Some(sub_type::GIF) }
        }
        (content_type::VIDEO, _) => {
            let thumb = Attachment {
                url: text(&c.thumbnail_remote_path),
                secret: text(&c.thumbnail_secret_key),
                name: text(&c.thumbnail_display_name),
                bytes: u64::try_from(c.thumbnail_file_length.unwrap_or_default()).unwrap_or_default(),
            };
            Body::Video {
                file,
                seconds: c.duration.unwrap_or_default(),
                size: size(c.size.as_ref()).or_else(|| size(c.thumbnail_size.as_ref())),
                thumb: Some(thumb).filter(|t| !t.url.is_empty()),
            }
        }
        (content_type::LOCATION, _) => Body::Location {
            latitude: c.latitude.unwrap_or_default(),
            longitude: c.longitude.unwrap_or_default(),
            address: text(&c.address),
            building: text(&c.building_name),
        },
        (content_type::VOICE, _) => Body::Audio { file, seconds: c.duration.unwrap_or_default() },
        (content_type::FILE, _) => Body::File { file },
        (content_type::COMMAND, _) => Body::Command {
            action: text(&c.action),
            params: c.params.iter().take(MAX_ITEMS).map(values::read).collect(),
        },
        (content_type::CUSTOM, _) => {
            let exts = if c.custom_exts.is_empty() { &c.params } else { &c.custom_exts };
            Body::Custom { event: text(&c.custom_event), exts: exts.iter().take(MAX_ITEMS).map(values::read).collect() }
        }
        (content_type::TEXT, Some(other)) => Body::Unknown { kind: format!("text subtype {other}") },
        (other, _) => Body::Unknown { kind: other.to_string() },
    }
}

fn size(size: Option<&pb::Size>) -> Option<Size> {
    let size = Size { width: size?.width.unwrap_or_default(), height: size?.height.unwrap_or_default() };
    Some(size).filter(|s| s.width >= 1.0 && s.height >= 1.0)
}

fn read_stream(stream: Option<&pb::Stream>) -> Stream {
    let empty = pb::Stream::default();
    let stream = stream.unwrap_or(&empty);
    Stream {
        kind: checked(stream.stream_type.as_deref().unwrap_or_default()),
        seq: stream.stream_seq.unwrap_or_default(),
        status: match stream.stream_status.unwrap_or_default() {
            0 => StreamStatus::Start,
            2 => StreamStatus::Completed,
            3 => StreamStatus::Full,
            _ => StreamStatus::InProgress,
        },
    }
}

/// Reads the facts JSON (`MessageBody.meta`, and `meta` of the JSON form) into `message`.
pub(super) fn read_facts(message: &mut Message, facts: &Value) {
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    let number = |v: &Value| v.as_u64().or_else(|| v.as_str().and_then(|s| s.parse().ok())).unwrap_or_default();
    let count = |v: &Value| u32::try_from(number(v)).unwrap_or(u32::MAX);
    let list = |v: &Value| v.as_array().cloned().unwrap_or_default();
    let edit = &facts["edit_msg"];
    if count(&edit["count"]) > 0 {
        let time = ServerTime(edit["edit_time"].as_i64().unwrap_or_default());
        message.edit = Some(Edit { count: count(&edit["count"]), operator: text(&edit["operator"]), time });
    }
    // Lists carry the same reactions under both keys: one of the vendor's SDKs looks for each.
    let reactions = Some(list(&facts["reaction"])).filter(|list| !list.is_empty());
    let reactions = reactions.unwrap_or_else(|| list(&facts["reactions"]));
    message.reactions = reactions
        .into_iter()
        .take(MAX_ITEMS)
        .map(|r| Reaction {
            reaction: text(&r["reaction"]),
            count: count(&r["count"]),
            mine: r["state"].as_bool().unwrap_or_default(),
            users: list(&r["userList"]).iter().take(MAX_ITEMS).map(text).collect(),
        })
        .collect();
    let translations = list(&facts["translations"]);
    message.translations = translations
        .iter()
        .take(MAX_ITEMS)
        .map(|t| Translation { code: text(&t["code"]), text: text(&t["text"]) })
        .collect();
    if let Some(thread) = facts["thread_overview"].as_object() {
        let of = |key: &str| thread.get(key).unwrap_or(&Value::Null);
        message.thread =
            Some(ThreadInfo { id: text(of("id")), name: text(of("name")), message_count: number(of("message_count")) });
    } else if facts["thread"].is_object() {
        let thread = &facts["thread"];
        let name = text(&thread["thread_name"]);
        message.thread = Some(ThreadInfo { id: text(&thread["muc_parent_id"]), name, message_count: 0 });
    }
    message.delivered = facts["isDelivered"].as_bool();
    message.read = facts["isRead"].as_bool();
}

#[cfg(test)]
mod tests {
    use super::super::encode::bytes;
    use super::*;
    use crate::domain::ExtValue;

    /// `protocol` 10: encoded with both SDKs' own schemas, identical results.
    const GOLDEN: &str = "CJWC/oLC77LfDxIwChFlYXNlbW9iLWRlbW8jcm9hbRIFYWxpY2UaC2Vhc2Vtb2IuY29tIgd3ZWJpbV8xGiUKEWVhc2Vtb2It\
        ZGVtbyNyb2FtEgNib2IaC2Vhc2Vtb2IuY29tIIDQlf+8MSgBMjQIARIHEgVhbGljZRoFEgNib2IiDQgAEglIaSDkvaDlpb0qBwoBbhACGAcqCAoB\
        cxAHMgF4";

    #[test]
    fn the_worked_message_is_read_and_written_byte_for_byte() {
        let message = decode_entry(GOLDEN).expect("a chat message");
        assert_eq!(message.id, MessageId(1_134_567_890_123_456_789));
        assert_eq!((message.from.as_str(), message.to.as_str()), ("alice", "bob"));
        assert_eq!(message.time, ServerTime(1_700_000_000_000));
        assert_eq!(message.body, Body::Text { text: "Hi 你好".to_owned(), stream: None });
        let ext = [("n".to_owned(), ExtValue::Int(7)), ("s".to_owned(), ExtValue::Text("x".to_owned()))];
        assert_eq!(message.ext, ext);

        let jid = |name, resource: Option<&str>| pb::Jid {
            app_key: bytes("easemob-demo#roam"),
            name: bytes(name),
            domain: bytes("easemob.com"),
            client_resource: resource.and_then(bytes),
        };
        let meta = pb::Meta {
            id: Some(message.id.0),
            from: Some(jid("alice", Some("webim_1"))),
            to: Some(jid("bob", None)),
            timestamp: Some(1_700_000_000_000),
            ns: Some(ns::CHAT),
            payload: Some(encode_body(&message).encode_to_vec().into()),
            ..Default::default()
        };
        assert_eq!(encode_entry(&meta.encode_to_vec()), GOLDEN);
    }

    #[test]
    fn a_subtype_of_zero_makes_a_record_and_its_absence_a_text() {
        let body = |sub_type| pb::MessageBody {
            r#type: Some(body_type::CHAT),
            contents: vec![pb::Content { r#type: Some(0), text: bytes("x"), sub_type, ..Default::default() }],
            ..Default::default()
        };
        assert!(matches!(read_body(&body(Some(0))), Body::Combine { .. }));
        assert!(matches!(read_body(&body(None)), Body::Text { stream: None, .. }));
        assert!(matches!(read_body(&body(Some(10))), Body::Text { stream: Some(_), .. }));
        let bytes = body(Some(0)).encode_to_vec();
        assert_eq!(pb::MessageBody::decode(bytes.as_slice()).map(|b| b.contents[0].sub_type), Ok(Some(0)));
    }

    #[test]
    fn broken_entries_keep_their_bytes_and_other_namespaces_are_skipped() {
        for entry in ["@@@@", "", "DA==", "Ev////8P"] {
            let message = decode_entry(entry);
            assert!(message.is_none_or(|m| matches!(m.body, Body::Damaged { .. } | Body::Unknown { .. })), "{entry}");
        }
        let notify = pb::Meta { ns: Some(ns::NOTIFY), ..Default::default() };
        assert_eq!(decode_meta(&notify.encode_to_vec().into()), None);
    }
}
