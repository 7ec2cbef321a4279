//! What a second device of the same user, and the other side, are told over a real socket.

use manyou::server::hub::kick;
use manyou::wire::frame::Command;
use manyou::wire::{body_type, pb};
use prost::Message as _;
use serde_json::{Value, json};

use crate::device::Device;
use crate::support::Sandbox;

/// Alice with two devices, a conversation with bob and the group `g_team`.
struct Stage {
    sandbox: Sandbox,
    token: String,
    ids: Vec<String>,
    acting: Device,
    second: Device,
}

impl Stage {
    async fn new() -> Self {
        let sandbox = Sandbox::new().await;
        sandbox.team().await;
        let mut ids = Vec::new();
        for text in ["one", "two", "three"] {
            ids.push(sandbox.say("bob", "alice", text).await);
        }
        ids.push(sandbox.say("bob", "g_team", "to all").await);
        let token = sandbox.sign_in("alice").await;
        let (acting, second) =
            (Device::sign_in(&sandbox, "alice", "a1").await, Device::sign_in(&sandbox, "alice", "a2").await);
        let mut stage = Self { sandbox, token, ids, acting, second };
        stage.acting.metas().await;
        stage
    }

    /// Alice's first device asks; what her second one is told, and that the asking one hears nothing of it.
    async fn told(&mut self, method: &str, path: &str, body: Option<Value>) -> Vec<Value> {
        let joint = if path.contains('?') { '&' } else { '?' };
        self.sandbox.call(method, &format!("{path}{joint}resource=a1"), &self.token, body).await.ok();
        for event in self.acting.events().await {
            let named = event["data"]["resource"] == "a1" || event["data"]["res"] == "a1";
            assert!(named, "an event comes back unmarked: {event}");
        }
        self.second.events().await
    }
}

fn conv(op: &str, id: &str, kind: &str, ext: &str, ts: i64) -> Value {
    json!({"type": "conv", "data": {"op": op, "id": id, "type": kind, "from": "alice", "res": "a1", "ts": ts, "ext": ext}})
}

fn roaming(to: &str, kind: &str, what: Value) -> Value {
    let mut data = json!({"to": to, "chatType": kind, "resource": "a1", "messageRoamingType": "deleteRoaming"});
    data.as_object_mut().unwrap().extend(what.as_object().unwrap().clone());
    json!({"type": "roaming_delete", "data": data})
}

#[tokio::test]
async fn a_second_device_learns_which_messages_were_deleted() {
    let mut stage = Stage::new().await;
    let ids = stage.ids.clone();
    let path = format!("/sdk/message/roaming/chat/user/alice?userId=bob&msgIdList={},{}", ids[0], ids[1]);
    let told = stage.told("DELETE", &path, None).await;
    assert_eq!(told, [roaming("bob", "chat", json!({"msgIdList": [ids[0], ids[1]]}))]);
    let at = stage.sandbox.now();
    let path = format!("/sdk/message/roaming/group/user/alice/time?groupId=g_team&delTime={at}&");
    let told = stage.told("DELETE", &path, None).await;
    assert_eq!(told, [roaming("g_team", "groupchat", json!({"deleteTime": at, "lastMsgId": ids[3]}))]);
}

#[tokio::test]
async fn a_deleted_conversation_is_told_and_with_its_history_twice() {
    let mut stage = Stage::new().await;
    let ask = |roam: bool| Some(json!({"channel": "bob", "type": "chat", "delete_roam": roam}));
    let now = stage.sandbox.now();
    let told = stage.told("DELETE", "/user/alice/user_channel", ask(false)).await;
    assert_eq!(told, [conv("del", "bob", "chat", "", now)]);
    let told = stage.told("DELETE", "/user/alice/user_channel", ask(true)).await;
    let newest = stage.ids[2].clone();
    let sent = manyou::domain::MessageId(newest.parse().unwrap()).time().ms();
    let gone = roaming("bob", "chat", json!({"deleteTime": sent, "lastMsgId": newest}));
    assert_eq!(told, [conv("del", "bob", "chat", "", now), gone]);
    let told = stage.told("POST", "/sdk/message/roaming/user/alice/delete/all", None).await;
    assert_eq!(told, [conv("del", "g_team", "groupchat", "", now)]);
}

