//! Edit: the sender's new content takes the old one's place in the history, and everybody is told.

use bytes::Bytes;
use prost::Message as _;
use rusqlite::{Connection, params};
use serde_json::{Value, json};

use super::super::app::App;
use super::super::db::{DbResult, channels, messages};
use super::queue::{self, Parcel};
use super::raw::fields_but;
use super::{Envelope, Posted, Refusal, named, parties};
use crate::domain::{ChatType, MessageId, Peer};
use crate::wire::{body_type, frame, message, pb};

/// A message can be edited so often.
const MOST_EDITS: u64 = 10;
/// Fields of `MessageBody` that an edit replaces.
const CONTENTS: u32 = 4;
const EXT: u32 = 5;

/// An edit somebody asks for.
pub struct Edit<'a> {
    /// Who asks.
    pub by: &'a str,
    /// The asking device, which is not told.
    pub device: &'a str,
    /// `MessageBody` of type EDIT with the message's id, new content and, where it changes, new `ext`.
    pub body: &'a pb::MessageBody,
}

/// What an edit did.
pub struct Edited {
    /// Id and time of the edit itself.
    pub posted: Posted,
    /// `{"edit_msg": …}`, as the asking device is told.
    pub facts: Value,
}

/// Edits a message.
///
/// # Errors
/// [`Refusal`] in the service's words: no such message, not the sender's, a command, edited too often, no content.
pub fn edit(app: &App, edit: &Edit<'_>) -> Result<Edited, Refusal> {
    let target = MessageId(edit.body.edit_message_id.unwrap_or_default());
    let found = messages::find(&app.db.get(), target)?;
    let (channel, row) = found.ok_or_else(|| Refusal::fail("Sorry, message does not exist"))?;
    let facts = allowed(edit, &row)?;
    let posted = Posted { id: app.mint(), time: app.now() };
    let (told, facts) = app.db.write(|tx| {
        let peer = channels::peer(tx, channel, &row.sender)?.ok_or(rusqlite::Error::QueryReturnedNoRows)?;
        let facts = counted(facts, edit.by, posted, &row, peer.chat_type);
        let told = parties(tx, &row.sender, &peer)?;
        replace(tx, edit, &row, &facts)?;
        tell(app, tx, edit, posted, &told, &peer, &facts)?;
        Ok((told, facts))
    })?;
    for user in &told {
        app.hub.wake(user);
    }
    Ok(Edited { posted, facts: json!({"edit_msg": facts["edit_msg"]}) })
}

/// The message's facts so far, if it may be edited.
fn allowed(edit: &Edit<'_>, row: &messages::Row) -> Result<Value, Refusal> {
    if row.sender != edit.by {
        return Err(Refusal::fail("Sorry, You do not have permission"));
    }
    if row.kind == "cmd" {
        return Err(Refusal::fail("Sorry, edit is not available"));
    }
    if edit.body.contents.is_empty() {
        return Err(Refusal::fail("Sorry, format is incorrect"));
    }
    let facts: Value = row.facts.as_deref().and_then(|f| serde_json::from_str(f).ok()).unwrap_or_else(|| json!({}));
    if facts["edit_msg"]["count"].as_u64().unwrap_or_default() >= MOST_EDITS {
        return Err(Refusal::fail("Sorry, edit limit reached"));
    }
    Ok(facts)
}

fn counted(mut facts: Value, by: &str, posted: Posted, row: &messages::Row, chat_type: ChatType) -> Value {
    let count = facts["edit_msg"]["count"].as_u64().unwrap_or_default() + 1;
    facts["edit_msg"] = json!({
        "count": count, "operator": by, "edit_time": posted.time.ms(), "sender": row.sender,
        "send_time": row.time.ms(),
        "chat_type": match chat_type {
            ChatType::Single => "chat:user",
            ChatType::Group => "chat:group",
            ChatType::Room => "chat:room",
        },
    });
    facts
}

fn replace(tx: &Connection, edit: &Edit<'_>, row: &messages::Row, facts: &Value) -> DbResult<()> {
    let (contents, ext) = (edit.body.contents.clone(), edit.body.ext.clone());
    let replaced: &[u32] = if ext.is_empty() { &[CONTENTS] } else { &[CONTENTS, EXT] };
    let mut body = fields_but(&row.body, replaced).unwrap_or_default();
    body.extend(pb::MessageBody { contents, ext, ..Default::default() }.encode_to_vec());
    let read = pb::MessageBody::decode(&body[..]).unwrap_or_default();
    let kind: &'static str = message::read_body(&read).kind().into();
    tx.execute(
        "UPDATE message SET body = ?2, kind = ?3, facts = ?4 WHERE id = ?1",
        params![row.id.0 as i64, body, kind, facts.to_string()],
    )?;
    Ok(())
}

fn tell(
    app: &App,
    tx: &Connection,
    edit: &Edit<'_>,
    posted: Posted,
    told: &[String],
    peer: &Peer,
    facts: &Value,
) -> DbResult<()> {
    let body = pb::MessageBody {
        r#type: Some(body_type::EDIT),
        from: named(edit.by),
        to: named(peer.id()),
        meta: frame::bytes(&json!({"edit_msg": facts["edit_msg"]}).to_string()),
        ..edit.body.clone()
    };
    let payload: Bytes = body.encode_to_vec().into();
    let envelope = Envelope { id: posted.id, time: posted.time, from: edit.by, device: edit.device, to: peer };
    let parcel = Parcel { meta: envelope.seal(app, payload), message: None, waits: true };
    for user in told {
        let except = (user == edit.by).then_some(edit.device);
        queue::push(tx, &app.hub, user, except, &parcel)?;
    }
    Ok(())
}
