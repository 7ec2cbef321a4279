//! Messages as rows and back: the raw bytes are the message, the columns only order and filter.

use std::borrow::Cow;

use bytes::Bytes;
use serde_json::Value;

use super::pack;
use crate::domain::{AppKey, Body, Message, MessageKind};
use crate::wire::{message, payload};

/// The raw bytes are a protobuf `Meta`.
const META: i64 = 0;
/// The raw bytes are a JSON object.
const JSON: i64 = 1;
/// The raw bytes could not be read as either.
const OTHER: i64 = 2;

/// Added where they are packed.
const PACKED: i64 = 4;

/// `form` and `raw` of a message's row: packed where that is smaller.
pub(super) fn row<'a>(app: &AppKey, message: &'a Message) -> (i64, Cow<'a, [u8]>) {
    packed(app, form(message), Cow::Borrowed(&message.raw))
}

/// The same of a row that is not packed yet.
pub(super) fn packed<'a>(app: &AppKey, form: i64, raw: Cow<'a, [u8]>) -> (i64, Cow<'a, [u8]>) {
    match pack::pack(app, &raw) {
        Some(packed) if form & PACKED == 0 => (form | PACKED, Cow::Owned(packed)),
        _ => (form, raw),
    }
}

/// The raw bytes of a row; `None` where they were packed and cannot be read any more.
pub(super) fn raw(app: &AppKey, form: i64, kept: Vec<u8>) -> Option<Vec<u8>> {
    if form & PACKED == 0 { Some(kept) } else { pack::unpack(app, &kept) }
}

/// What the raw bytes of a message are.
pub(super) fn form(message: &Message) -> i64 {
    if message.raw.starts_with(b"{") {
        return JSON;
    }
    let readable = |m: &Message| message::decode_meta(&m.raw).is_some_and(|read| read == *m);
    match message.body {
        Body::Damaged { .. } if !readable(message) => OTHER,
        _ => META,
    }
}

/// The message of a row. Never fails: bytes that this version cannot read come back as a damaged message.
pub(super) fn decode(app: &AppKey, form: i64, kept: Vec<u8>) -> Message {
    let Some(raw) = raw(app, form, kept).map(Bytes::from) else {
        return message::damaged(Bytes::new(), "its packed bytes cannot be read".to_owned());
    };
    let read = match form & !PACKED {
        META => message::decode_meta(&raw),
        JSON => serde_json::from_slice::<Value>(&raw).ok().and_then(|meta| payload::decode_meta(app, &meta)),
        _ => None,
    };
    read.unwrap_or_else(|| message::damaged(raw, "kept as it came".to_owned()))
}

/// The number of a kind in the `kind` column; must never change.
pub(super) const fn kind(kind: MessageKind) -> i64 {
    match kind {
        MessageKind::Text => 0,
        MessageKind::Image => 1,
        MessageKind::Audio => 2,
        MessageKind::Video => 3,
        MessageKind::File => 4,
        MessageKind::Location => 5,
        MessageKind::Command => 6,
        MessageKind::Custom => 7,
        MessageKind::Combine => 8,
        MessageKind::Recalled => 9,
        MessageKind::Unknown => 10,
        MessageKind::Damaged => 11,
    }
}