#[tokio::test]
async fn pins_and_marks_of_conversations_are_told() {
    let mut stage = Stage::new().await;
    let now = stage.sandbox.now();
    let top = Some(json!({"type": "groupChat", "to": "g_team"}));
    let told = stage.told("POST", "/sdk/user/alice/user_channel/top", top).await;
    assert_eq!(told, [conv("top", "g_team", "groupchat", "", now)]);
    let told = stage.told("DELETE", "/sdk/user/alice/user_channel/top?type=groupChat&to=g_team", None).await;
    assert_eq!(told, [conv("not_top", "g_team", "groupchat", "", now)]);
    let mark = Some(json!({"mark": "mark_3", "targets": [{"to": "bob", "type": "chat"}]}));
    let told = stage.told("POST", "/sdk/user/alice/user_channels/mark", mark.clone()).await;
    assert_eq!(told, [conv("mark", "bob", "chat", "mark_3", now)]);
    let told = stage.told("DELETE", "/sdk/user/alice/user_channels/mark", mark).await;
    assert_eq!(told, [conv("mark_delete", "bob", "chat", "mark_3", now)]);
}

#[tokio::test]
async fn pinned_messages_and_reactions_are_told_to_both_sides() {
    let mut stage = Stage::new().await;
    let mut bob = Device::sign_in(&stage.sandbox, "bob", "b1").await;
    let (id, now) = (stage.ids[1].clone(), stage.sandbox.now());
    let pin = Some(json!({"to": "bob", "type": "chat", "pin_msg_id": id}));
    for (method, op) in [("POST", "pin"), ("DELETE", "pin_delete")] {
        let told = stage.told(method, "/sdk/user/alice/user_channel/pin", pin.clone()).await;
        assert_eq!(told, [conv(op, "bob", "chat", &id, now)]);
        assert_eq!(bob.events().await, [conv(op, "alice", "chat", &id, now)]);
    }
    let add = Some(json!({"msgId": id, "message": "👍"}));
    let told = stage.told("POST", "/reaction/user/alice", add).await;
    let change = json!({"reaction": "👍", "count": 1, "userList": ["alice"],
                        "op": [{"reactionType": "create", "operator": "alice"}]});
    let event = json!({"type": "reaction", "data": [{"from": "alice", "to": "bob", "channel_type": "chat",
                       "messageId": id, "reactions": [change], "ts": now}]});
    assert_eq!((&told, &bob.events().await), (&vec![event.clone()], &vec![event]));
}

#[tokio::test]
async fn the_apps_deletions_are_told_to_every_device_unless_it_asks_for_silence() {
    let mut stage = Stage::new().await;
    stage.second.metas().await;
    let id = stage.ids[0].clone();
    let by_ids = format!("/rest/message/roaming/chat/user/alice?userId=bob&msgIdList={id}");
    let by_time = "/rest/message/roaming/chat/user/alice/time?userId=bob&delTime=1";
    for path in [&*by_ids, by_time] {
        stage.sandbox.app("DELETE", &format!("{path}&isNotify=false"), None).await.ok();
    }
    assert!(stage.acting.events().await.is_empty());
    stage.sandbox.app("DELETE", &by_ids, None).await.ok();
    for device in [&mut stage.acting, &mut stage.second] {
        let told = device.events().await;
        assert_eq!((told.len(), &told[0]["data"]["msgIdList"]), (1, &json!([id])));
    }
    stage.sandbox.app("POST", "/rest/message/roaming/user/alice/delete/all?isNotify=false", None).await.ok();
    assert!(stage.acting.events().await.is_empty());
}

