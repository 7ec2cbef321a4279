//! Pinning and marking conversations (`protocol` 3.2).

use serde_json::{Value, json};

use super::conversations::peer_of;
use super::events;
use crate::domain::{ChatType, Peer};
use crate::server::call::{Answer, Call, Refused, Reply};
use crate::server::db::{channels, views};
use crate::wire::words;

/// Marks run from `mark_0` to `mark_19`.
const MARKS: i64 = 20;

/// `POST /sdk/user/{user}/user_channel/top`
pub fn pin(call: &Call) -> Answer {
    let body = call.json()?;
    let peer = target(call, &body)?;
    if peer.chat_type == ChatType::Single && peer.id() == call.user() {
        return Err(Refused::illegal("params [to,from] must be unequal"));
    }
    let (now, most) = (call.now(), call.app.limits.pins.unwrap_or(usize::MAX));
    let full = call.app.db.write(|tx| {
        let channel = channels::make(tx, call.user(), &peer)?;
        if views::pinned_besides(tx, call.user(), channel)? >= most {
            return Ok(true);
        }
        views::make(tx, call.user(), channel, now)?;
        views::pin(tx, call.user(), channel, Some(now))?;
        // An empty entry counts as well.
        call.app.limits.conversations.map_or(Ok(()), |most| views::trim(tx, call.user(), most))?;
        Ok(false)
    })?;
    if full {
        return Err(Refused::illegal("the number of pinned conversations exceeds the limit"));
    }
    events::conv(call, "top", call.user(), &peer, "");
    Reply::data("post", json!({"is_top": true, "update_top_status_time": now.ms()}))
}

/// `DELETE /sdk/user/{user}/user_channel/top`
pub fn unpin(call: &Call) -> Answer {
    let asked = json!({"type": call.query("type"), "to": call.query("to")});
    let peer = target(call, &asked)?;
    call.app.db.write(|tx| match channels::find(tx, call.user(), &peer)? {
        Some(channel) => views::pin(tx, call.user(), channel, None),
        None => Ok(()),
    })?;
    events::conv(call, "not_top", call.user(), &peer, "");
    Reply::data("delete", json!({"is_top": false, "update_top_status_time": call.now().ms()}))
}

/// The conversation `{to, type}` names.
///
/// # Errors
/// 400 when it names none.
pub fn target(call: &Call, asked: &Value) -> Result<Peer, Refused> {
    let field = |name: &str| asked[name].as_str().filter(|text| !text.is_empty());
    let wrong = |name: &str| Refused::illegal(format!("param {name} illegal, please check it!"));
    let id = field("to").ok_or_else(|| wrong("to"))?;
    let kind = field("type").and_then(words::read_chat_type).ok_or_else(|| wrong("type"))?;
    peer_of(call, kind, id)?.ok_or_else(|| wrong("to"))
}

/// `mark_3` as 3.
///
/// # Errors
/// 400 for anything but `mark_0` to `mark_19`.
pub fn read_mark(text: &str) -> Result<i64, Refused> {
    let number = text.strip_prefix("mark_").and_then(|n| n.parse().ok()).filter(|n| (0..MARKS).contains(n));
    number.ok_or_else(|| Refused::illegal("param mark illegal, please check it!"))
}

/// `POST /sdk/user/{user}/user_channels/mark`
pub fn add(call: &Call) -> Answer {
    change(call, "mark", "INSERT OR IGNORE INTO mark (owner, channel, mark) VALUES (?1, ?2, ?3)")
}

/// `DELETE /sdk/user/{user}/user_channels/mark`, with a body.
pub fn remove(call: &Call) -> Answer {
    change(call, "mark_delete", "DELETE FROM mark WHERE owner = ?1 AND channel = ?2 AND mark = ?3")
}

fn change(call: &Call, op: &str, sql: &str) -> Answer {
    let body = call.json()?;
    let text = body["mark"].as_str().unwrap_or_default();
    let mark = read_mark(text)?;
    let targets = body["targets"].as_array().cloned().unwrap_or_default();
    if call.app.limits.mark_targets.is_some_and(|most| targets.len() > most) {
        return Err(Refused::illegal("the number of targets exceeds the limit"));
    }
    let mut ignored = Vec::new();
    for asked in targets {
        let peer = target(call, &asked).ok();
        let done = call.app.db.write(|tx| {
            let Some(peer) = &peer else { return Ok(false) };
            let Some(channel) = channels::find(tx, call.user(), peer)? else { return Ok(false) };
            let listed = views::exists(tx, call.user(), channel)?;
            if listed {
                tx.prepare_cached(sql)?.execute((call.user(), channel, mark))?;
            }
            Ok(listed)
        })?;
        match peer.filter(|_| done) {
            Some(peer) => events::conv(call, op, call.user(), &peer, text),
            None => ignored.push(asked),
        }
    }
    Reply::data("mark", json!({"ignore": ignored}))
}
