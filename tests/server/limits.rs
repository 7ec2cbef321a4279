//! Each limit and each paid service, turned on or off alone; and scripted faults.

use manyou::server::Config;
use manyou::server::faults::Faults;
use manyou::server::limits::Limits;
use serde_json::{Value, json};

use crate::support::Sandbox;

async fn with(change: impl FnOnce(&mut Limits)) -> (Sandbox, String) {
    let mut limits = Limits::none();
    change(&mut limits);
    let sandbox = Sandbox::limited(limits).await;
    let token = sandbox.sign_in("alice").await;
    (sandbox, token)
}

fn count(list: &Value) -> usize {
    list["data"]["channel_infos"].as_array().map_or(0, Vec::len)
}

const LIST: &str = "/users/alice/user_channels";

#[tokio::test]
async fn the_oldest_list_is_cut_by_count_and_by_days() {
    let (sandbox, token) = with(|l| (l.list_v1_count, l.list_v1_days) = (Some(2), Some(7))).await;
    for from in ["bob", "carol", "dora"] {
        sandbox.say(from, "alice", "hello").await;
    }
    assert_eq!(count(&sandbox.call("GET", LIST, &token, None).await.ok()), 2);
    let cursor = "/sdk/user/alice/user_channels/list?limit=20&cursor=";
    sandbox.pass(8 * 86_400_000);
    assert_eq!(count(&sandbox.call("GET", LIST, &token, None).await.ok()), 0);
    assert_eq!(count(&sandbox.call("GET", cursor, &token, None).await.ok()), 3);
}

#[tokio::test]
async fn a_sixth_list_and_a_sixth_delete_within_a_minute_are_throttled() {
    let (sandbox, token) = with(|l| (l.list_per_minute, l.delete_conversation_per_minute) = (Some(5), Some(5))).await;
    let gone = json!({"channel": "bob", "type": "chat", "delete_roam": false});
    for (method, path, body) in [("GET", LIST, None), ("DELETE", "/user/alice/user_channel", Some(gone))] {
        for _ in 0..5 {
            sandbox.call(method, path, &token, body.clone()).await.ok();
        }
        let answer = sandbox.call(method, path, &token, body.clone()).await;
        assert_eq!(answer.refusal(), (429, "reach_limit", "This request has reached api limit"));
        sandbox.pass(60_000);
        sandbox.call(method, path, &token, body).await.ok();
    }
}

#[tokio::test]
async fn messages_past_their_retention_are_gone_and_their_conversation_is_empty() {
    let (sandbox, token) = with(|l| l.retention_days = Some(3)).await;
    sandbox.say("bob", "alice", "old").await;
    sandbox.pass(3 * 86_400_000 + 1);
    assert!(sandbox.page(&token, json!({"queue": "bob@easemob.com"})).await.messages.is_empty());
    let list = "/sdk/user/alice/user_channels/list?limit=20&cursor=";
    assert_eq!(count(&sandbox.call("GET", list, &token, None).await.ok()), 0);
    let empty = sandbox.call("GET", &format!("{list}&needEmptySession=true"), &token, None).await.ok();
    assert_eq!((count(&empty), &empty["data"]["channel_infos"][0]["meta"]), (1, &json!({})));
}

#[tokio::test]
async fn beyond_its_cap_a_list_drops_the_least_active_conversation() {
    let (sandbox, token) = with(|l| l.conversations = Some(2)).await;
    for from in ["bob", "carol", "bob", "dora"] {
        sandbox.say(from, "alice", "hello").await;
    }
    let list = sandbox.call("GET", LIST, &token, None).await.ok();
    let kept = |n: usize| list["data"]["channel_infos"][n]["channel_id"].as_str().unwrap().to_owned();
    assert_eq!(count(&list), 2);
    assert_eq!((kept(0), kept(1)), ("manyou#sandbox_dora@easemob.com".into(), "manyou#sandbox_bob@easemob.com".into()));
}

