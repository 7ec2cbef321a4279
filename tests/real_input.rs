//! Input that none of us made up: bodies the vendor's SDKs put on the wire (recorded by the conformance run), and the
//! published payload shapes of the service. Each is read, and shown as its own kind.

#![allow(clippy::expect_used, clippy::panic)]

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use manyou::app::history::Item;
use manyou::app::rows::RowsCx;
use manyou::app::timeline::Side;
use manyou::app::{Depth, History, Now, Options, RequestId, State, ThemeKind, TimeFormat};
use manyou::domain::{AppKey, Body, HistoryPage, Message, MessageId, MessageKind, PageEnd, Peer, ServerTime};
use manyou::i18n::{Lang, Texts};
use manyou::keymap::Keymap;
use manyou::wire::{message, ns, payload, pb};
use prost::Message as _;
use serde_json::{Value, json};

const NOW: ServerTime = ServerTime(1_700_000_100_000);

fn app() -> AppKey {
    "o#a".parse().expect("an app key")
}

/// The words the history shows for a message, one string a line.
fn shown(message: Message) -> Vec<String> {
    let options = Options {
        texts: Arc::new(Texts::new(Lang::En)),
        keymap: Arc::new(Keymap::defaults().expect("keys")),
        zone: jiff::tz::TimeZone::UTC,
        ascii: false,
        theme: ThemeKind::Dark,
        depth: Depth::True,
        wrap: true,
        time: TimeFormat::Local,
        profiles: Vec::new(),
    };
    let state = State::new(options, (120, 40), Now { wall: NOW, elapsed: Duration::ZERO });
    let peer: Peer = "alice".parse().expect("a peer");
    let mut history = History::new(peer.clone(), 0);
    history.timeline.load(&peer, 0, Side::Older, RequestId(1), false).expect("a query");
    let page = HistoryPage::new(vec![message], PageEnd::End);
    assert!(history.timeline.page_arrived(RequestId(1), page, NOW));
    let key = history.first_shown().expect("a row");
    let lines = RowsCx::new(&state, 81).lines(&history, Item::Row(key));
    lines.iter().map(|line| line.words.iter().map(|span| span.text.as_str()).collect()).collect()
}

/// A recorded body inside the envelope a server puts around it.
fn stored(body: &[u8]) -> Message {
    let meta = pb::Meta {
        id: Some(1_213_049_947_239_219_200),
        timestamp: Some(1_700_000_000_000),
        ns: Some(ns::CHAT),
        payload: Some(Bytes::copy_from_slice(body)),
        ..Default::default()
    };
    message::decode_meta(&meta.encode_to_vec().into()).expect("a message of the chat namespace")
}

#[test]
fn every_kind_the_sdks_send_is_read_and_shown_as_what_it_is() {
    let text = include_str!("golden/messages.jsonl");
    let mut seen = Vec::new();
    for line in text.lines() {
        let line: Value = serde_json::from_str(line).expect("a line of JSON");
        let (sdk, kind) = (line["sdk"].as_str().expect("sdk"), line["kind"].as_str().expect("kind"));
        let body = STANDARD.decode(line["body"].as_str().expect("body")).expect("base64");
        let message = stored(&body);
        let (expected, words) = match kind {
            "txt" => (MessageKind::Text, "Hi 你好"),
            "txt.group" => (MessageKind::Text, "all"),
            "img" => (MessageKind::Image, "image  a.png"),
            "audio" => (MessageKind::Audio, "voice  0:07"),
            "video" => (MessageKind::Video, "video  a.mp4"),
            "file" => (MessageKind::File, "file  a.pdf"),
            "loc" => (MessageKind::Location, "Beijing"),
            "cmd" => (MessageKind::Command, "command  run"),
            "custom" => (MessageKind::Custom, "custom  gift"),
            "combine" => (MessageKind::Combine, "record"),
            // Acks are no messages; were one in a history, it would be an unknown row.
            "read" | "channel" => (MessageKind::Unknown, "unknown"),
            other => panic!("{sdk} sent {other}, which nothing here expects"),
        };
        assert_eq!(message.body.kind(), expected, "{sdk} {kind}");
        let lines = shown(message);
        assert!(lines.iter().any(|l| l.contains(words)), "{sdk} {kind} is shown as {lines:?}");
        seen.push(format!("{sdk} {kind}"));
    }
    for kind in ["txt", "img", "audio", "video", "file", "loc", "cmd", "custom"] {
        for sdk in ["4.1.2", "4.21.1"] {
            assert!(seen.contains(&format!("{sdk} {kind}")), "no {kind} of {sdk} was recorded");
        }
    }
    assert!(seen.contains(&"4.21.1 combine".to_owned()));
}

