//! Our requests against those of the official SDK: method, path, query keys, body keys.
//!
//! `tests/golden/requests.jsonl` holds what the SDK sent; a call that is missing there fails the test.

#![cfg(feature = "delete")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod client;

use std::collections::{BTreeMap, BTreeSet};

use client::{Script, Step, page, signed_in, user};
use manyou::client::{Client, ListCall};
use manyou::domain::{DeletionPlan, Direction, HistoryQuery, MessageId, Peer, Scope, ServerTime};
use serde_json::{Value, json};

/// The SDK adds it to some of its GET requests only: it says nothing about the call.
const CACHE_BUSTER: &str = "_v";

/// Method, path below the app, query keys, body keys.
type Shape = (String, String, BTreeSet<String>, BTreeSet<String>);

/// What our client calls, in the order of [`call_all`], by the recorder's names.
const CALLS: [&str; 9] = [
    "open",
    "getConversationlist",
    "getServerConversations",
    "getHistoryMessages",
    "removeHistoryMessages.ids",
    "removeHistoryMessages.time",
    "deleteConversation",
    "fetchUserInfoById",
    "getGroupInfo",
];

/// What a record of the SDK must hold beside [`CALLS`], or it was not recorded in full.
const RECORDED: [&str; 5] = [
    "renewToken",
    "getHistoryMessages.singleChat",
    "getHistoryMessages.groupChat",
    "getHistoryMessages.chatRoom",
    "getHistoryMessages.filter",
];

fn recorded() -> BTreeMap<String, Shape> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/requests.jsonl");
    let text = std::fs::read_to_string(path).expect("the recorded requests");
    let list = |v: &Value| v.as_array().into_iter().flatten().filter_map(|k| Some(k.as_str()?.to_owned())).collect();
    let read = |line: &str| {
        let line: Value = serde_json::from_str(line).expect("a recorded request");
        let text = |key: &str| line[key].as_str().unwrap_or_default().to_owned();
        let path = text("path").replace("/{org}/{app}", "").replace("{user}", "alice").replace("{group}", "77");
        let mut query: BTreeSet<String> = list(&line["query"]);
        query.remove(CACHE_BUSTER);
        let shape = (text("method"), path, query, list(&line["body"]));
        text("sdk").starts_with("4.21").then(|| (text("call"), shape))
    };
    text.lines().filter(|l| !l.trim().is_empty()).filter_map(read).collect()
}

async fn ours() -> BTreeMap<&'static str, Shape> {
    let ok = || Step::ok(r#"{"requestStatusCode":"ok","data":{"result":"ok"}}"#);
    let empty = || Step::ok(r#"{"data":{"channel_infos":[]}}"#);
    let (profiles, groups) = (Step::ok(r#"{"data":{}}"#), Step::ok(r#"{"data":[]}"#));
    let history = Step::ok(page(&[9], "", true).to_string());
    let script = Script::new(vec![empty(), empty(), history, ok(), ok(), ok(), profiles, groups]);
    let client = signed_in(&script).await;
    call_all(&client).await;
    let sent = script.sent();
    assert_eq!(sent.len(), CALLS.len());
    CALLS.into_iter().zip(sent.iter().map(|r| shape(r.method.as_str(), &r.url, &r.body))).collect()
}

async fn call_all(client: &Client) {
    let peer = Peer::user(&user("bob"));
    client.conversations(ListCall::V1).await.unwrap();
    client.conversations(ListCall::Cursor).await.unwrap();
    client.history(&HistoryQuery::new(peer.clone(), None, Direction::Up)).await.unwrap();
    let before = Scope::Before { cutoff: ServerTime(1_700_000_000_000), newest: MessageId(9) };
    for scope in [Scope::Messages(vec![MessageId(9), MessageId(8)]), before, Scope::Conversation { with_history: true }]
    {
        let plan = DeletionPlan { owner: user("alice"), peer: peer.clone(), scope };
        assert!(client.delete(&plan, |_| {}).await.is_done());
    }
    client.profiles(&[user("bob")]).await.unwrap();
    client.groups(&["77".to_owned()]).await.unwrap();
}

fn shape(method: &str, url: &str, body: &[u8]) -> Shape {
    let rest = url.strip_prefix("http://127.0.0.1:1/easemob-demo/roam").expect("below the app");
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let names = query.split('&').filter(|p| !p.is_empty()).map(|p| p.split('=').next().unwrap_or(p).to_owned());
    let names = names.filter(|key| key != CACHE_BUSTER);
    let body: Value = serde_json::from_slice(body).unwrap_or(json!({}));
    let fields = body.as_object().map(|m| m.keys().cloned().collect()).unwrap_or_default();
    (method.to_owned(), path.to_owned(), names.collect(), fields)
}

#[tokio::test(start_paused = true)]
async fn our_requests_have_the_shape_of_the_sdks() {
    let recorded = recorded();
    for call in RECORDED {
        assert!(recorded.contains_key(call), "{call} is not recorded");
    }
    for (call, shape) in ours().await {
        assert_eq!(Some(&shape), recorded.get(call), "{call}");
    }
}

/// Strings of requests that delete: they may stand in one file only, which the build without `delete` leaves out.
#[test]
fn only_one_file_of_the_client_can_ask_for_a_deletion() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/client");
    let mut met = BTreeSet::new();
    for file in std::fs::read_dir(folder).expect("the client").map(|f| f.expect("a file").path()) {
        let text = std::fs::read_to_string(&file).expect("text");
        let is_call = |line: &str| ["::DELETE", "message/roaming", "}/user_channel?"].iter().any(|w| line.contains(w));
        let lines = text.lines().filter(|l| is_call(l) && !l.trim_start().starts_with("//"));
        if lines.count() > 0 {
            met.insert(file.file_name().expect("a name").to_string_lossy().into_owned());
        }
    }
    assert_eq!(met, BTreeSet::from(["deletion.rs".to_owned()]));
    let list = std::fs::read_to_string(format!("{folder}/mod.rs")).expect("the module list");
    assert!(list.contains("#[cfg(feature = \"delete\")]\nmod deletion;"));
}
