//! What other devices of a user are told after a REST call (`protocol` 8).

use serde_json::{Value, json};

use crate::domain::{ChatType, Peer};
use crate::server::call::Call;
use crate::wire::words;

/// Messages of `owner` were deleted one-way. `what` holds `msgIdList`, or `deleteTime` with `lastMsgId`.
pub(super) fn roaming_delete(call: &Call, owner: &str, peer: &Peer, what: Value) {
    let mut data = json!({"to": peer.id(), "chatType": two_words(peer), "messageRoamingType": "deleteRoaming",
                          "resource": call.resource().unwrap_or_default()});
    if let (Some(data), Value::Object(what)) = (data.as_object_mut(), what) {
        data.extend(what);
    }
    call.app.hub.notify(&call.app, owner, call.resource(), &json!({"type": "roaming_delete", "data": data}));
}

/// Something happened to a conversation of `owner`: `del`, `top`, `not_top`, `mark`, `mark_delete`, `pin`,
/// `pin_delete`.
pub(super) fn conv(call: &Call, op: &str, owner: &str, peer: &Peer, ext: &str) {
    let payload = json!({"type": "conv", "data": {
        "op": op, "id": peer.id(), "type": words::payload_word(peer.chat_type), "from": call.identity.name(),
        "res": call.resource().unwrap_or_default(), "ts": call.now().ms(), "ext": ext,
    }});
    let own = call.identity.name() == owner;
    call.app.hub.notify(&call.app, owner, call.resource().filter(|_| own), &payload);
}

/// `chat` or `groupchat`: clients read anything else as single.
const fn two_words(peer: &Peer) -> &'static str {
    match peer.chat_type {
        ChatType::Single => "chat",
        ChatType::Group | ChatType::Room => "groupchat",
    }
}