#[test]
fn the_kinds_keep_their_facts() {
    let recorded = |kind: &str| {
        let line = include_str!("golden/messages.jsonl")
            .lines()
            .rev()
            .map(|l| serde_json::from_str::<Value>(l).expect("JSON"));
        let line = line.into_iter().find(|l| l["kind"] == kind && l["sdk"] == "4.21.1").expect("recorded");
        stored(&STANDARD.decode(line["body"].as_str().expect("body")).expect("base64")).body
    };
    match recorded("img") {
        Body::Image { file, size, .. } => {
            assert!(file.url.contains("/chatfiles/") && !file.secret.is_empty() && file.bytes > 0);
            assert_eq!(size.map(|s| (s.width as i64, s.height as i64)), Some((4, 3)));
        }
        other => panic!("{other:?}"),
    }
    assert!(matches!(recorded("loc"), Body::Location { latitude, .. } if (latitude - 39.9).abs() < 1e-9));
    assert!(matches!(recorded("custom"), Body::Custom { exts, .. } if exts.len() == 2));
}

#[test]
fn published_history_answers_are_read() {
    let answer = json!({"action": "get message roaming", "data": {"user": "alice@easemob.com", "queue": "bob@easemob.com",
        "msgs": [], "next_key": "undefined", "is_last": true, "timestamp": 1_700_000_000_000_i64},
        "timestamp": 1_700_000_000_000_i64});
    let page = manyou::wire::rest::history(&app(), answer.to_string().as_bytes()).expect("a page");
    assert_eq!((page.messages.len(), page.next, page.owner.as_deref()), (0, None, Some("alice")));
}

#[test]
fn published_list_entries_are_read_in_both_forms() {
    let web = json!({"channel_id": "o#a_210000000000001@conference.easemob.com", "session_to": "210000000000001",
        "session_type": "groupchat", "unread_num": 2, "created_at": 1_700_000_000_000_i64,
        "meta": {"id": "1213049947239219200", "from": "o#a_alice@easemob.com",
                 "to": "o#a_210000000000001@conference.easemob.com", "timestamp": 1_700_000_000_000_i64,
                 "payload": "{\"bodies\":[{\"type\":\"txt\",\"msg\":\"hi\"}],\"ext\":{}}"}});
    let native = json!({"channel_id": "bob@easemob.com", "unread_num": 1, "is_top": false, "update_top_status_time": 0,
        "marks": [], "meta": {"id": "1213049947239219200", "timestamp": 1_700_000_000_000_i64,
        "payload": "CAESBxIFYWxpY2UaBRIDYm9iIg0IABIJSGkg5L2g5aW9KgcKAW4QAhgHKggKAXMQBzIBeA=="}});
    let answer = json!({"data": {"channel_infos": [web, native], "cursor": ""}});
    let list = manyou::wire::rest::list(&app(), answer.to_string().as_bytes()).expect("a list");
    let peers: Vec<String> = list.conversations.iter().map(|c| c.peer.to_string()).collect();
    assert_eq!(peers, ["group:210000000000001", "bob"]);
    assert!(list.conversations.iter().all(|c| matches!(c.last.as_deref().map(|m| &m.body), Some(Body::Text { .. }))));
}

/// Lines of the hourly history files, as published.
#[test]
fn published_history_file_lines_are_read_in_every_kind() {
    let bodies = [
        (json!({"msg": "hi", "type": "txt"}), MessageKind::Text),
        (
            json!({"file_length": 1234, "filename": "a.jpg", "secret": "S", "size": {"height": 480, "width": 640},
            "type": "img", "url": "U"}),
            MessageKind::Image,
        ),
        (
            json!({"file_length": 2222, "filename": "a.amr", "length": 10, "secret": "S", "type": "audio", "url": "U"}),
            MessageKind::Audio,
        ),
        (
            json!({"file_length": 3333, "filename": "v.mp4", "length": 10, "secret": "S", "size": {"height": 480,
            "width": 360}, "thumb": "U2", "thumb_secret": "T", "type": "video", "url": "U"}),
            MessageKind::Video,
        ),
        (
            json!({"file_length": 4444, "filename": "d.pdf", "secret": "S", "type": "file", "url": "U"}),
            MessageKind::File,
        ),
        (json!({"addr": "Beijing", "lat": 39.9, "lng": 116.3, "type": "loc"}), MessageKind::Location),
        (json!({"action": "run", "type": "cmd"}), MessageKind::Command),
        (
            json!({"v2:customExts": {"n": "3"}, "customExts": [{"n": 3}], "customEvent": "gift", "type": "custom"}),
            MessageKind::Custom,
        ),
        (
            json!({"combineLevel": 1, "file_length": 550, "filename": "1700000000000", "secret": "S",
            "subType": "sub_combine", "summary": "a: hi\n", "title": "Chat record", "url": "U"}),
            MessageKind::Combine,
        ),
    ];
    for (body, kind) in bodies {
        let line = json!({"msg_id": "1213049947239219200", "timestamp": 1_700_000_000_000_i64, "direction": "outgoing",
            "to": "bob", "from": "alice", "chat_type": "chat",
            "payload": {"bodies": [body], "ext": {"k": "v"}, "from": "alice", "to": "bob"}});
        let message = payload::decode_meta(&app(), &line).expect("a message");
        assert_eq!((message.id, message.body.kind()), (MessageId(1_213_049_947_239_219_200), kind));
        assert_eq!((message.from.as_str(), message.to.as_str(), message.ext.len()), ("alice", "bob", 1));
        assert!(!shown(message).is_empty());
    }
}
