//! What happens to a message, whoever asks: the long connection and REST post, recall and edit through here.
//!
//! Each change is one transaction that also fills the queues of everybody concerned; their sessions are woken after it.

mod acks;
mod edit;
pub mod incoming;
mod post;
pub mod queue;
mod raw;
mod recall;

use bytes::Bytes;
use rusqlite::Connection;
use serde_json::Value;

use super::app::App;
use super::db::{DbResult, rooms};
use crate::domain::{ChatType, MessageId, Peer, ServerTime};
use crate::wire::frame::{self, status};
use crate::wire::{ns, pb};
use queue::Parcel;

pub use acks::{Ack, AckKind, channel_ack, message_ack};
pub use edit::{Edit, edit};
pub use post::{post, post_to};
pub use recall::{Recall, recall};

/// A message to deliver.
pub struct Draft {
    /// Sender.
    pub from: String,
    /// The sender's device, which gets no copy; empty for none.
    pub device: String,
    /// To whom.
    pub peer: Peer,
    /// `MessageBody`; sender, receiver and chat type are set to the true ones.
    pub body: Bytes,
    /// Only for devices that are connected now; not stored.
    pub online_only: bool,
    /// Makes or updates entries of the conversation list.
    pub listed: bool,
    /// The sender's (other) devices get it too.
    pub sync_sender: bool,
    /// Time of an imported message, which is stored but pushed to nobody.
    pub time: Option<ServerTime>,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posted {
    /// Its id.
    pub id: MessageId,
    /// Its time.
    pub time: ServerTime,
}

/// Why not, in the service's words (`protocol` 7.5).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct Refusal {
    /// `Status.errorCode`.
    pub code: i32,
    /// The reason the SDKs know.
    pub reason: String,
}

impl Refusal {
    /// FAIL with a reason.
    pub fn fail(reason: &str) -> Self {
        Self { code: status::FAIL, reason: reason.to_owned() }
    }
}

impl From<rusqlite::Error> for Refusal {
    fn from(e: rusqlite::Error) -> Self {
        tracing::error!(error = %e, "internal error");
        Self::fail("internal error")
    }
}

/// Sends a NOTIFY to the user's connected devices, except one.
pub(super) fn notify(app: &App, user: &str, except: Option<&str>, payload: &Value) -> DbResult<()> {
    let id = app.mint();
    let key = &app.app_key;
    let meta = pb::Meta {
        id: Some(id.0),
        from: Some(frame::jid(key, "admin", ChatType::Single, "")),
        to: Some(frame::jid(key, user, ChatType::Single, "")),
        timestamp: Some(app.now().ms() as u64),
        ns: Some(ns::NOTIFY),
        // Compact: the SDKs lose events with a byte below 0x10 in them.
        payload: frame::bytes(&payload.to_string()),
        ..Default::default()
    };
    let parcel = Parcel { meta, message: None, waits: false };
    app.db.write(|tx| queue::push(tx, &app.hub, user, except, &parcel))?;
    app.hub.wake(user);
    Ok(())
}

/// The envelope of something a user did.
struct Envelope<'a> {
    id: MessageId,
    time: ServerTime,
    from: &'a str,
    device: &'a str,
    to: &'a Peer,
}

impl Envelope<'_> {
    fn seal(&self, app: &App, payload: Bytes) -> pb::Meta {
        pb::Meta {
            id: Some(self.id.0),
            from: Some(frame::jid(&app.app_key, self.from, ChatType::Single, self.device)),
            to: Some(frame::jid(&app.app_key, self.to.id(), self.to.chat_type, "")),
            timestamp: Some(self.time.ms() as u64),
            ns: Some(ns::CHAT),
            payload: Some(payload),
            ..Default::default()
        }
    }
}

/// Everybody who takes part in a conversation, the user among them.
fn parties(db: &Connection, user: &str, peer: &Peer) -> DbResult<Vec<String>> {
    match peer.chat_type {
        ChatType::Single if peer.id() == user => Ok(vec![user.to_owned()]),
        ChatType::Single => Ok(vec![user.to_owned(), peer.id().to_owned()]),
        ChatType::Group | ChatType::Room => rooms::members(db, peer.id()),
    }
}

/// Only the name: what `MessageBody.from` and `.to` carry.
fn named(name: &str) -> Option<pb::Jid> {
    Some(pb::Jid { name: frame::bytes(name), ..Default::default() })
}
