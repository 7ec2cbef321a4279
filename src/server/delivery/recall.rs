//! Recall: the message goes for both sides, from history, lists and queues, and everybody is told.

use prost::Message as _;
use rusqlite::Connection;

use super::super::app::App;
use super::super::db::{DbResult, channels, messages, views};
use super::queue::{self, Parcel};
use super::{Envelope, Posted, Refusal, named, parties};
use crate::domain::{MessageId, Peer};
use crate::wire::{body_type, pb};

/// A recall somebody is allowed to make.
pub struct Recall<'a> {
    /// Which message.
    pub target: MessageId,
    /// Who asked; `admin` for the app.
    pub by: &'a str,
    /// The asking device, which is not told.
    pub device: Option<&'a str>,
    /// The sender's devices are told too.
    pub sync_sender: bool,
    /// `Meta.ext`, handed on as it came.
    pub ext: &'a [pb::KeyValue],
}

/// Recalls a message. Whether the asker may, and in time, is the caller's to check.
///
/// # Errors
/// [`Refusal`] `message not exist`.
pub fn recall(app: &App, recall: &Recall<'_>) -> Result<Posted, Refusal> {
    let posted = Posted { id: app.mint(), time: app.now() };
    let told = app.db.write(|tx| {
        let Some((channel, row)) = messages::find(tx, recall.target)? else { return Ok(None) };
        let Some(peer) = channels::peer(tx, channel, &row.sender)? else { return Ok(None) };
        let mut told = parties(tx, &row.sender, &peer)?;
        lower_unread(tx, &told, channel, &row)?;
        erase(tx, recall.target)?;
        for owner in views::owners(tx, channel)? {
            views::refresh(tx, &owner, channel)?;
        }
        told.retain(|user| *user != row.sender || recall.sync_sender);
        tell(app, tx, recall, posted, &told, &side(&row.sender, peer, recall.by))?;
        Ok(Some(told))
    })?;
    let told = told.ok_or_else(|| Refusal::fail("message not exist"))?;
    for user in &told {
        app.hub.wake(user);
    }
    Ok(posted)
}

/// To whom the recall is addressed: where the message went, or to its sender if its receiver took it back.
fn side(sender: &str, peer: Peer, by: &str) -> Peer {
    if peer.id() == by { Peer::new(peer.chat_type, sender).unwrap_or(peer) } else { peer }
}

fn erase(tx: &Connection, id: MessageId) -> DbResult<()> {
    for sql in [
        "DELETE FROM message WHERE id = ?1",
        "DELETE FROM reaction WHERE message = ?1",
        "DELETE FROM pin WHERE message = ?1",
        "DELETE FROM hidden WHERE message = ?1",
    ] {
        tx.execute(sql, [id.0 as i64])?;
    }
    queue::withdraw(tx, id)
}

/// The unread are the newest of others: a recalled one among them counts no more.
fn lower_unread(tx: &Connection, owners: &[String], channel: i64, row: &messages::Row) -> DbResult<()> {
    let mut lower = tx.prepare_cached(
        "UPDATE conversation SET unread = unread - 1 WHERE owner = ?1 AND channel = ?2 AND owner <> ?3 AND unread >=
         (SELECT count(*) FROM message WHERE channel = ?2 AND sender <> ?1 AND (time, id) >= (?4, ?5))",
    )?;
    for owner in owners {
        lower.execute((owner, channel, &row.sender, row.time.ms(), row.id.0 as i64))?;
    }
    Ok(())
}

fn tell(app: &App, tx: &Connection, recall: &Recall<'_>, posted: Posted, told: &[String], to: &Peer) -> DbResult<()> {
    let body = pb::MessageBody {
        r#type: Some(body_type::RECALL),
        from: named(recall.by),
        to: named(to.id()),
        ack_message_id: Some(recall.target.0),
        ..Default::default()
    };
    let device = recall.device.unwrap_or_default();
    let envelope = Envelope { id: posted.id, time: posted.time, from: recall.by, device, to };
    let meta = pb::Meta { ext: recall.ext.to_vec(), ..envelope.seal(app, body.encode_to_vec().into()) };
    let parcel = Parcel { meta, message: None, waits: true };
    for user in told {
        let except = recall.device.filter(|_| user == recall.by);
        queue::push(tx, &app.hub, user, except, &parcel)?;
    }
    Ok(())
}
