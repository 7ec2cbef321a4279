//! Reactions to messages (`protocol` 3.7).

use serde_json::{Value, json};

use super::entry::{reactions, reactors};
use crate::domain::{ChatType, MessageId, Peer};
use crate::server::call::{Answer, Call, Refused, Reply};
use crate::server::db::messages::Row;
use crate::server::db::{channels, messages};
use crate::wire::words;

/// A message the user may react to.
struct Target {
    channel: i64,
    peer: Peer,
    row: Row,
}

fn open(call: &Call) -> Result<(), Refused> {
    if call.app.limits.reaction {
        return Ok(());
    }
    Err(Refused::param("service open exception", "this appKey is not open reaction service!"))
}

/// The message, if the user takes part in its conversation.
fn target(call: &Call, id: &str) -> Result<Target, Refused> {
    let id: MessageId = id.parse().map_err(|_| Refused::illegal("msgId is illegal"))?;
    let db = call.app.db.get();
    let found = messages::find(&db, id)?;
    let (channel, row) = found.ok_or_else(|| Refused::missing_with("MessageNotFoundException", "message not found"))?;
    if !channels::participants(&db, channel)?.iter().any(|user| user == call.user()) {
        return Err(Refused::param("user illegal exception", "The user not in this group!"));
    }
    let peer = channels::peer(&db, channel, call.user())?.ok_or_else(Refused::missing)?;
    Ok(Target { channel, peer, row })
}

/// `POST /reaction/user/{user}`
pub fn add(call: &Call) -> Answer {
    open(call)?;
    let body = call.json()?;
    let text = |key: &str| body[key].as_str().unwrap_or_default();
    let (target, reaction) = (target(call, text("msgId"))?, checked(text("message"))?);
    call.app.db.get().execute(
        "INSERT OR IGNORE INTO reaction (message, reaction, user, time) VALUES (?1, ?2, ?3, ?4)",
        (target.row.id.0 as i64, reaction, call.user(), call.now().ms()),
    )?;
    tell(call, &target, reaction, "create")?;
    let data = json!({"id": format!("{}_{reaction}", target.row.id), "msgId": target.row.id, "reaction": reaction});
    Ok(Reply::Json(json!({"requestStatusCode": "ok", "timestamp": call.now().ms(), "data": data})))
}

/// `DELETE /reaction/user/{user}`
pub fn remove(call: &Call) -> Answer {
    open(call)?;
    let target = target(call, call.query("msgId").unwrap_or_default())?;
    let reaction = checked(call.query("message").unwrap_or_default())?;
    call.app.db.get().execute(
        "DELETE FROM reaction WHERE message = ?1 AND reaction = ?2 AND user = ?3",
        (target.row.id.0 as i64, reaction, call.user()),
    )?;
    tell(call, &target, reaction, "delete")?;
    Reply::ok(call)
}

fn checked(reaction: &str) -> Result<&str, Refused> {
    if (1..=128).contains(&reaction.len()) { Ok(reaction) } else { Err(Refused::illegal("message is illegal")) }
}

/// `GET /reaction/user/{user}`
pub fn list(call: &Call) -> Answer {
    open(call)?;
    let ids = call.query("msgIdList").unwrap_or_default().split(',').filter(|id| !id.is_empty());
    let mut data = Vec::new();
    for id in ids.take(50) {
        let Ok(target) = target(call, id) else { continue };
        let list = reactions(&call.app.db.get(), &target.row, call.user())?;
        data.push(json!({"msgId": target.row.id, "reactionList": list}));
    }
    Ok(Reply::Json(json!({"requestStatusCode": "ok", "timestamp": call.now().ms(), "data": data})))
}

/// `GET /reaction/user/{user}/detail`; pages by `cursor` and `limit`, or by `currentPage` and `pageSize`.
pub fn detail(call: &Call) -> Answer {
    open(call)?;
    let target = target(call, call.query("msgId").unwrap_or_default())?;
    let reaction = checked(call.query("message").unwrap_or_default())?;
    let size = if call.query("pageSize").is_some() { "pageSize" } else { "limit" };
    let size = call.number(size, 20).filter(|n| (1..=100).contains(n)).unwrap_or(20) as usize;
    let page = call.number("currentPage", 1).filter(|n| (1..=100_000).contains(n)).unwrap_or(1) as usize;
    let cursor = call.number("cursor", 0).filter(|n| *n > 0).map(|n| n as usize);
    let skip = cursor.unwrap_or((page - 1) * size);
    let db = call.app.db.get();
    let mut users = reactors(&db, target.row.id.0 as i64, reaction, skip, size + 1)?;
    let more = users.len() > size;
    users.truncate(size);
    let mut data = summary(&reactions(&db, &target.row, call.user())?, reaction);
    data["userList"] = json!(users);
    data["cursor"] = json!(if more { (skip + size).to_string() } else { String::new() });
    Ok(Reply::Json(json!({"requestStatusCode": "ok", "timestamp": call.now().ms(), "data": data})))
}

fn summary(all: &[Value], reaction: &str) -> Value {
    let found = all.iter().find(|r| r["reaction"] == reaction).cloned();
    found.unwrap_or_else(|| json!({"reactionId": "", "reaction": reaction, "count": 0, "state": false, "userList": []}))
}

/// Tells every participant's devices but the asking one.
fn tell(call: &Call, target: &Target, reaction: &str, op: &str) -> Result<(), Refused> {
    let (participants, now) = {
        let db = call.app.db.get();
        (channels::participants(&db, target.channel)?, summary(&reactions(&db, &target.row, call.user())?, reaction))
    };
    let change = json!({"reaction": reaction, "count": now["count"], "userList": now["userList"],
                        "op": [{"reactionType": op, "operator": call.user()}]});
    for user in participants {
        let to = if target.peer.chat_type == ChatType::Single { &user } else { target.peer.id() };
        let to = if to == call.user() { target.peer.id() } else { to };
        let event = json!({"from": call.user(), "to": to, "channel_type": words::payload_word(target.peer.chat_type),
                           "messageId": target.row.id, "reactions": [change], "ts": call.now().ms()});
        let except = call.resource().filter(|_| user == call.user());
        call.app.hub.notify(&call.app, &user, except, &json!({"type": "reaction", "data": [event]}));
    }
    Ok(())
}
