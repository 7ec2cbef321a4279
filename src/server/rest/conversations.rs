//! Conversation lists and deleting a conversation (`protocol` 3.1, 3.5).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rusqlite::Connection;
use serde_json::{Value, json};

use super::entry::View;
use super::events;
use crate::domain::{ChatType, Peer};
use crate::server::call::{Answer, Call, Refused, Reply};
use crate::server::db::views::{self, Entry, Filter};
use crate::server::db::{channels, messages, rooms};
use crate::server::limits::DAY_MS;
use crate::wire::words;

const PAGE_SIZE: i64 = 20;
const MAX_LIMIT: i64 = 50;

/// `GET /users/{user}/user_channels`
pub fn list_v1(call: &Call) -> Answer {
    open(call, true)?;
    let limits = &call.app.limits;
    let oldest = limits.list_v1_days.map_or(i64::MIN, |days| call.now().plus_ms(-days * DAY_MS).ms());
    let count = limits.list_v1_count.unwrap_or(usize::MAX >> 1);
    let filter = Filter { count, oldest: oldest.max(limits.oldest(call.now())), ..Filter::default() };
    infos(call, &filter, false)
}

/// `GET /users/{user}/user_channels/page`
pub fn list_page(call: &Call) -> Answer {
    let page = call.number("pageNum", 1).filter(|n| (1..=1_000_000).contains(n)).unwrap_or(1);
    let size = call.number("pageSize", PAGE_SIZE).filter(|n| (1..=PAGE_SIZE).contains(n)).unwrap_or(PAGE_SIZE);
    open(call, page == 1)?;
    let skip = ((page - 1) * size) as usize;
    let oldest = call.app.limits.oldest(call.now());
    infos(call, &Filter { count: size as usize, skip, oldest, ..Filter::default() }, false)
}

/// `GET /sdk/user/{user}/user_channels/list`
pub fn list_cursor(call: &Call) -> Answer {
    cursor_page(call, None)
}

/// `GET /sdk/user/{user}/user_channels/mark/search`
pub fn list_marked(call: &Call) -> Answer {
    let mark = super::marks::read_mark(call.query("mark").unwrap_or_default())?;
    cursor_page(call, Some(mark))
}

fn cursor_page(call: &Call, mark: Option<i64>) -> Answer {
    let cursor = call.query("cursor").filter(|c| !matches!(*c, "" | "undefined" | "null"));
    open(call, cursor.is_none())?;
    let Some(limit) = call.number("limit", PAGE_SIZE).filter(|n| (1..=MAX_LIMIT).contains(n)) else {
        return Reply::data("get user channels", json!({"channel_infos": [], "cursor": ""}));
    };
    let filter = Filter {
        pinned: call.query("is_top") == Some("true"),
        mark,
        empty: call.query("needEmptySession") == Some("true"),
        after: cursor.map(read_cursor).transpose()?,
        skip: 0,
        count: limit as usize,
        oldest: call.app.limits.oldest(call.now()),
    };
    infos(call, &filter, true)
}

/// Refuses when the service is off or too many lists were fetched. Later pages of a list are not counted.
fn open(call: &Call, counts: bool) -> Result<(), Refused> {
    let limits = &call.app.limits;
    if !limits.list {
        return Err(Refused::not_open("user_channels"));
    }
    if counts && !call.app.within_rate("list", call.user(), limits.list_per_minute) {
        return Err(Refused::throttled());
    }
    Ok(())
}

fn infos(call: &Call, filter: &Filter, with_cursor: bool) -> Answer {
    let db = call.app.db.get();
    let mut entries = views::list(&db, call.user(), &Filter { count: filter.count + 1, ..*filter })?;
    let more = entries.len() > filter.count;
    entries.truncate(filter.count);
    let infos = entries.iter().map(|e| info(call, &db, e, with_cursor)).collect::<Result<Vec<_>, _>>()?;
    let mut data = json!({"channel_infos": infos});
    if with_cursor {
        let order = |e: &Entry| if filter.pinned { e.pinned_at.unwrap_or_default() } else { e.active };
        let last = entries.last().filter(|_| more).map(|e| write_cursor(order(e), e.channel));
        data["cursor"] = json!(last.unwrap_or_default());
    }
    Reply::data("get user channels", data)
}