#[tokio::test]
async fn messages_of_the_app_arrive_and_its_recall_takes_them_back_from_both() {
    let mut stage = Stage::new().await;
    let mut bob = Device::sign_in(&stage.sandbox, "bob", "b1").await;
    bob.metas().await;
    stage.sandbox.say("bob", "alice", "hello").await;
    stage.sandbox.say("carol", "g_team", "hello team").await;
    assert_eq!(stage.second.texts().await, ["hello", "hello team"]);
    assert_eq!(bob.texts().await, ["hello team"], "the sender's devices hear only what sync_device asks for");

    let id = stage.ids[0].clone();
    let recall = json!({"msg_id": id, "to": "alice", "chat_type": "chat", "force": true});
    stage.sandbox.app("POST", "/messages/msg_recall", Some(recall)).await.ok();
    for device in [&mut stage.second, &mut bob] {
        let told = device.bodies().await;
        let said: Vec<_> = told.iter().map(|body| (body.r#type, body.ack_message_id)).collect();
        assert_eq!(said, [(Some(body_type::RECALL), id.parse().ok())]);
    }
    for (user, peer) in [("alice", "bob"), ("bob", "alice")] {
        let token = stage.sandbox.sign_in(user).await;
        let path = format!("/users/{user}/messageroaming");
        let ask = json!({"queue": format!("{peer}@easemob.com")});
        let page = stage.sandbox.call("POST", &path, &token, Some(ask)).await.ok();
        assert_eq!(page["data"]["msgs"].as_array().map(Vec::len), Some(3), "{user} still has it");
    }
}

#[tokio::test]
async fn a_kick_says_why_and_the_server_closes() {
    let mut stage = Stage::new().await;
    stage.sandbox.handle.app().hub.kick("alice", kick::PASSWORD, "changed");
    for device in [&mut stage.acting, &mut stage.second] {
        let push: pb::CommSyncDl = device.payload(Command::Sync).await;
        let body = pb::StatisticsBody::decode(push.metas[0].payload.clone().unwrap()).expect("a body");
        assert_eq!((body.operation, push.queue.is_some()), (Some(kick::PASSWORD), true));
        assert!(device.frame().await.is_none(), "the server closes");
    }
}

#[tokio::test]
async fn a_damaged_stored_body_breaks_neither_list_nor_history_nor_push() {
    let mut stage = Stage::new().await;
    let (db, id) = (&stage.sandbox.handle.app().db, &stage.ids[2]);
    db.get().execute("UPDATE message SET body = x'22ff08', facts = '{broken' WHERE id = ?1", [id]).expect("damaged");
    db.get().execute("UPDATE queue SET meta = x'08ff' WHERE message = ?1", [id]).expect("damaged");
    let list = stage.sandbox.call("GET", "/users/alice/user_channels", &stage.token, None).await.ok();
    let bob = list["data"]["channel_infos"].as_array().unwrap().last().unwrap().clone();
    let payload: Value = serde_json::from_str(bob["meta"]["payload"].as_str().unwrap()).expect("JSON");
    assert_eq!((&payload["bodies"][0]["type"], &payload["ext"]), (&json!("txt"), &json!({})));
    let page = stage.sandbox.page(&stage.token, json!({"queue": "bob@easemob.com"})).await;
    assert_eq!((page.messages.len(), page.messages[0].id.to_string()), (3, id.clone()));
    let add = json!({"msgId": id, "message": "x"});
    stage.sandbox.call("POST", "/reaction/user/alice", &stage.token, Some(add)).await.ok();
    assert_eq!(stage.sandbox.page(&stage.token, json!({"queue": "bob@easemob.com"})).await.messages.len(), 3);
    stage.sandbox.say("bob", "alice", "after").await;
    assert_eq!(stage.acting.texts().await, ["after"]);
}
