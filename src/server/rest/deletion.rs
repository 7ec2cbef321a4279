//! One-way deletion of roamed messages: by ids, by time, everything; for the user and for the app (`protocol` 3.4).

use serde_json::{Value, json};

use super::conversations::peer_of;
use super::events;
use crate::domain::{ChatType, MessageId, Peer};
use crate::server::auth::Identity;
use crate::server::call::{Answer, Call, Refused, Reply};
use crate::server::db::messages::{self, FIRST, Page};
use crate::server::db::{channels, views};

/// Digits of a cut-off time the service reads at most.
const MAX_TIME_DIGITS: usize = 18;

/// `DELETE /{sdk|rest}/message/roaming/{kind}/user/{user}`
pub fn by_ids(call: &Call) -> Answer {
    let peer = prepare(call)?;
    let list: Vec<&str> = call.query("msgIdList").unwrap_or_default().split(',').filter(|id| !id.is_empty()).collect();
    if list.is_empty() {
        return Err(bad_request());
    }
    if call.app.limits.delete_ids.is_some_and(|most| list.len() > most) {
        return Err(Refused::param("param exception", "delete msg list limit can not greater than 50"));
    }
    let ids = list.iter().map(|id| id.parse()).collect::<Result<Vec<MessageId>, _>>();
    let ids = ids.map_err(|_| Refused::param("param exception", "msgIdList is illegal"))?;
    call.app.db.write(|tx| {
        let Some(channel) = channels::find(tx, call.user(), &peer)? else { return Ok(()) };
        messages::hide(tx, call.user(), channel, &ids)?;
        views::refresh(tx, call.user(), channel).map(|_| ())
    })?;
    tell(call, &peer, json!({"msgIdList": ids}));
    Reply::ok(call)
}

/// `DELETE /{sdk|rest}/message/roaming/{kind}/user/{user}/time`
pub fn by_time(call: &Call) -> Answer {
    let peer = prepare(call)?;
    let asked = call.query("delTime").filter(|text| text.len() <= MAX_TIME_DIGITS).and_then(|text| text.parse().ok());
    let asked: i64 = asked.filter(|at| *at > 0).ok_or_else(bad_request)?;
    // A time to come deletes what is there, not what will be written.
    let upto = asked.min(call.now().ms());
    let last = call.app.db.write(|tx| {
        let Some(channel) = channels::find(tx, call.user(), &peer)? else { return Ok(None) };
        let wanted = Page {
            owner: call.user(),
            channel,
            after: FIRST,
            before: (upto + 1, i64::MIN),
            forward: false,
            count: 1,
            kinds: "",
            senders: "",
        };
        let last = messages::page(tx, &wanted)?.first().map(|row| row.id);
        messages::clear(tx, call.user(), channel, (upto, i64::MAX))?;
        views::refresh(tx, call.user(), channel)?;
        Ok(last)
    })?;
    let mut what = json!({"deleteTime": asked});
    if let Some(id) = last {
        what["lastMsgId"] = json!(id);
    }
    tell(call, &peer, what);
    Reply::ok(call)
}

/// `POST /{sdk|rest}/message/roaming/user/{user}/delete/all`: everything of the user, messages and conversations.
pub fn everything(call: &Call) -> Answer {
    open(call)?;
    call.app.count_wipe();
    tracing::warn!("a whole account was wiped");
    let now = call.now().ms();
    let listed = call.app.db.write(|tx| {
        let mut listed = Vec::new();
        for channel in channels::all_of(tx, call.user())? {
            let newest = messages::newest(tx, channel)?.unwrap_or(FIRST);
            messages::clear(tx, call.user(), channel, newest.max((now, i64::MIN)))?;
            if views::exists(tx, call.user(), channel)? {
                listed.extend(channels::peer(tx, channel, call.user())?);
                views::remove(tx, call.user(), channel)?;
            }
        }
        Ok(listed)
    })?;
    for peer in listed.iter().filter(|_| !silent(call)) {
        events::conv(call, "del", call.user(), peer, "");
    }
    Reply::ok(call)
}

fn open(call: &Call) -> Result<(), Refused> {
    if call.app.limits.deletion {
        return Ok(());
    }
    Err(Refused::param("service open exception", "this appKey not open message roaming"))
}

/// The conversation the path and query name.
fn prepare(call: &Call) -> Result<Peer, Refused> {
    open(call)?;
    let (chat_type, key) = match call.param("kind") {
        "chat" => (ChatType::Single, "userId"),
        "group" => (ChatType::Group, "groupId"),
        _ => return Err(Refused::missing()),
    };
    let id = call.query(key).filter(|id| !id.is_empty()).ok_or_else(bad_request)?;
    peer_of(call, chat_type, id)?.ok_or_else(|| Refused::param("param exception", "userId or groupId is illegal"))
}

fn bad_request() -> Refused {
    Refused::param("Bad Request", "Bad Request")
}

/// Whether the app asked that nobody is told. A user's own devices always are.
fn silent(call: &Call) -> bool {
    call.identity == Identity::App && call.query("isNotify") == Some("false")
}

/// Tells the owner's other devices.
fn tell(call: &Call, peer: &Peer, what: Value) {
    if !silent(call) {
        events::roaming_delete(call, call.user(), peer, what);
    }
}
