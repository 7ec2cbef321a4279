//! History and one-way deletion.

use manyou::domain::Body;
use serde_json::json;

use crate::support::{START, Sandbox};

async fn talk(count: usize) -> (Sandbox, String, Vec<String>) {
    let sandbox = Sandbox::new().await;
    let mut ids = Vec::new();
    for n in 0..count {
        let (from, to) = if n % 2 == 0 { ("alice", "bob") } else { ("bob", "alice") };
        ids.push(sandbox.say(from, to, &format!("message {n}")).await);
    }
    let token = sandbox.sign_in("alice").await;
    (sandbox, token, ids)
}

fn reversed(ids: &[String]) -> Vec<String> {
    ids.iter().rev().cloned().collect()
}

#[tokio::test]
async fn pages_run_both_ways_without_repeats_to_an_end_that_is_said_twice() {
    let (sandbox, token, ids) = talk(5).await;
    for (forward, all) in [(false, reversed(&ids)), (true, ids.clone())] {
        let ask = |start: &str| json!({"queue": "bob@easemob.com", "start": start, "pull_number": "2", "is_positive": forward, "end": -1});
        let (mut seen, mut cursor) = (Vec::new(), "-1".to_owned());
        loop {
            let page = sandbox.page(&token, ask(&cursor)).await;
            seen.extend(page.ids());
            if page.is_last {
                assert_eq!(page.next, "undefined");
                break;
            }
            cursor = page.next;
        }
        assert_eq!(seen, all);
    }
}

#[tokio::test]
async fn both_sdks_bodies_and_every_filter_are_understood() {
    let (sandbox, token, ids) = talk(4).await;
    let old = json!({"queue": "bob@easemob.com", "start": -1, "pull_number": 20, "isGroup": false, "is_positive": false, "end": -1});
    assert_eq!(sandbox.page(&token, old).await.ids(), reversed(&ids));
    let new = json!({"queue": "bob@easemob.com", "start": null, "pull_number": 20, "is_positive": false, "msgType": "img,txt",
                     "end": -1, "startTime": START + 2000, "endTime": START + 3000, "userId": null});
    assert_eq!(sandbox.page(&token, new).await.ids(), [&*ids[2], &*ids[1]]);
    let minimal = json!({"queue": "bob@easemob.com", "start": "-1", "end": "-1", "startTime": -1, "msgType": "img"});
    assert!(sandbox.page(&token, minimal).await.ids().is_empty());
    let by_sender = json!({"queue": "bob@easemob.com", "userIds": ["bob"]});
    assert_eq!(sandbox.page(&token, by_sender).await.ids(), [&*ids[3], &*ids[1]]);
}

#[tokio::test]
async fn a_time_made_into_an_id_is_a_cursor() {
    let (sandbox, token, ids) = talk(4).await;
    let cursor = manyou::domain::MessageId::at(manyou::domain::ServerTime(START + 2500));
    let page = sandbox.page(&token, json!({"queue": "bob@easemob.com", "start": cursor})).await;
    assert_eq!(page.ids(), [&*ids[1], &*ids[0]]);
}

#[tokio::test]
async fn too_large_a_page_is_refused_and_an_unknown_peer_is_empty() {
    let (sandbox, token, _) = talk(1).await;
    let ask = json!({"queue": "bob@easemob.com", "pull_number": 51});
    let answer = sandbox.call("POST", "/users/alice/messageroaming", &token, Some(ask)).await;
    assert_eq!(answer.status, 400);
    assert!(answer.refusal().2.starts_with("pull number cannot be greater"));
    for queue in ["nobody@easemob.com", "404@conference.easemob.com"] {
        let page = sandbox.page(&token, json!({"queue": queue})).await;
        assert!(page.is_last && page.messages.is_empty());
    }
}

#[tokio::test]
async fn a_group_is_read_by_its_members_only() {
    let sandbox = Sandbox::new().await;
    sandbox.team().await;
    let id = sandbox.say("bob", "g_team", "hello all").await;
    let ask = json!({"queue": "g_team@conference.easemob.com", "userId": "bob"});
    let page = sandbox.page(&sandbox.sign_in("alice").await, ask.clone()).await;
    assert_eq!(page.ids(), [id]);
    assert_eq!((page.messages[0].from.as_str(), page.messages[0].to.as_str()), ("bob", "g_team"));
    let carol = sandbox.sign_in("carol").await;
    let outside = sandbox.call("POST", "/users/carol/messageroaming", &carol, Some(ask)).await.ok();
    assert_eq!(outside["data"]["msgs"], json!([]));
}

#[tokio::test]
async fn deleted_ids_are_gone_for_one_side_only_and_again_is_harmless() {
    let (sandbox, token, ids) = talk(4).await;
    let other = sandbox.say("alice", "carol", "elsewhere").await;
    let path = format!(
        "/sdk/message/roaming/chat/user/alice?userId=bob&msgIdList={},{},{other}&resource=webim_1&_v=1",
        ids[1], ids[3]
    );
    for _ in 0..2 {
        assert_eq!(sandbox.call("DELETE", &path, &token, None).await.ok()["requestStatusCode"], "ok");
    }
    let ask = json!({"queue": "bob@easemob.com"});
    assert_eq!(sandbox.page(&token, ask).await.ids(), [&*ids[2], &*ids[0]]);
    assert_eq!(sandbox.page(&token, json!({"queue": "carol@easemob.com"})).await.ids(), [other]);
    let bob = sandbox.sign_in("bob").await;
    let his = json!({"queue": "alice@easemob.com"});
    let his = sandbox.call("POST", "/users/bob/messageroaming", &bob, Some(his)).await.ok();
    assert_eq!(his["data"]["msgs"].as_array().map(Vec::len), Some(4));
    assert_eq!(sandbox.handle.app().wipes(), 0);
}

