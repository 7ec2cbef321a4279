//! Delivery, read and channel acks.

use bytes::Bytes;
use prost::Message as _;
use rusqlite::{Connection, params};
use serde_json::{Value, json};

use super::super::app::App;
use super::super::db::{DbResult, channels, messages};
use super::queue::{self, Parcel};
use super::{Envelope, Posted, Refusal, named};
use crate::domain::{ChatType, MessageId, Peer};
use crate::wire::{body_type, frame, pb};

/// What is acknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AckKind {
    /// The message reached a device.
    Delivered,
    /// A person read it.
    Read,
}

/// An ack of one message.
pub struct Ack<'a> {
    /// Who acknowledges.
    pub by: &'a str,
    /// The device that does.
    pub device: &'a str,
    /// In which conversation.
    pub peer: &'a Peer,
    /// Delivered or read.
    pub kind: AckKind,
    /// `MessageBody` with the message's id.
    pub body: &'a pb::MessageBody,
}

/// Notes the ack and tells the message's sender. One for a message that is gone, or of another conversation, is taken
/// and leads nowhere. Reading a message leaves the unread count alone: that takes [`channel_ack`].
///
/// # Errors
/// The database's.
pub fn message_ack(app: &App, ack: &Ack<'_>) -> Result<Posted, Refusal> {
    let target = MessageId(ack.body.ack_message_id.unwrap_or_default());
    let posted = Posted { id: app.mint(), time: app.now() };
    let told = app.db.write(|tx| {
        let Some((channel, row)) = messages::find(tx, target)? else { return Ok(None) };
        if channels::find(tx, ack.by, ack.peer)? != Some(channel) || row.sender == ack.by {
            return Ok(None);
        }
        let readers = note(tx, ack, &row)?;
        let body = addressed(ack.body.clone(), ack.by, ack.peer.id());
        let body = if ack.peer.chat_type == ChatType::Single { body } else { with_count(body, target, readers) };
        let envelope = Envelope { id: posted.id, time: posted.time, from: ack.by, device: ack.device, to: ack.peer };
        let parcel = Parcel { meta: envelope.seal(app, body.encode_to_vec().into()), message: None, waits: true };
        queue::push(tx, &app.hub, &row.sender, None, &parcel)?;
        Ok(Some(row.sender))
    })?;
    if let Some(user) = &told {
        app.hub.wake(user);
    }
    Ok(posted)
}

fn addressed(body: pb::MessageBody, from: &str, to: &str) -> pb::MessageBody {
    pb::MessageBody { from: named(from), to: named(to), ..body }
}

/// Keeps the ack with the message; returns how many have read it.
fn note(tx: &Connection, ack: &Ack<'_>, row: &messages::Row) -> DbResult<usize> {
    let mut facts: Value = row.facts.as_deref().and_then(|f| serde_json::from_str(f).ok()).unwrap_or_else(|| json!({}));
    let mut readers = facts["readers"].as_array().cloned().unwrap_or_default();
    match (ack.kind, ack.peer.chat_type) {
        (AckKind::Delivered, _) => facts["isDelivered"] = json!(true),
        (AckKind::Read, ChatType::Single) => facts["isRead"] = json!(true),
        (AckKind::Read, _) => {
            if !readers.contains(&json!(ack.by)) {
                readers.push(json!(ack.by));
            }
            facts["readers"] = json!(readers);
        }
    }
    tx.execute("UPDATE message SET facts = ?2 WHERE id = ?1", params![row.id.0 as i64, facts.to_string()])?;
    Ok(readers.len())
}

/// The sender of a group message is told how many have read it.
fn with_count(mut body: pb::MessageBody, message: MessageId, readers: usize) -> pb::MessageBody {
    let count = json!({ message.to_string(): readers }).to_string();
    let pair = pb::KeyValue {
        key: Some(Bytes::from_static(b"group_read_count")),
        r#type: Some(8),
        string_value: frame::bytes(&count),
        ..Default::default()
    };
    body.ext.insert(0, pair);
    body
}

/// The whole conversation was read: nothing in it is unread any more. The other devices of the reader are told, and
/// in a single chat the other side.
///
/// # Errors
/// The database's.
pub fn channel_ack(app: &App, by: &str, device: &str, peer: &Peer) -> Result<Posted, Refusal> {
    let posted = Posted { id: app.mint(), time: app.now() };
    let body = pb::MessageBody {
        r#type: Some(body_type::CHANNEL_ACK),
        from: named(by),
        to: named(peer.id()),
        ..Default::default()
    };
    let envelope = Envelope { id: posted.id, time: posted.time, from: by, device, to: peer };
    let parcel = Parcel { meta: envelope.seal(app, body.encode_to_vec().into()), message: None, waits: false };
    app.db.write(|tx| {
        if let Some(channel) = channels::find(tx, by, peer)? {
            tx.execute("UPDATE conversation SET unread = 0 WHERE owner = ?1 AND channel = ?2", params![by, channel])?;
        }
        queue::push(tx, &app.hub, by, Some(device), &parcel)?;
        if peer.chat_type == ChatType::Single && peer.id() != by {
            queue::push(tx, &app.hub, peer.id(), None, &Parcel { waits: true, ..parcel })?;
        }
        Ok(())
    })?;
    app.hub.wake(by);
    if peer.chat_type == ChatType::Single {
        app.hub.wake(peer.id());
    }
    Ok(posted)
}
