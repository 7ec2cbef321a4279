//! A new message: stored, listed, queued.

use bytes::Bytes;
use prost::Message as _;
use rusqlite::{Connection, params};

use super::super::app::App;
use super::super::db::{DbResult, channels, views};
use super::queue::{self, Parcel};
use super::raw::fields_but;
use super::{Draft, Envelope, Posted, Refusal, named, parties};
use crate::domain::{ChatType, Peer};
use crate::wire::frame::status;
use crate::wire::{body_type, message, pb};

/// Delivers a message to everybody in its conversation.
///
/// # Errors
/// [`Refusal`]: not a `MessageBody`, nothing in it, too large.
pub fn post(app: &App, draft: Draft) -> Result<Posted, Refusal> {
    post_to(app, draft, &[])
}

/// As [`post`], but in a group only `only` get it, where that is not empty.
///
/// # Errors
/// As [`post`].
pub fn post_to(app: &App, draft: Draft, only: &[String]) -> Result<Posted, Refusal> {
    if draft.body.len() > app.limits.body_bytes {
        return Err(Refusal { code: status::PERMISSION_DENIED, reason: "Sorry, data is too large".to_owned() });
    }
    let (body, kind) = truthful(&draft)?;
    let id = app.mint();
    let posted = Posted { id, time: draft.time.unwrap_or_else(|| app.now()) };
    let reached = app.db.write(|tx| {
        let mut reached = parties(tx, &draft.from, &draft.peer)?;
        if !only.is_empty() {
            reached.retain(|user| *user == draft.from || only.contains(user));
        }
        if !draft.online_only {
            store(tx, &draft, posted, kind, &body)?;
        }
        if draft.listed && !draft.online_only && draft.time.is_none() && draft.peer.chat_type != ChatType::Room {
            list(app, tx, &draft, posted, &reached)?;
        }
        if draft.time.is_some() {
            reached.clear();
        }
        hand_over(app, tx, &draft, posted, body.clone(), &reached)?;
        Ok(reached)
    })?;
    for user in &reached {
        app.hub.wake(user);
    }
    Ok(posted)
}