#[tokio::test]
async fn deletion_by_time_takes_its_time_with_it_and_the_admin_form_too() {
    let (sandbox, token, ids) = talk(4).await;
    let cut = START + 2000;
    let path = format!("/sdk/message/roaming/chat/user/alice/time?userId=bob&delTime={cut}&&resource=webim_1");
    sandbox.call("DELETE", &path, &token, None).await.ok();
    let ask = json!({"queue": "bob@easemob.com"});
    assert_eq!(sandbox.page(&token, ask.clone()).await.ids(), [&*ids[3], &*ids[2]]);
    let path = format!("/rest/message/roaming/chat/user/alice/time?userId=bob&delTime={}&isNotify=false", cut + 1000);
    sandbox.app("DELETE", &path, None).await.ok();
    assert_eq!(sandbox.page(&token, ask).await.ids(), [&*ids[3]]);
}

#[tokio::test]
async fn a_cut_off_in_the_future_spares_what_comes_later() {
    let (sandbox, token, _) = talk(2).await;
    let path = format!("/sdk/message/roaming/chat/user/alice/time?userId=bob&delTime={}", START + 99_000_000);
    sandbox.call("DELETE", &path, &token, None).await.ok();
    let later = sandbox.say("bob", "alice", "later").await;
    assert_eq!(sandbox.page(&token, json!({"queue": "bob@easemob.com"})).await.ids(), [later]);
}

#[tokio::test]
async fn odd_deletions_are_refused_in_the_services_words() {
    let (sandbox, token, ids) = talk(1).await;
    let base = "/sdk/message/roaming/chat/user/alice";
    for (path, error) in [
        (format!("{base}?userId=bob"), "Bad Request"),
        (format!("{base}?msgIdList={}", ids[0]), "Bad Request"),
        (format!("{base}?userId=bob&msgIdList=x"), "param exception"),
        (format!("{base}/time?userId=bob&delTime=0"), "Bad Request"),
        (format!("{base}/time?userId=bob&delTime=1234567890123456789"), "Bad Request"),
    ] {
        let answer = sandbox.call("DELETE", &path, &token, None).await;
        assert_eq!((answer.refusal().0, answer.refusal().1), (400, error), "{path}");
    }
}

#[tokio::test]
async fn wiping_an_account_is_possible_and_counted() {
    let (sandbox, token, _) = talk(3).await;
    sandbox.call("POST", "/sdk/message/roaming/user/alice/delete/all?resource=webim_1", &token, None).await.ok();
    assert!(sandbox.page(&token, json!({"queue": "bob@easemob.com"})).await.messages.is_empty());
    assert_eq!(sandbox.handle.app().wipes(), 1);
}

#[tokio::test]
async fn reactions_and_pins_travel_with_the_message() {
    let (sandbox, token, ids) = talk(2).await;
    let react = json!({"msgId": ids[0], "message": "👍"});
    sandbox.call("POST", "/reaction/user/alice", &token, Some(react)).await.ok();
    let page = sandbox.page(&token, json!({"queue": "bob@easemob.com"})).await;
    let given = &page.messages[1].reactions[0];
    assert_eq!((given.reaction.as_str(), given.count, given.mine), ("👍", 1, true));
    assert_eq!(page.messages[1].body, Body::Text { text: "message 0".into(), stream: None });
    let bob = sandbox.sign_in("bob").await;
    let list = format!("/reaction/user/bob?msgIdList={}&msgType=chat", ids[0]);
    let list = sandbox.call("GET", &list, &bob, None).await.ok();
    assert_eq!(list["data"][0]["reactionList"][0]["state"], false);
    let carol = sandbox.sign_in("carol").await;
    let react = json!({"msgId": ids[0], "message": "x"});
    let answer = sandbox.call("POST", "/reaction/user/carol", &carol, Some(react)).await;
    assert_eq!(answer.refusal().2, "The user not in this group!");
    let gone = format!("/reaction/user/alice?msgId={}&message=%F0%9F%91%8D", ids[0]);
    sandbox.call("DELETE", &gone, &token, None).await.ok();
    assert!(sandbox.page(&token, json!({"queue": "bob@easemob.com"})).await.messages[1].reactions.is_empty());

    let pin = json!({"to": "bob", "type": "chat", "pin_msg_id": [ids[1]]});
    sandbox.call("POST", "/sdk/user/alice/user_channel/pin?resource=r", &token, Some(pin)).await.ok();
    let pinned = "/sdk/user/bob/user_channel/pin?to=alice&type=chat&limit=10&cursor=";
    let pinned = sandbox.call("GET", pinned, &bob, None).await.ok();
    let info = &pinned["data"]["msg_infos"][0];
    assert_eq!((&info["message"]["id"], &info["pin_operator"]), (&json!(ids[1]), &json!("alice")));
    let unknown = json!({"to": "bob", "type": "chat", "pin_msg_id": "77"});
    let answer = sandbox.call("POST", "/sdk/user/alice/user_channel/pin", &token, Some(unknown)).await;
    assert_eq!((answer.refusal().0, answer.refusal().2), (404, "user session pin message not exist"));
}