#[tokio::test]
async fn more_than_fifty_ids_are_refused() {
    let (sandbox, token) = with(|l| l.delete_ids = Some(50)).await;
    let ids: Vec<String> = (1..=51).map(|n| n.to_string()).collect();
    let path = |n: usize| format!("/sdk/message/roaming/chat/user/alice?userId=bob&msgIdList={}", ids[..n].join(","));
    sandbox.call("DELETE", &path(50), &token, None).await.ok();
    let answer = sandbox.call("DELETE", &path(51), &token, None).await;
    assert_eq!(answer.refusal(), (400, "param exception", "delete msg list limit can not greater than 50"));
}

#[tokio::test]
async fn pins_and_mark_targets_are_capped() {
    let (sandbox, token) = with(|l| (l.pins, l.mark_targets) = (Some(1), Some(1))).await;
    let pin = |to: &str| Some(json!({"type": "chat", "to": to}));
    let top = "/sdk/user/alice/user_channel/top";
    sandbox.call("POST", top, &token, pin("bob")).await.ok();
    sandbox.call("POST", top, &token, pin("bob")).await.ok();
    assert_eq!(sandbox.call("POST", top, &token, pin("carol")).await.status, 400);
    let target = json!({"to": "bob", "type": "chat"});
    let marks = json!({"mark": "mark_1", "targets": [target, target]});
    assert_eq!(sandbox.call("POST", "/sdk/user/alice/user_channels/mark", &token, Some(marks)).await.status, 400);
}

#[tokio::test]
async fn messages_sent_through_rest_stay_out_of_the_list_unless_switched_on() {
    let (sandbox, token) = with(|l| l.rest_sent_listed = false).await;
    sandbox.say("bob", "alice", "hello").await;
    assert_eq!(count(&sandbox.call("GET", LIST, &token, None).await.ok()), 0);
    assert_eq!(sandbox.page(&token, json!({"queue": "bob@easemob.com"})).await.messages.len(), 1);
}

#[tokio::test]
async fn services_that_are_off_say_so_in_their_own_words() {
    let (sandbox, token) = with(|l| {
        (l.history, l.deletion, l.list, l.reaction, l.recall) = (false, false, false, false, false);
    })
    .await;
    let history = sandbox.call("POST", "/users/alice/messageroaming", &token, Some(json!({"queue": "bob"}))).await;
    assert_eq!(history.refusal(), (403, "function_not_open_error", "messageroaming function not open"));
    assert_eq!(history.json["error_code"], 15001);
    let path = "/sdk/message/roaming/chat/user/alice?userId=bob&msgIdList=1";
    let deletion = sandbox.call("DELETE", path, &token, None).await;
    assert_eq!(deletion.refusal(), (400, "service open exception", "this appKey not open message roaming"));
    assert_eq!(sandbox.call("GET", LIST, &token, None).await.refusal().0, 403);
    let reaction = sandbox.call("POST", "/reaction/user/alice", &token, Some(json!({}))).await;
    assert_eq!(reaction.refusal().2, "this appKey is not open reaction service!");
    let recall = sandbox.app("POST", "/messages/msg_recall", Some(json!({}))).await;
    assert_eq!(recall.refusal(), (403, "forbidden_op", "message recall service is unopened"));
}