/// The body with its true sender, receiver and chat type, and the word of its kind. All else of it stays as sent, byte
/// for byte, fields we do not know included.
fn truthful(draft: &Draft) -> Result<(Bytes, &'static str), Refusal> {
    let bad = || Refusal::fail("Sorry, format is incorrect");
    let body = pb::MessageBody::decode(draft.body.clone()).map_err(|_| bad())?;
    if body.contents.is_empty() {
        return Err(bad());
    }
    let chat = Some(match draft.peer.chat_type {
        ChatType::Single => body_type::CHAT,
        ChatType::Group => body_type::GROUPCHAT,
        ChatType::Room => body_type::CHATROOM,
    });
    let says =
        |jid: &Option<pb::Jid>, name: &str| jid.as_ref().and_then(|j| j.name.as_deref()) == Some(name.as_bytes());
    let true_already = body.r#type == chat && says(&body.from, &draft.from) && says(&body.to, draft.peer.id());
    let kind = message::read_body(&pb::MessageBody { r#type: chat, ..body.clone() }).kind().into();
    // Facts are the server's to tell.
    if true_already && body.meta.is_none() {
        return Ok((draft.body.clone(), kind));
    }
    let (from, to) = (named(&draft.from), named(draft.peer.id()));
    let mut told = pb::MessageBody { r#type: chat, from, to, ..Default::default() }.encode_to_vec();
    told.extend(fields_but(&draft.body, &[TYPE, FROM, TO, META]).ok_or_else(bad)?);
    Ok((told.into(), kind))
}

/// Fields of `MessageBody` that the server sets.
const TYPE: u32 = 1;
const FROM: u32 = 2;
const TO: u32 = 3;
const META: u32 = 9;

fn store(tx: &Connection, draft: &Draft, posted: Posted, kind: &str, body: &[u8]) -> DbResult<()> {
    let channel = channels::make(tx, &draft.from, &draft.peer)?;
    let (id, time) = (posted.id.0 as i64, posted.time.ms());
    tx.prepare_cached(
        "INSERT INTO message (id, channel, time, sender, device, kind, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![id, channel, time, draft.from, draft.device, kind, body])?;
    Ok(())
}

fn list(app: &App, tx: &Connection, draft: &Draft, posted: Posted, owners: &[String]) -> DbResult<()> {
    let channel = channels::make(tx, &draft.from, &draft.peer)?;
    let mut entry = tx.prepare_cached(
        "INSERT INTO conversation (owner, channel, unread, last, active, created) VALUES (?1, ?2, ?3, ?4, ?5, ?5)
         ON CONFLICT DO UPDATE SET unread = unread + ?3, last = ?4, active = ?5, listed = 1",
    )?;
    for owner in owners {
        let unread = i64::from(*owner != draft.from);
        entry.execute(params![owner, channel, unread, posted.id.0 as i64, posted.time.ms()])?;
        if let Some(most) = app.limits.conversations {
            views::trim(tx, owner, most)?;
        }
    }
    Ok(())
}

fn hand_over(app: &App, tx: &Connection, draft: &Draft, posted: Posted, body: Bytes, users: &[String]) -> DbResult<()> {
    let peer: &Peer = &draft.peer;
    let envelope = Envelope { id: posted.id, time: posted.time, from: &draft.from, device: &draft.device, to: peer };
    let parcel = Parcel {
        meta: envelope.seal(app, body),
        message: Some(posted.id),
        waits: !draft.online_only && peer.chat_type != ChatType::Room,
    };
    for user in users {
        let own = *user == draft.from;
        if !own || draft.sync_sender {
            // The sender's devices that are away find it in the history.
            let parcel = Parcel { waits: parcel.waits && !own, meta: parcel.meta.clone(), ..parcel };
            queue::push(tx, &app.hub, user, own.then_some(draft.device.as_str()), &parcel)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::frame;

    fn draft(body: &pb::MessageBody) -> Draft {
        Draft {
            from: "alice".into(),
            device: String::new(),
            peer: Peer::new(ChatType::Single, "bob").expect("a name"),
            body: body.encode_to_vec().into(),
            online_only: false,
            listed: true,
            sync_sender: true,
            time: None,
        }
    }

    #[test]
    fn nobody_speaks_in_anothers_name_or_invents_facts() {
        let lie = pb::MessageBody {
            r#type: Some(body_type::GROUPCHAT),
            from: named("carol"),
            to: named("dave"),
            contents: vec![pb::Content { r#type: Some(0), text: frame::bytes("hi"), ..Default::default() }],
            meta: frame::bytes("{\"isRead\":true}"),
            ..Default::default()
        };
        let (bytes, kind) = truthful(&draft(&lie)).expect("a message");
        let told = pb::MessageBody::decode(bytes).expect("a body");
        assert_eq!((kind, told.r#type, told.meta), ("txt", Some(body_type::CHAT), None));
        assert_eq!((told.from, told.to), (named("alice"), named("bob")));
        assert_eq!(told.contents, lie.contents);
    }

    #[test]
    fn a_corrected_body_keeps_every_other_byte() {
        // A content with an explicit subType 0 and a field nobody knows, after a wrong chat type.
        let content = [0x22, 10, 0x08, 0, 0x12, 0, 0xb0, 0x01, 0, 0xa8, 0x06, 1];
        let body = [&[8, 2][..], &content].concat().into();
        let draft = Draft { body, ..draft(&pb::MessageBody::default()) };
        let (bytes, _) = truthful(&draft).expect("a message");
        assert!(bytes.ends_with(&content), "{bytes:?}");
        assert_eq!(pb::MessageBody::decode(bytes).expect("a body").contents[0].sub_type, Some(0));
    }

    #[test]
    fn an_honest_body_keeps_its_bytes() {
        let mut raw = pb::MessageBody {
            r#type: Some(body_type::CHAT),
            from: named("alice"),
            to: named("bob"),
            contents: vec![pb::Content::default()],
            ..Default::default()
        }
        .encode_to_vec();
        raw.extend([0xfa, 0x3f, 1, 7]);
        let draft = Draft { body: raw.clone().into(), ..draft(&pb::MessageBody::default()) };
        assert_eq!(truthful(&draft).expect("a message").0, raw);
    }
}
