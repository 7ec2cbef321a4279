//! A stored message as it goes out: protobuf `Meta` for the history, JSON for lists and pins.

use bytes::Bytes;
use prost::Message as _;
use prost::encoding::{WireType, encode_key, encode_varint};
use rusqlite::Connection;
use serde_json::{Map, Value, json};

use crate::domain::{AppKey, ChatType, Message, Peer};
use crate::server::db::DbResult;
use crate::server::db::messages::Row;
use crate::wire::{message, ns, payload, pb, words};

/// Users named in a reaction.
const NAMED: usize = 3;
/// `MessageBody.meta`.
const FACTS_FIELD: u32 = 9;

/// What one viewer is shown of messages of one conversation.
pub(super) struct View<'a> {
    /// The app they belong to.
    pub(super) app_key: &'a AppKey,
    /// Who looks.
    pub(super) viewer: &'a str,
    /// The other side, seen by the viewer.
    pub(super) peer: &'a Peer,
}

impl View<'_> {
    /// Who a message went to: the group, or the one of the two who did not send it.
    fn receiver(&self, row: &Row) -> &str {
        match self.peer.chat_type {
            ChatType::Single if row.sender != self.viewer => self.viewer,
            ChatType::Single | ChatType::Group | ChatType::Room => self.peer.id(),
        }
    }

    /// Facts and reactions of a message as one object; `None` when there are none.
    ///
    /// # Errors
    /// The database's.
    pub(super) fn facts(&self, db: &Connection, row: &Row) -> DbResult<Option<Value>> {
        let known = row.facts.as_deref().and_then(|text| serde_json::from_str(text).ok());
        if !row.reacted {
            return Ok(known.filter(Value::is_object));
        }
        let mut facts = known.filter(Value::is_object).unwrap_or_else(|| Value::Object(Map::new()));
        facts["reaction"] = Value::Array(reactions(db, row, self.viewer)?);
        Ok(Some(facts))
    }

    /// The `Meta` of a message. Its body is what the sender encoded, with the facts appended as one more field: a
    /// later field of the same number wins, so nothing is decoded.
    pub(super) fn meta(&self, row: &Row, facts: Option<&Value>) -> pb::Meta {
        let text = |text: &str| Some(Bytes::copy_from_slice(text.as_bytes()));
        let jid = |name: &str, domain: &str| pb::Jid {
            app_key: text(&self.app_key.to_string()),
            name: text(name),
            domain: text(domain),
            client_resource: None,
        };
        let mut from = jid(&row.sender, words::USER_DOMAIN);
        from.client_resource = text(&row.device).filter(|device| !device.is_empty());
        let mut body = row.body.clone();
        if let Some(facts) = facts {
            let json = facts.to_string();
            encode_key(FACTS_FIELD, WireType::LengthDelimited, &mut body);
            encode_varint(json.len() as u64, &mut body);
            body.extend_from_slice(json.as_bytes());
        }
        pb::Meta {
            id: Some(row.id.0),
            from: Some(from),
            to: Some(jid(self.receiver(row), words::domain(self.peer.chat_type))),
            timestamp: Some(row.time.ms().max(0) as u64),
            ns: Some(ns::CHAT),
            payload: Some(body.into()),
            ..Default::default()
        }
    }

    /// The base64 text of a history page's entry.
    ///
    /// # Errors
    /// The database's.
    pub(super) fn encoded(&self, db: &Connection, row: &Row) -> DbResult<String> {
        let facts = if row.facts.is_some() || row.reacted { self.facts(db, row)? } else { None };
        Ok(message::encode_entry(&self.meta(row, facts.as_ref()).encode_to_vec()))
    }

    /// The payload object of a message: `{bodies, ext, from, to, type}`.
    pub(super) fn payload(&self, row: &Row, facts: Option<&Value>) -> Value {
        let body = pb::MessageBody::decode(row.body.as_slice()).unwrap_or_default();
        let read = message::read(&pb::Envelope::default(), &body, Bytes::new());
        let (from, to) = (row.sender.clone(), self.receiver(row).to_owned());
        payload::encode(&Message { from, to, chat_type: self.peer.chat_type, ..read }, facts)
    }

    /// `meta` of a list entry; its `payload` is a JSON string.
    ///
    /// # Errors
    /// The database's.
    pub(super) fn json(&self, db: &Connection, row: &Row) -> DbResult<Value> {
        let mut facts = self.facts(db, row)?;
        if let Some(facts) = &mut facts
            && !facts["reaction"].is_null()
        {
            // The older SDK looks for another key here.
            facts["reactions"] = facts["reaction"].clone();
        }
        Ok(json!({
            "id": row.id.to_string(),
            "from": words::jid(self.app_key, &row.sender, ChatType::Single),
            "to": words::jid(self.app_key, self.receiver(row), self.peer.chat_type),
            "timestamp": row.time.ms(),
            "payload": self.payload(row, facts.as_ref()).to_string(),
        }))
    }
}

/// Reactions of a message, oldest first, as history and reaction calls write them.
///
/// # Errors
/// The database's.
pub(super) fn reactions(db: &Connection, row: &Row, viewer: &str) -> DbResult<Vec<Value>> {
    let mut query = db.prepare_cached(
        "SELECT reaction, count(*), sum(user = ?2) FROM reaction WHERE message = ?1
         GROUP BY reaction ORDER BY min(time), reaction",
    )?;
    let kinds = query.query_map((row.id.0 as i64, viewer), |r| Ok((r.get::<_, String>(0)?, r.get(1)?, r.get(2)?)))?;
    let kinds: Vec<(String, i64, i64)> = kinds.collect::<DbResult<_>>()?;
    let each = kinds.into_iter().map(|(reaction, count, mine)| {
        let users = reactors(db, row.id.0 as i64, &reaction, 0, NAMED)?;
        Ok(json!({"reactionId": format!("{}_{reaction}", row.id), "reaction": reaction, "count": count,
                  "state": mine > 0, "userList": users}))
    });
    each.collect()
}

/// Who gave a reaction, oldest first.
///
/// # Errors
/// The database's.
pub(super) fn reactors(
    db: &Connection,
    message: i64,
    reaction: &str,
    skip: usize,
    count: usize,
) -> DbResult<Vec<String>> {
    let mut query = db.prepare_cached(
        "SELECT user FROM reaction WHERE message = ?1 AND reaction = ?2 ORDER BY time, user LIMIT ?4 OFFSET ?3",
    )?;
    query.query_map((message, reaction, skip as i64, count as i64), |row| row.get(0))?.collect()
}
