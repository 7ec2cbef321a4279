//! Sending and importing messages with the app's token (`protocol` 3.12).

use bytes::Bytes;
use prost::Message as _;
use serde_json::{Map, Value, json};

use crate::domain::{Body, ChatType, Message, MessageId, Peer, ServerTime};
use crate::server::call::{Answer, Call, Refused, Reply};
use crate::server::db::rooms;
use crate::server::delivery::{self, Draft};
use crate::wire::{message, payload, values};

const MAX_USERS: usize = 600;
const MAX_GROUPS: usize = 10;

/// `POST /messages/users`
pub fn to_users(call: &Call) -> Answer {
    send(call, ChatType::Single, MAX_USERS)
}

/// `POST /messages/chatgroups`
pub fn to_groups(call: &Call) -> Answer {
    send(call, ChatType::Group, MAX_GROUPS)
}

fn send(call: &Call, chat_type: ChatType, most: usize) -> Answer {
    let asked = call.json()?;
    let to: Vec<&str> = asked["to"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    if to.is_empty() || to.len() > most {
        return Err(Refused::illegal(format!("to must name 1 to {most} receivers")));
    }
    let from = asked["from"].as_str().filter(|from| !from.is_empty()).unwrap_or("admin");
    let mut data = Map::new();
    for id in to {
        let Ok(peer) = Peer::new(chat_type, id) else {
            return Err(Refused::illegal(format!("{id} is no id")));
        };
        if chat_type != ChatType::Single && rooms::find(&call.app.db.get(), id)?.is_none() {
            data.insert(id.to_owned(), json!("group not found"));
            continue;
        }
        let body = body(&asked, from, &peer)?;
        let draft = Draft {
            from: from.to_owned(),
            device: String::new(),
            peer,
            body,
            online_only: asked["routetype"] == "ROUTE_ONLINE",
            listed: call.app.limits.rest_sent_listed,
            sync_sender: asked["sync_device"].as_bool().unwrap_or_default(),
            time: None,
        };
        let sent = match delivery::post(&call.app, draft) {
            Ok(posted) => posted.id.to_string(),
            Err(refusal) => refusal.to_string(),
        };
        data.insert(id.to_owned(), json!(sent));
    }
    Reply::data("post", data)
}

/// `POST /messages/users/import`
pub fn import_to_user(call: &Call) -> Answer {
    import(call, ChatType::Single)
}

/// `POST /messages/chatgroups/import`
pub fn import_to_group(call: &Call) -> Answer {
    import(call, ChatType::Group)
}

/// An old message: in the history only, never in the list, and nobody is told.
fn import(call: &Call, chat_type: ChatType) -> Answer {
    let asked = call.json()?;
    let text = |key: &str| asked[key].as_str().filter(|text| !text.is_empty());
    let target = text("target").ok_or_else(|| Refused::illegal("target not allow empty"))?;
    let from = text("from").ok_or_else(|| Refused::illegal("from not allow empty"))?;
    let peer = Peer::new(chat_type, target).map_err(|e| Refused::illegal(e.to_string()))?;
    let now = call.now();
    let time = asked["msg_timestamp"].as_i64().map_or(now, ServerTime);
    if !time.is_valid_at(now) {
        return Err(Refused::illegal("msg_timestamp is illegal"));
    }
    let body = body(&asked, from, &peer)?;
    let draft = Draft {
        from: from.to_owned(),
        device: String::new(),
        peer,
        body,
        online_only: false,
        listed: false,
        sync_sender: false,
        time: Some(time),
    };
    let posted = delivery::post(&call.app, draft).map_err(|refusal| Refused::illegal(refusal.to_string()))?;
    Reply::data("post", json!({"msg_id": posted.id}))
}

/// The message as it is stored: `{type, body, ext}` of any kind.
fn body(asked: &Value, from: &str, peer: &Peer) -> Result<Bytes, Refused> {
    let kind = asked["type"].as_str().filter(|kind| !kind.is_empty());
    let kind = kind.ok_or_else(|| Refused::illegal("type not allow empty"))?;
    let mut content = asked["body"].clone();
    let Some(fields) = content.as_object_mut().filter(|fields| !fields.is_empty()) else {
        return Err(Refused::illegal("message body not allow empty"));
    };
    fields.insert("type".to_owned(), json!(kind));
    let ext = if asked["ext"].is_object() { asked["ext"].clone() } else { json!({}) };
    let read = payload::read_body(&content, &ext, asked.get("stream"));
    if let Body::Unknown { kind } = &read {
        return Err(Refused::illegal(format!("type {kind} is not supported")));
    }
    let message = Message {
        id: MessageId(0),
        chat_type: peer.chat_type,
        from: from.to_owned(),
        to: peer.id().to_owned(),
        body: read,
        ext: values::pairs_from_json(&ext),
        ..message::damaged(Bytes::new(), String::new())
    };
    Ok(message::encode_body(&message).encode_to_vec().into())
}
