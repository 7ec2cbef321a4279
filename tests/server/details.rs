//! Small print: what the SDKs notice when it is missing.

use axum::body::Body;
use axum::http::Request;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use manyou::domain::ChatType;
use manyou::server::limits::Limits;
use manyou::wire::frame::{self, Command};
use manyou::wire::pb;
use prost::Message as _;
use serde_json::{Value, json};

use crate::device::Device;
use crate::support::Sandbox;

const LIST: &str = "/sdk/user/alice/user_channels/list?limit=20&cursor=&need_mark=true";

async fn infos(sandbox: &Sandbox, token: &str, path: &str) -> Vec<Value> {
    let list = sandbox.call("GET", path, token, None).await.ok();
    list["data"]["channel_infos"].as_array().expect("channel_infos").clone()
}

/// Two contents' worth of what a newer SDK may send: an explicit zero subType and fields nobody knows.
fn body_of_the_future(from: &str, to: &str) -> Vec<u8> {
    let jid = |name: &str| Some(pb::Jid { name: frame::bytes(name), ..Default::default() });
    let content = pb::Content {
        r#type: Some(0),
        text: frame::bytes("[record]"),
        sub_type: Some(0),
        title: frame::bytes("Talk"),
        ..Default::default()
    };
    let mut content = content.encode_to_vec();
    content.extend([0xa8, 0x06, 1]);
    let mut body =
        pb::MessageBody { r#type: Some(1), from: jid(from), to: jid(to), ..Default::default() }.encode_to_vec();
    body.extend([0x22, content.len() as u8]);
    body.extend(content);
    body.extend([0xaa, 0x06, 2, b'o', b'k']);
    body
}

#[tokio::test]
async fn a_body_comes_back_byte_for_byte_by_push_and_from_the_history() {
    let sandbox = Sandbox::new().await;
    let mut alice = Device::sign_in(&sandbox, "alice", "a1").await;
    let mut bob = Device::sign_in(&sandbox, "bob", "b1").await;
    let body = body_of_the_future("alice", "bob");
    let meta = pb::Meta {
        id: Some(5),
        to: Some(frame::jid(&sandbox.handle.app().app_key, "bob", ChatType::Single, "webim_x")),
        ns: Some(1),
        payload: Some(body.clone().into()),
        ..Default::default()
    };
    alice.send(frame::down(Command::Sync, &pb::CommSyncUl { meta: Some(meta), ..Default::default() })).await;
    let ack: pb::CommSyncDl = alice.payload(Command::Sync).await;
    assert_eq!((ack.meta_id, ack.status.and_then(|s| s.error_code)), (Some(5), Some(0)));
    let pushed = bob.metas().await.remove(0);
    let token = sandbox.sign_in("alice").await;
    let ask = json!({"queue": "bob@easemob.com", "start": "-1", "pull_number": "1", "endTime": "", "startTime": "0"});
    let page = sandbox.call("POST", "/users/alice/messageroaming", &token, Some(ask)).await.ok();
    let entry = STANDARD.decode(page["data"]["msgs"][0]["msg"].as_str().unwrap()).expect("base64");
    let kept = pb::Meta::decode(&entry[..]).expect("a meta");
    for meta in [pushed, kept] {
        assert_eq!(meta.payload.as_deref(), Some(&body[..]));
        assert_eq!(meta.to.and_then(|to| to.client_resource), None, "the SDKs append it to the receiver");
    }
    let list = infos(&sandbox, &token, LIST).await;
    let payload: Value = serde_json::from_str(list[0]["meta"]["payload"].as_str().unwrap()).expect("JSON");
    assert_eq!((&payload["bodies"][0]["subType"], &payload["ext"]), (&json!("sub_combine"), &json!({})));
}

#[tokio::test]
async fn an_empty_pinned_conversation_shows_only_when_asked_for() {
    let sandbox = Sandbox::new().await;
    let token = sandbox.sign_in("alice").await;
    let top = Some(json!({"type": "chat", "to": "bob"}));
    sandbox.call("POST", "/sdk/user/alice/user_channel/top?resource=r", &token, top).await.ok();
    for pinned in ["", "&is_top=true"] {
        let list =
            async |empty: bool| infos(&sandbox, &token, &format!("{LIST}{pinned}&needEmptySession={empty}")).await;
        assert!(list(false).await.is_empty());
        let shown = list(true).await;
        assert_eq!((shown.len(), &shown[0]["meta"], &shown[0]["is_top"]), (1, &json!({}), &json!(true)));
    }
    assert!(infos(&sandbox, &token, "/users/alice/user_channels").await.is_empty());
}

#[tokio::test]
async fn the_least_active_conversation_goes_when_there_are_too_many_empty_ones_counted() {
    let limits = Limits { conversations: Some(2), ..Limits::none() };
    let sandbox = Sandbox::limited(limits).await;
    let token = sandbox.sign_in("alice").await;
    for from in ["bob", "carol"] {
        sandbox.say(from, "alice", "hello").await;
    }
    sandbox.pass(1000);
    let top = Some(json!({"type": "chat", "to": "dora"}));
    sandbox.call("POST", "/sdk/user/alice/user_channel/top", &token, top).await.ok();
    let names: Vec<Value> = infos(&sandbox, &token, &format!("{LIST}&needEmptySession=true"))
        .await
        .iter()
        .map(|info| info["session_to"].clone())
        .collect();
    assert_eq!(names, ["dora", "carol"]);
    let page = sandbox.page(&token, json!({"queue": "bob@easemob.com"})).await;
    assert_eq!(page.messages.len(), 1, "its history stays");
}

#[tokio::test]
async fn a_deleted_message_is_not_unread_any_more() {
    let sandbox = Sandbox::new().await;
    let token = sandbox.sign_in("alice").await;
    let mut ids = Vec::new();
    for text in ["one", "two", "three"] {
        ids.push(sandbox.say("bob", "alice", text).await);
    }
    sandbox.say("alice", "bob", "mine").await;
    assert_eq!(infos(&sandbox, &token, LIST).await[0]["unread_num"], 3);
    let path = format!("/sdk/message/roaming/chat/user/alice?userId=bob&msgIdList={}", ids[..2].join(","));
    sandbox.call("DELETE", &path, &token, None).await.ok();
    assert_eq!(infos(&sandbox, &token, LIST).await[0]["unread_num"], 1);
}

#[tokio::test]
async fn marks_come_when_asked_for() {
    let sandbox = Sandbox::new().await;
    sandbox.say("bob", "alice", "hello").await;
    let token = sandbox.sign_in("alice").await;
    let list = async |need: &str| infos(&sandbox, &token, &LIST.replace("need_mark=true", need)).await;
    assert_eq!(list("need_mark=true").await[0]["marks"], json!([]));
    assert!(list("need_mark=false").await[0].get("marks").is_none());
}

#[tokio::test]
async fn an_uploaded_picture_has_a_thumbnail_and_another_file_stands_for_itself() {
    let sandbox = Sandbox::new().await;
    let token = sandbox.sign_in("alice").await;
    let mut picture = Vec::new();
    let mut encoder = png::Encoder::new(&mut picture, 340, 200);
    encoder.set_color(png::ColorType::Rgb);
    encoder.write_header().and_then(|mut to| to.write_image_data(&vec![7; 340 * 200 * 3])).expect("a picture");
    for (bytes, small) in [(picture, true), (b"GIF89a, and so on".to_vec(), false)] {
        let head = b"--X\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n";
        let request = Request::post("/manyou/sandbox/chatfiles")
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "multipart/form-data; boundary=X");
        let body = Body::from([&head[..], &bytes, b"\r\n--X--\r\n"].concat());
        let stored = sandbox.send(request.body(body).expect("a request")).await.ok();
        let path = format!("/chatfiles/{}", stored["entities"][0]["uuid"].as_str().unwrap());
        assert_eq!(sandbox.call("GET", &path, &token, None).await.bytes, bytes);
        let shown = sandbox.call("GET", &format!("{path}?thumbnail=true"), &token, None).await;
        assert_eq!((shown.headers["content-type"].to_str().unwrap(), shown.bytes != bytes), ("image/png", small));
        if small {
            let size = png::Decoder::new(std::io::Cursor::new(&shown.bytes)).read_info().expect("PNG").info().size();
            assert_eq!(size, (170, 100));
        }
    }
}
