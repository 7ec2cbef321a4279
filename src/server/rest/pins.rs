//! Pinned messages of a conversation (`protocol` 3.6). They are shared: every participant sees and is told.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::entry::View;
use super::events;
use super::marks::target;
use crate::domain::{ChatType, MessageId, Peer};
use crate::server::call::{Answer, Call, Refused, Reply};
use crate::server::db::{channels, messages};

/// `POST /sdk/user/{user}/user_channel/pin`
pub fn pin(call: &Call) -> Answer {
    change(call, "pin")
}

/// `DELETE /sdk/user/{user}/user_channel/pin`, with a body.
pub fn unpin(call: &Call) -> Answer {
    change(call, "pin_delete")
}

fn change(call: &Call, op: &'static str) -> Answer {
    let body = call.json()?;
    let (peer, ids) = (target(call, &body)?, ids(&body["pin_msg_id"])?);
    for id in ids {
        let found = seen(call, &peer, id)?;
        let Some(channel) = found else {
            return Err(Refused::missing_with("PinMessageNotExistException", "user session pin message not exist"));
        };
        let (now, number) = (call.now().ms(), id.0 as i64);
        call.app.db.write(|tx| {
            if op == "pin" {
                tx.prepare_cached(
                    "INSERT OR REPLACE INTO pin (channel, message, operator, time) VALUES (?1, ?2, ?3, ?4)",
                )?
                .execute((channel, number, call.user(), now))
            } else {
                tx.prepare_cached("DELETE FROM pin WHERE channel = ?1 AND message = ?2")?.execute((channel, number))
            }
        })?;
        tell(call, op, channel, &peer, id)?;
    }
    Reply::data(op, json!({}))
}

/// One id, or an array of them.
fn ids(value: &Value) -> Result<Vec<MessageId>, Refused> {
    let list = value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
    let read = list.iter().map(|id| id.as_str().and_then(|id| id.parse().ok())).collect::<Option<Vec<_>>>();
    let wrong = || Refused::new(StatusCode::BAD_REQUEST, "illegal_argument", "ParamException", WRONG_ID);
    read.filter(|ids| !ids.is_empty()).ok_or_else(wrong)
}

const WRONG_ID: &str = "param pin_msg_id illegal, please check it!";

/// The channel, if the user takes part in it and sees the message.
fn seen(call: &Call, peer: &Peer, id: MessageId) -> Result<Option<i64>, Refused> {
    let db = call.app.db.get();
    let Some(channel) = own_channel(call, &db, peer)? else { return Ok(None) };
    Ok(messages::visible(&db, call.user(), channel, id)?.map(|_| channel))
}

fn own_channel(call: &Call, db: &rusqlite::Connection, peer: &Peer) -> Result<Option<i64>, Refused> {
    let Some(channel) = channels::find(db, call.user(), peer)? else { return Ok(None) };
    let takes_part = channels::participants(db, channel)?.iter().any(|user| user == call.user());
    Ok(takes_part.then_some(channel))
}

/// Tells everybody; each is named the conversation as they see it.
fn tell(call: &Call, op: &str, channel: i64, peer: &Peer, id: MessageId) -> Result<(), Refused> {
    let participants = channels::participants(&call.app.db.get(), channel)?;
    for user in participants {
        let seen = match peer.chat_type {
            ChatType::Single if user != call.user() => Peer::new(ChatType::Single, call.user()).ok(),
            ChatType::Single | ChatType::Group | ChatType::Room => Some(peer.clone()),
        };
        if let Some(seen) = seen {
            events::conv(call, op, &user, &seen, &id.to_string());
        }
    }
    Ok(())
}

/// `GET /sdk/user/{user}/user_channel/pin`
pub fn list(call: &Call) -> Answer {
    let peer = target(call, &json!({"to": call.query("to"), "type": call.query("type")}))?;
    let limit = call.number("limit", 10).filter(|n| (1..=50).contains(n)).unwrap_or(10);
    let skip = call.number("cursor", 0).filter(|n| *n >= 0).ok_or_else(|| Refused::illegal("cursor is illegal"))?;
    let db = call.app.db.get();
    let Some(channel) = own_channel(call, &db, &peer)? else {
        return Reply::data("get", json!({"msg_infos": [], "cursor": ""}));
    };
    let mut query = db.prepare_cached(
        "SELECT message, operator, time FROM pin WHERE channel = ?1 ORDER BY time DESC, message DESC LIMIT ?2 OFFSET ?3",
    )?;
    let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, row.get::<_, i64>(2)?));
    let pins = query.query_map((channel, limit, skip), read)?.collect::<rusqlite::Result<Vec<_>>>()?;
    let view = View { app_key: &call.app.app_key, viewer: call.user(), peer: &peer };
    let mut infos = Vec::new();
    for (id, operator, time) in &pins {
        if let Some(row) = messages::visible(&db, call.user(), channel, MessageId(*id as u64))? {
            infos.push(json!({"message": view.json(&db, &row)?, "pin_opt_at": time, "pin_operator": operator}));
        }
    }
    let full = pins.len() as i64 == limit;
    let cursor = if full { (skip + limit).to_string() } else { String::new() };
    Reply::data("get", json!({"msg_infos": infos, "cursor": cursor}))
}
