//! Conversation lists, pins, marks, deleting a conversation.

use serde_json::{Value, json};

use crate::support::Sandbox;

async fn alice() -> (Sandbox, String) {
    let sandbox = Sandbox::new().await;
    sandbox.team().await;
    sandbox.say("bob", "alice", "from bob").await;
    sandbox.say("alice", "carol", "to carol").await;
    sandbox.say("bob", "g_team", "to all").await;
    let token = sandbox.sign_in("alice").await;
    (sandbox, token)
}

fn peers(data: &Value) -> Vec<&str> {
    let infos = data["data"]["channel_infos"].as_array().expect("channel_infos");
    infos.iter().map(|info| info["channel_id"].as_str().unwrap()).collect()
}

const BOB: &str = "manyou#sandbox_bob@easemob.com";
const CAROL: &str = "manyou#sandbox_carol@easemob.com";
const TEAM: &str = "manyou#sandbox_g_team@conference.easemob.com";

#[tokio::test]
async fn all_three_lists_show_the_same_newest_first() {
    let (sandbox, token) = alice().await;
    let v1 = sandbox.call("GET", "/users/alice/user_channels?_v=1", &token, None).await.ok();
    assert_eq!(peers(&v1), [TEAM, CAROL, BOB]);
    let bob = &v1["data"]["channel_infos"][2];
    assert_eq!((&bob["unread_num"], bob["meta"]["id"].is_string()), (&json!(1), true));
    let payload: Value = serde_json::from_str(bob["meta"]["payload"].as_str().expect("a JSON string")).unwrap();
    assert_eq!((&payload["bodies"][0]["msg"], &payload["ext"]), (&json!("from bob"), &json!({})));
    let page = "/users/alice/user_channels/page?pageNum=2&pageSize=2";
    assert_eq!(peers(&sandbox.call("GET", page, &token, None).await.ok()), [BOB]);

    let path = |cursor: &str| {
        format!(
            "/sdk/user/alice/user_channels/list?&limit=2&cursor={cursor}&need_mark=true&needEmptySession=false&_v=1"
        )
    };
    let first = sandbox.call("GET", &path(""), &token, None).await.ok();
    assert_eq!(peers(&first), [TEAM, CAROL]);
    assert_eq!(
        (&first["data"]["channel_infos"][0]["is_top"], &first["data"]["channel_infos"][0]["session_type"]),
        (&json!(false), &json!("groupchat"))
    );
    let cursor = first["data"]["cursor"].as_str().unwrap();
    let second = sandbox.call("GET", &path(cursor), &token, None).await.ok();
    assert_eq!((peers(&second), &second["data"]["cursor"]), (vec![BOB], &json!("")));
    let odd = sandbox.call("GET", "/sdk/user/alice/user_channels/list?limit=51", &token, None).await.ok();
    assert_eq!(odd["data"], json!({"channel_infos": [], "cursor": ""}));
}

#[tokio::test]
async fn pins_and_marks_are_kept_and_listed() {
    let (sandbox, token) = alice().await;
    let top = "/sdk/user/alice/user_channel/top?resource=r";
    let answer = sandbox.call("POST", top, &token, Some(json!({"type": "chat", "to": "bob"}))).await.ok();
    assert_eq!(answer["data"]["is_top"], true);
    let team = json!({"type": "groupChat", "to": "g_team"});
    sandbox.pass(5);
    sandbox.call("POST", top, &token, Some(team)).await.ok();
    let pinned = "/sdk/user/alice/user_channels/list?limit=20&cursor=&is_top=true";
    assert_eq!(peers(&sandbox.call("GET", pinned, &token, None).await.ok()), [TEAM, BOB]);
    let unpin = "/sdk/user/alice/user_channel/top?type=groupChat&to=g_team&resource=r";
    sandbox.call("DELETE", unpin, &token, None).await.ok();
    assert_eq!(peers(&sandbox.call("GET", pinned, &token, None).await.ok()), [BOB]);

    let targets = json!([{"to": "bob", "type": "chat"}, {"to": "nobody", "type": "chat"}]);
    let ask = json!({"mark": "mark_3", "targets": targets});
    let marks = "/sdk/user/alice/user_channels/mark?resource=r";
    let answer = sandbox.call("POST", marks, &token, Some(ask.clone())).await.ok();
    assert_eq!(answer["data"]["ignore"], json!([{"to": "nobody", "type": "chat"}]));
    let marked = "/sdk/user/alice/user_channels/mark/search?limit=10&cursor=&need_mark=true&mark=mark_3";
    let found = sandbox.call("GET", marked, &token, None).await.ok();
    assert_eq!((peers(&found), &found["data"]["channel_infos"][0]["marks"]), (vec![BOB], &json!(["mark_3"])));
    sandbox.call("DELETE", marks, &token, Some(ask)).await.ok();
    assert!(peers(&sandbox.call("GET", marked, &token, None).await.ok()).is_empty());
}

#[tokio::test]
async fn deleting_a_conversation_spares_its_history_unless_asked() {
    let (sandbox, token) = alice().await;
    let list = "/users/alice/user_channels";
    let ask =
        |channel: &str, kind: &str, roam: bool| Some(json!({"channel": channel, "type": kind, "delete_roam": roam}));
    let answer = sandbox.call("DELETE", "/users/alice/user_channel", &token, ask("bob", "chat", false)).await.ok();
    assert_eq!(answer["data"]["result"], "ok");
    assert_eq!(peers(&sandbox.call("GET", list, &token, None).await.ok()), [TEAM, CAROL]);
    assert_eq!(sandbox.page(&token, json!({"queue": "bob@easemob.com"})).await.messages.len(), 1);
    let path = "/user/alice/user_channel?resource=r";
    for kind in ["groupChat", "groupchat", "odd"] {
        sandbox.call("DELETE", path, &token, ask("g_team", kind, true)).await.ok();
    }
    assert_eq!(peers(&sandbox.call("GET", list, &token, None).await.ok()), [CAROL]);
    assert!(sandbox.page(&token, json!({"queue": "g_team@conference.easemob.com"})).await.messages.is_empty());
    let fresh = sandbox.say("bob", "g_team", "again").await;
    assert_eq!(peers(&sandbox.call("GET", list, &token, None).await.ok()), [TEAM, CAROL]);
    let page = sandbox.page(&token, json!({"queue": "g_team@conference.easemob.com"})).await;
    assert_eq!(page.ids(), [fresh]);
}

#[tokio::test]
async fn a_conversation_without_messages_left_disappears() {
    let (sandbox, token) = alice().await;
    let id = &sandbox.page(&token, json!({"queue": "bob@easemob.com"})).await.ids()[0];
    let path = format!("/sdk/message/roaming/chat/user/alice?userId=bob&msgIdList={id}");
    sandbox.call("DELETE", &path, &token, None).await.ok();
    let list = sandbox.call("GET", "/users/alice/user_channels", &token, None).await.ok();
    assert_eq!(peers(&list), [TEAM, CAROL]);
}

#[tokio::test]
async fn an_incomplete_delete_is_refused_field_by_field() {
    let (sandbox, token) = alice().await;
    for (body, text) in [
        (json!({}), "field channel cannot be null or empty"),
        (json!({"channel": "bob"}), "field type cannot be null or empty"),
        (json!({"channel": "bob", "type": "chat"}), "field delete_roam cannot be null"),
    ] {
        let answer = sandbox.call("DELETE", "/users/alice/user_channel", &token, Some(body)).await;
        assert_eq!(answer.refusal(), (400, "illegal_argument", text));
    }
}