fn info(call: &Call, db: &Connection, entry: &Entry, with_session: bool) -> Result<Value, Refused> {
    let Ok(peer) = Peer::new(entry.chat_type, &entry.peer) else { return Ok(json!({})) };
    let row = entry.last.map(|id| messages::find(db, id)).transpose()?.flatten();
    let view = View { app_key: &call.app.app_key, viewer: call.user(), peer: &peer };
    let meta = match &row {
        Some((_, row)) => view.json(db, row)?,
        None => json!({}),
    };
    let mut out = json!({
        "channel_id": words::jid(&call.app.app_key, peer.id(), peer.chat_type),
        "unread_num": entry.unread, "meta": meta,
    });
    if with_session {
        let channel = entry.channel;
        out["session_id"] = json!(format!("{}_{channel}", call.user()));
        out["session_to"] = json!(peer.id());
        out["session_type"] = json!(words::payload_word(peer.chat_type));
        out["is_top"] = json!(entry.pinned_at.is_some());
        out["update_top_status_time"] = json!(entry.pinned_at.unwrap_or_default());
        out["created_at"] = json!(entry.created);
        if call.query("need_mark") == Some("true") {
            let marks = views::marks(db, call.user(), channel)?;
            out["marks"] = marks.iter().map(|mark| format!("mark_{mark}")).collect();
        }
    }
    Ok(out)
}

fn write_cursor(order: i64, channel: i64) -> String {
    URL_SAFE_NO_PAD.encode(format!("{order}:{channel}"))
}

fn read_cursor(text: &str) -> Result<(i64, i64), Refused> {
    let raw = URL_SAFE_NO_PAD.decode(text).ok().and_then(|raw| String::from_utf8(raw).ok());
    let pair = raw.as_deref().and_then(|raw| raw.split_once(':'));
    let read = pair.and_then(|(order, channel)| Some((order.parse().ok()?, channel.parse().ok()?)));
    read.ok_or_else(|| Refused::illegal("cursor is illegal"))
}

/// `DELETE /users/{user}/user_channel` and `/user/{user}/user_channel`
pub fn delete(call: &Call) -> Answer {
    let body = call.json()?;
    let field = |name: &str| {
        let text = body[name].as_str().filter(|text| !text.is_empty());
        text.ok_or_else(|| Refused::illegal(format!("field {name} cannot be null or empty")))
    };
    let (channel, kind) = (field("channel")?, field("type")?);
    let roam = body["delete_roam"].as_bool().ok_or_else(|| Refused::illegal("field delete_roam cannot be null"))?;
    let limits = &call.app.limits;
    if !call.app.within_rate("delete conversation", call.user(), limits.delete_conversation_per_minute) {
        return Err(Refused::throttled());
    }
    let name = words::read_jid(&call.app.app_key, channel).0;
    if let Some(peer) =
        words::read_chat_type(kind).and_then(|kind| peer_of(call, kind, name).transpose()).transpose()?
    {
        remove(call, &peer, roam)?;
    }
    Ok(Reply::data("delete", json!({"result": "ok"}))?.with("path", json!("/users/user_channel")))
}

/// The peer an id and a word name; groups and rooms are told apart by what they are.
///
/// # Errors
/// The database's.
pub fn peer_of(call: &Call, chat_type: ChatType, id: &str) -> Result<Option<Peer>, Refused> {
    if chat_type == ChatType::Single {
        return Ok(Peer::new(chat_type, id).ok());
    }
    let known = rooms::peer(&call.app.db.get(), id)?;
    Ok(known.or_else(|| Peer::new(chat_type, id).ok()))
}

fn remove(call: &Call, peer: &Peer, roam: bool) -> Result<(), Refused> {
    let delay = call.app.limits.async_delete_ms;
    let newest = call.app.db.write(|tx| {
        let Some(channel) = channels::find(tx, call.user(), peer)? else { return Ok(None) };
        let newest = messages::newest(tx, channel)?;
        if let Some((time, id)) = newest.filter(|_| roam) {
            let slow = (call.now().plus_ms(delay).ms(), i64::MAX);
            messages::clear(tx, call.user(), channel, if delay > 0 { slow.max((time, id)) } else { (time, id) })?;
        }
        views::remove(tx, call.user(), channel)?;
        Ok(newest)
    })?;
    events::conv(call, "del", call.user(), peer, "");
    if let Some((time, id)) = newest.filter(|_| roam) {
        let what = json!({"deleteTime": time, "lastMsgId": id.to_string()});
        events::roaming_delete(call, call.user(), peer, what);
    }
    Ok(())
}
