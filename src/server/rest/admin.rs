//! Recalling a message with the app's token (`protocol` 3.10).

use axum::http::StatusCode;
use serde_json::json;

use super::conversations::peer_of;
use crate::domain::MessageId;
use crate::server::call::{Answer, Call, Refused, Reply};
use crate::server::db::{channels, messages};
use crate::server::delivery::{self, Recall};
use crate::wire::words;

/// `POST /messages/msg_recall`
pub fn recall(call: &Call) -> Answer {
    if !call.app.limits.recall {
        return Err(Refused::forbidden("message recall service is unopened"));
    }
    let body = call.json()?;
    let empty = |name: &str| refused(StatusCode::BAD_REQUEST, format!("param {name} can't be empty"));
    let text = |name: &str| body[name].as_str().filter(|text| !text.is_empty()).ok_or_else(|| empty(name));
    let (id, to, kind) = (text("msg_id")?, text("to")?, text("chat_type")?);
    let force = body["force"].as_bool().ok_or_else(|| empty("force"))?;
    let not_found = || refused(StatusCode::FORBIDDEN, "not_found msg");
    let no_peer = || refused(StatusCode::BAD_REQUEST, "can't find msg to");
    let id: MessageId = id.parse().map_err(|_| not_found())?;
    let chat_type = words::read_chat_type(kind).ok_or_else(|| empty("chat_type"))?;
    let peer = peer_of(call, chat_type, to)?.ok_or_else(no_peer)?;
    let (channel, row) = messages::find(&call.app.db.get(), id)?.ok_or_else(not_found)?;
    if channels::find(&call.app.db.get(), &row.sender, &peer)? != Some(channel) {
        return Err(no_peer());
    }
    let age = call.now().since_ms(row.time) / 1000;
    if !force && call.app.limits.recall_seconds.is_some_and(|most| age > most) {
        return Err(refused(StatusCode::FORBIDDEN, "exceed recall time limit"));
    }
    let from = body["from"].as_str().filter(|from| !from.is_empty()).unwrap_or("admin");
    let sync_sender = body["sync_device"].as_bool().unwrap_or(true);
    let asked = Recall { target: id, by: from, device: None, sync_sender, ext: &[] };
    delivery::recall(&call.app, &asked).map_err(|refusal| refused(StatusCode::FORBIDDEN, refusal.to_string()))?;

    Reply::data(
        "post",
        json!({"msg_id": id, "recalled": "yes", "from": from, "to": to, "chattype": words::payload_word(chat_type)}),
    )
}

fn refused(status: StatusCode, text: impl Into<String>) -> Refused {
    Refused::new(status, "message_recall_error", "MessageRecallException", text)
}
