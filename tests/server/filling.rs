//! Filling an app, names and faces, files, the hourly archive.

use std::io::Read as _;

use axum::body::Body;
use axum::http::Request;
use manyou::domain::MessageKind;
use manyou::server::db::seed;
use serde_json::{Value, json};

use crate::support::{START, Sandbox};

#[tokio::test]
async fn users_are_registered_once_and_listed() {
    let sandbox = Sandbox::new().await;
    let one =
        sandbox.app("POST", "/users", Some(json!({"username": "Dora", "password": "x", "nickname": "D"}))).await.ok();
    assert_eq!((&one["entities"][0]["username"], &one["entities"][0]["activated"]), (&json!("dora"), &json!(true)));
    let twice = sandbox.app("POST", "/users", Some(json!({"username": "dora", "password": "x"}))).await;
    assert_eq!((twice.refusal().0, twice.refusal().1), (400, "duplicate_unique_property_exists"));
    let many = json!([{"username": "dora", "password": "x"}, {"username": "emil", "password": "x"}]);
    let many = sandbox.app("POST", "/users", Some(many)).await.ok();
    assert_eq!((&many["entities"][0]["username"], &many["data"][0]["username"]), (&json!("emil"), &json!("dora")));
    let first = sandbox.app("GET", "/users?limit=3", None).await.ok();
    let cursor = first["cursor"].as_str().expect("more").to_owned();
    let rest = sandbox.app("GET", &format!("/users?limit=3&cursor={cursor}"), None).await.ok();
    assert_eq!((first["entities"].as_array().unwrap().len(), rest["entities"].as_array().unwrap().len()), (3, 2));
    assert_eq!(sandbox.app("GET", "/users/nobody", None).await.status, 404);
    let token = sandbox.sign_in("alice").await;
    let ask = json!({"targets": ["dora", "bob", "nobody"], "properties": ["nickname"]});
    let names = sandbox.call("POST", "/metadata/user/get", &token, Some(ask)).await.ok();
    assert_eq!(names["data"], json!({"dora": {"nickname": "D"}, "bob": {}, "nobody": {}}));
}

#[tokio::test]
async fn groups_are_made_filled_and_looked_up() {
    let sandbox = Sandbox::new().await;
    sandbox.team().await;
    sandbox.app("POST", "/chatgroups/g_team/users/carol", None).await.ok();
    sandbox.app("POST", "/chatgroups/g_team/users", Some(json!({"usernames": ["carol"]}))).await.ok();
    let token = sandbox.sign_in("carol").await;
    let found = sandbox.call("GET", "/chatgroups/g_team,404?joined_time=true", &token, None).await.ok();
    let group = &found["data"][0];
    assert_eq!((&group["name"], &group["affiliations_count"]), (&json!("Team"), &json!(3)));
    assert_eq!(group["affiliations"][0], json!({"owner": "alice"}));
    assert_eq!(sandbox.call("GET", "/chatgroups/404", &token, None).await.status, 404);
    let plain = sandbox.call("GET", "/users/carol/joined_chatgroups", &token, None).await.ok();
    assert_eq!(plain["data"], json!([{"groupid": "g_team", "groupname": "Team"}]));
    let paged =
        sandbox.call("GET", "/users/carol/joined_chatgroups?pagenum=0&pagesize=20&version=v3", &token, None).await.ok();
    assert_eq!((&paged["data"][0]["id"], &paged["data"][0]["name"]), (&json!("g_team"), &json!("Team")));
    assert!(paged["uri"].as_str().unwrap().contains("joined_chatgroups"));
    let roles = "/chatgroups/user/carol?pagenum=0&pagesize=20&needAffiliations=true&needRole=true&version=v3";
    let roles = sandbox.call("GET", roles, &token, None).await.ok();
    assert_eq!(
        (&roles["entities"][0]["groupId"], &roles["entities"][0]["permission"]),
        (&json!("g_team"), &json!("member"))
    );
    assert_eq!(sandbox.call("GET", "/users/carol/contacts/users", &token, None).await.ok()["data"], json!([]));
    assert_eq!(sandbox.call("GET", "/users/carol/resources", &token, None).await.ok()["data"], json!([]));
}

#[tokio::test]
async fn every_kind_is_sent_through_rest_and_read_back() {
    let sandbox = Sandbox::new().await;
    let file =
        json!({"url": "http://h/o/a/chatfiles/1", "secret": "S", "filename": "f.bin", "file_length": 7, "length": 3});
    let kinds = [
        ("txt", json!({"msg": "hi"}), MessageKind::Text),
        ("img", file.clone(), MessageKind::Image),
        ("audio", file.clone(), MessageKind::Audio),
        ("video", file.clone(), MessageKind::Video),
        ("file", file, MessageKind::File),
        ("loc", json!({"lat": 1.5, "lng": 2.5, "addr": "here"}), MessageKind::Location),
        ("cmd", json!({"action": "run"}), MessageKind::Command),
        ("custom", json!({"customEvent": "gift", "customExts": {"n": "3"}}), MessageKind::Custom),
    ];
    for (kind, body, _) in &kinds {
        sandbox.pass(1000);
        let ask = json!({"from": "bob", "to": ["alice"], "type": kind, "body": body, "ext": {"n": 1}});
        sandbox.app("POST", "/messages/users", Some(ask)).await.ok();
    }
    let token = sandbox.sign_in("alice").await;
    let ask = json!({"queue": "bob@easemob.com", "is_positive": true});
    let read: Vec<MessageKind> = sandbox.page(&token, ask).await.messages.iter().map(|m| m.body.kind()).collect();
    assert_eq!(read, kinds.map(|(_, _, kind)| kind));
    let empty = sandbox.app("POST", "/messages/users", Some(json!({"to": ["alice"], "type": "txt"}))).await;
    assert_eq!(empty.refusal().2, "message body not allow empty");
}

