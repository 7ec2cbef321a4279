//! Messages as rows and back: the raw bytes are the message, the columns only order and filter.

use std::borrow::Cow;

use bytes::Bytes;
use serde_json::Value;

use super::pack;
use crate::domain::{AppKey, Body, Message, MessageId, MessageKind};
use crate::wire::{message, payload};

/// The raw bytes are a protobuf `Meta`.
const META: i64 = 0;
/// The raw bytes are a JSON object.
const JSON: i64 = 1;
/// The raw bytes could not be read as either.
const OTHER: i64 = 2;

/// Added where they are packed as formats 2 and 3 did it.
const PACKED_FIRST: i64 = 4;
/// Added where they are packed.
const PACKED: i64 = 8;

/// `form` and `raw` of a message's row: packed where that is smaller.
pub(super) fn row<'a>(app: &AppKey, message: &'a Message) -> (i64, Cow<'a, [u8]>) {
    packed(app, message.id.0 as i64, form(message), Cow::Borrowed(&message.raw))
}

/// The messages of a page as rows.
#[derive(Debug, Default)]
pub struct Packed(Vec<(i64, Vec<u8>)>);

impl Packed {
    pub(super) fn of(app: &AppKey, messages: &[Message]) -> Self {
        let one = |message| {
            let (form, raw) = row(app, message);
            (form, raw.into_owned())
        };
        Self(messages.iter().map(one).collect())
    }

    /// `form` and `raw` of the nth.
    pub(super) fn row(&self, n: usize) -> Option<(i64, &[u8])> {
        self.0.get(n).map(|(form, raw)| (*form, &raw[..]))
    }
}

/// The same of raw bytes that are not packed. Those of a message without an id stay as they came, since it is found
/// again by them.
pub(super) fn packed<'a>(app: &AppKey, id: i64, form: i64, raw: Cow<'a, [u8]>) -> (i64, Cow<'a, [u8]>) {
    match pack::pack(app, &raw) {
        Some(packed) if id != 0 => (form | PACKED, Cow::Owned(packed)),
        _ => (form, raw),
    }
}

/// The form of a row without how it is packed.
pub(super) const fn plain(form: i64) -> i64 {
    form & !(PACKED | PACKED_FIRST)
}

/// The raw bytes of a row; `None` where they were packed and cannot be read any more.
pub(super) fn raw(app: &AppKey, form: i64, kept: Vec<u8>) -> Option<Vec<u8>> {
    match form & (PACKED | PACKED_FIRST) {
        0 => Some(kept),
        PACKED => pack::unpack(app, &kept),
        _ => pack::unpack_first(app, &kept),
    }
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
    let read = match plain(form) {
        META => message::decode_meta(&raw),
        JSON => serde_json::from_slice::<Value>(&raw).ok().and_then(|meta| payload::decode_meta(app, &meta)),
        _ => None,
    };
    read.unwrap_or_else(|| message::damaged(raw, "kept as it came".to_owned()))
}

/// The same of a row whose id is known: bytes that cannot be read may have come with one beside them.
pub(super) fn decode_as(app: &AppKey, id: i64, form: i64, kept: Vec<u8>) -> Message {
    let message = decode(app, form, kept);
    if message.id.0 == 0 { Message { id: MessageId(id as u64), ..message } } else { message }
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
