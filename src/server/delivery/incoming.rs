//! What a device sends up the long connection: told apart, checked, done.

use serde_json::Value;

use super::super::app::App;
use super::super::db::{messages, rooms};
use super::{Ack, AckKind, Draft, Edit, Posted, Recall, Refusal, channel_ack, edit, message_ack, post_to, recall};
use crate::domain::{ChatType, MessageId, Peer};
use crate::wire::frame::{self, status};
use crate::wire::{body_type, checked, pb};
use prost::Message as _;

/// `Meta.routetype`: only for who is connected.
const ROUTE_ONLINE: i32 = 1;

/// Who sends.
#[derive(Clone, Copy, Debug)]
pub struct Origin<'a> {
    /// The signed-in user.
    pub user: &'a str,
    /// Its device.
    pub device: &'a str,
}

/// What the device is told.
pub struct Taken {
    /// Id and time of what was done.
    pub posted: Posted,
    /// JSON that goes with the ack: the count of an edit.
    pub note: Option<Value>,
}

/// Does what a `Meta` of namespace CHAT asks for.
///
/// # Errors
/// [`Refusal`] in the service's words.
pub fn take(app: &App, who: Origin<'_>, meta: &pb::Meta) -> Result<Taken, Refusal> {
    let format = || Refusal::fail("Sorry, format is incorrect");
    let payload = meta.payload.clone().ok_or_else(format)?;
    let body = pb::MessageBody::decode(payload.clone()).map_err(|_| format())?;
    let note = |posted| Taken { posted, note: None };
    match body.r#type.unwrap_or_default() {
        body_type::RECALL => take_back(app, who, meta, &body).map(note),
        body_type::EDIT => {
            let done = edit(app, &Edit { by: who.user, device: who.device, body: &body })?;
            Ok(Taken { posted: done.posted, note: Some(done.facts) })
        }
        body_type::READ_ACK => acknowledge(app, who, meta, &body, AckKind::Read).map(note),
        body_type::DELIVER_ACK => acknowledge(app, who, meta, &body, AckKind::Delivered).map(note),
        body_type::CHANNEL_ACK => channel_ack(app, who.user, who.device, &peer(app, who, meta, &body)?).map(note),
        0..=body_type::CHATROOM => {
            let draft = Draft {
                from: who.user.to_owned(),
                device: who.device.to_owned(),
                peer: peer(app, who, meta, &body)?,
                body: payload,
                online_only: meta.routetype == Some(ROUTE_ONLINE),
                listed: true,
                sync_sender: true,
                time: None,
            };
            let only: Vec<_> = meta.directed_users.iter().map(|user| checked(user)).collect();
            post_to(app, draft, &only).map(note)
        }
        _ => Err(Refusal { code: status::UNKNOWN_COMMAND, reason: "unknown message type".to_owned() }),
    }
}

/// The conversation it is for: a user, or a group or room the sender is in.
fn peer(app: &App, who: Origin<'_>, meta: &pb::Meta, body: &pb::MessageBody) -> Result<Peer, Refusal> {
    let to = meta.to.as_ref().or(body.to.as_ref());
    let name = frame::name(to);
    if !to.is_some_and(frame::is_group) {
        return Peer::new(ChatType::Single, &name)
            .map_err(|e| Refusal { code: status::WRONG_PARAMETER, reason: e.to_string() });
    }
    let db = app.db.get();
    let peer = rooms::peer(&db, &name)?.ok_or_else(|| Refusal::fail("group not found"))?;
    if !rooms::is_member(&db, &name, who.user)? {
        return Err(Refusal::fail("not in group or chatroom"));
    }
    Ok(peer)
}

fn acknowledge(
    app: &App,
    who: Origin<'_>,
    meta: &pb::Meta,
    body: &pb::MessageBody,
    kind: AckKind,
) -> Result<Posted, Refusal> {
    let peer = peer(app, who, meta, body)?;
    message_ack(app, &Ack { by: who.user, device: who.device, peer: &peer, kind, body })
}

/// A user's recall: of an own message, or in an own group, while there is time.
fn take_back(app: &App, who: Origin<'_>, meta: &pb::Meta, body: &pb::MessageBody) -> Result<Posted, Refusal> {
    if !app.limits.recall {
        return Err(Refusal::fail("message recall disabled"));
    }
    let target = MessageId(body.ack_message_id.unwrap_or_default());
    let found = messages::find(&app.db.get(), target)?;
    let (channel, row) = found.ok_or_else(|| Refusal::fail("message not exist"))?;
    if row.sender != who.user && !owns(app, channel, who.user)? {
        return Err(Refusal::fail("Sorry, You do not have permission"));
    }
    let age = app.now().since_ms(row.time);
    if app.limits.recall_seconds.is_some_and(|seconds| age > seconds * 1000) {
        return Err(Refusal::fail("exceed recall time limit"));
    }
    recall(app, &Recall { target, by: who.user, device: Some(who.device), sync_sender: true, ext: &meta.ext })
}

fn owns(app: &App, channel: i64, user: &str) -> Result<bool, Refusal> {
    let db = app.db.get();
    let Some(peer) = super::super::db::channels::peer(&db, channel, user)? else { return Ok(false) };
    if peer.chat_type == ChatType::Single {
        return Ok(false);
    }
    Ok(rooms::find(&db, peer.id())?.is_some_and(|room| room.owner == user))
}