#[tokio::test]
async fn an_imported_message_has_its_old_time_and_no_list_entry() {
    let sandbox = Sandbox::new().await;
    let newer = sandbox.say("bob", "alice", "newer").await;
    let ask = json!({"target": "alice", "from": "bob", "type": "txt", "body": {"msg": "old"}, "msg_timestamp": START - 86_400_000});
    let old = sandbox.app("POST", "/messages/users/import", Some(ask)).await.ok()["data"]["msg_id"]
        .as_str()
        .unwrap()
        .to_owned();
    let token = sandbox.sign_in("alice").await;
    let page = sandbox.page(&token, json!({"queue": "bob@easemob.com", "pull_number": 1})).await;
    assert_eq!((page.ids(), page.next == newer), (vec![newer.clone()], true));
    let page = sandbox.page(&token, json!({"queue": "bob@easemob.com", "start": newer})).await;
    assert_eq!(page.ids(), [old]);
    assert_eq!(page.messages[0].time.ms(), START - 86_400_000);
}

#[tokio::test]
async fn contacts_come_in_all_three_forms() {
    let sandbox = Sandbox::new().await;
    let db = &sandbox.handle.app().db;
    db.write(|tx| seed::seed_contact(tx, "alice", "bob", "Bobby")).expect("contacts");
    db.write(|tx| seed::seed_contact(tx, "alice", "carol", "")).expect("contacts");
    let token = sandbox.sign_in("alice").await;
    let get = async |path: &str| sandbox.call("GET", path, &token, None).await.ok();
    let plain = get("/users/alice/contacts/users?needReturnRemark=true").await;
    assert_eq!(
        (&plain["data"], &plain["entities"][0]),
        (&json!(["bob", "carol"]), &json!({"username": "bob", "remark": "Bobby"}))
    );
    let first = get("/users/alice/contacts?needReturnRemark=true&limit=1&cursor=").await;
    assert_eq!(first["data"], json!({"contacts": [{"username": "bob", "remark": "Bobby"}], "cursor": "bob"}));
    let second = get("/users/alice/contacts?needReturnRemark=true&limit=1&cursor=bob").await;
    assert_eq!(second["data"], json!({"contacts": [{"username": "carol", "remark": ""}], "cursor": ""}));
}

async fn upload(sandbox: &Sandbox, token: &str) -> Value {
    let part = "--X\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.html\"\r\nContent-Type: text/html\r\n\r\n<b>\r\n--X--\r\n";
    let request = Request::post("/manyou/sandbox/chatfiles")
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "multipart/form-data; boundary=X")
        .header("restrict-access", "true");
    sandbox.send(request.body(Body::from(part)).expect("a request")).await.ok()
}

#[tokio::test]
async fn a_file_is_read_with_its_secret_and_never_as_a_page() {
    let sandbox = Sandbox::new().await;
    let token = sandbox.sign_in("alice").await;
    let stored = upload(&sandbox, &token).await;
    assert!(stored["uri"].as_str().unwrap().ends_with("/manyou/sandbox/chatfiles"));
    let (id, secret) =
        (stored["entities"][0]["uuid"].as_str().unwrap(), stored["entities"][0]["share-secret"].as_str().unwrap());
    let path = format!("/chatfiles/{id}");
    assert_eq!(sandbox.call("GET", &path, "", None).await.status, 401);
    assert_eq!(sandbox.call("GET", &path, &token, None).await.status, 403);
    let shown = sandbox.call("GET", &format!("{path}?em-redirect=true&share-secret={secret}"), "", None).await;
    assert_eq!((shown.status.as_u16(), &*shown.bytes), (200, &b"<b>"[..]));
    assert_eq!(shown.headers["content-type"], "application/octet-stream");
}

#[tokio::test]
async fn an_hour_of_history_is_a_gzip_file_behind_a_signed_address() {
    let sandbox = Sandbox::new().await;
    let id = sandbox.say("bob", "alice", "for the archive").await;
    let token = sandbox.sign_in("alice").await;
    let gone = format!("/sdk/message/roaming/chat/user/alice?userId=bob&msgIdList={id}");
    sandbox.call("DELETE", &gone, &token, None).await.ok();
    // 22:13 UTC is 06:13 of the next day in Beijing.
    let hour = "/chatmessages/2023111506";
    let early = sandbox.app("GET", hour, None).await;
    assert_eq!((early.refusal().0, early.refusal().1), (404, "storage_object_not_found"));
    sandbox.pass(3_600_000);
    let answer = sandbox.app("GET", hour, None).await.ok();
    let url = answer["data"][0]["url"].as_str().expect("an address").to_owned();
    let path = url.split_once("/manyou/sandbox").expect("our own address").1.to_owned();
    let file = sandbox.call("GET", &path, "", None).await;
    let mut text = String::new();
    flate2::read::GzDecoder::new(&*file.bytes).read_to_string(&mut text).expect("gzip");
    let line: Value = serde_json::from_str(text.trim_end()).expect("one line");
    assert_eq!((&line["msg_id"], &line["payload"]["bodies"][0]["msg"]), (&json!(id), &json!("for the archive")));
    assert_eq!((&line["from"], &line["to"], &line["direction"]), (&json!("bob"), &json!("alice"), &json!("outgoing")));
    sandbox.pass(1_801_000);
    assert_eq!(sandbox.call("GET", &path, "", None).await.status, 403);
    let old = sandbox.app("GET", "/chatmessages/2023110100", None).await;
    assert_eq!((old.refusal().0, old.refusal().1), (400, "illegal_argument"));
}