#[tokio::test]
async fn a_recall_comes_in_time_or_not_at_all() {
    let (sandbox, token) = with(|l| l.recall_seconds = Some(120)).await;
    let ids = [sandbox.say("bob", "alice", "one").await, sandbox.say("bob", "alice", "two").await];
    let ask = |id: &str, force: bool| Some(json!({"msg_id": id, "to": "alice", "chat_type": "chat", "force": force}));
    let done = sandbox.app("POST", "/messages/msg_recall", ask(&ids[0], false)).await.ok();
    assert_eq!(done["data"]["recalled"], "yes");
    assert_eq!(sandbox.page(&token, json!({"queue": "bob@easemob.com"})).await.ids(), [ids[1].clone()]);
    let again = sandbox.app("POST", "/messages/msg_recall", ask(&ids[0], false)).await;
    assert_eq!(again.refusal(), (403, "message_recall_error", "not_found msg"));
    sandbox.pass(121_000);
    let late = sandbox.app("POST", "/messages/msg_recall", ask(&ids[1], false)).await;
    assert_eq!(late.refusal(), (403, "message_recall_error", "exceed recall time limit"));
    sandbox.app("POST", "/messages/msg_recall", ask(&ids[1], true)).await.ok();
    let empty = sandbox.app("POST", "/messages/msg_recall", Some(json!({"to": "alice"}))).await;
    assert_eq!(empty.refusal(), (400, "message_recall_error", "param msg_id can't be empty"));
}

#[tokio::test]
async fn bodies_over_the_limit_get_413() {
    let (sandbox, token) = with(|l| l.body_bytes = 5120).await;
    let ask = json!({"queue": "x".repeat(6000)});
    let answer = sandbox.call("POST", "/users/alice/messageroaming", &token, Some(ask)).await;
    assert_eq!((answer.refusal().0, answer.refusal().2), (413, "Request Entity Too Large"));
}

#[tokio::test]
async fn slow_storage_shows_a_message_later() {
    let (sandbox, token) = with(|l| l.slow_storage_ms = 3000).await;
    sandbox.say("bob", "alice", "hello").await;
    let ask = json!({"queue": "bob@easemob.com"});
    assert!(sandbox.page(&token, ask.clone()).await.messages.is_empty());
    sandbox.pass(3000);
    assert_eq!(sandbox.page(&token, ask).await.messages.len(), 1);
}

#[tokio::test]
async fn a_slow_delete_swallows_what_comes_meanwhile() {
    let (sandbox, token) = with(|l| l.async_delete_ms = 5000).await;
    sandbox.say("bob", "alice", "before").await;
    let gone = json!({"channel": "bob", "type": "chat", "delete_roam": true});
    sandbox.call("DELETE", "/user/alice/user_channel", &token, Some(gone)).await.ok();
    sandbox.say("bob", "alice", "swallowed").await;
    sandbox.pass(5000);
    let kept = sandbox.say("bob", "alice", "kept").await;
    assert_eq!(sandbox.page(&token, json!({"queue": "bob@easemob.com"})).await.ids(), [kept]);
}

#[tokio::test(start_paused = true)]
async fn scripted_faults_meet_their_route_by_count() {
    let script = json!([
        {"route": "GET /users/*/user_channels", "skip": 1, "count": 1, "status": 503, "headers": [["retry-after", "7"]], "body": "busy"},
        {"route": "GET /users/*/user_channels", "skip": 2, "count": 1, "cut": true},
        {"route": "GET /users/*/user_channels", "skip": 3, "count": 1, "delay_ms": 60_000},
    ]);
    let faults = Faults::parse(&script.to_string()).expect("a script");
    let sandbox = Sandbox::with(Config { faults, ..Config::default() }).await;
    let token = sandbox.sign_in("alice").await;
    let started = tokio::time::Instant::now();
    sandbox.call("GET", LIST, &token, None).await.ok();
    let busy = sandbox.call("GET", LIST, &token, None).await;
    assert_eq!(
        (busy.status.as_u16(), &busy.headers["retry-after"], &*busy.bytes),
        (503, &"7".parse().unwrap(), &b"busy"[..])
    );
    assert!(sandbox.call("GET", LIST, &token, None).await.bytes.is_empty());
    assert_eq!(started.elapsed().as_secs(), 0);
    sandbox.call("GET", LIST, &token, None).await.ok();
    assert_eq!(started.elapsed().as_secs(), 60);
    assert!(Faults::parse("[{\"route\": \"GET /x\", \"sleep\": 3}]").is_err());
}
