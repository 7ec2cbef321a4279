//! The bad inputs that concern the client, line by line, over a script. Each test prints the lines it left, and why.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod client;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use client::{Script, Step, cases, entry, ids, options, page, signed_in, user};
use manyou::client::{Client, Endpoint, Walker};
use manyou::domain::{
    Body, Direction, Failure, FailureKind, HistoryPage, HistoryQuery, Message, MessageId, Peer, ServerTime,
};
use manyou::wire::{message, payload};
use serde_json::Value;

fn query() -> HistoryQuery {
    HistoryQuery::new(Peer::user(&user("bob")), None, Direction::Up)
}

/// The scripted answer of a line of `http.jsonl`, with `msgs` where the API has it and a real message for the good ones.
fn answer(line: &Value) -> Step {
    let raw = match (line["raw_json"].as_str(), line["body_b64"].as_str()) {
        (Some(raw), _) => raw.as_bytes().to_vec(),
        (_, Some(b64)) => base64::Engine::decode(&base64::engine::general_purpose::STANDARD, b64).unwrap(),
        _ => line["body"].as_str().unwrap_or_default().as_bytes().to_vec(),
    };
    let mut body = raw;
    if body.starts_with(b"{\"msgs\"") {
        for (from, to) in [
            (r#"{"msg_id":"1","t":"a"}"#, entry(9, "a").to_string()),
            (r#"{"msg_id":"3","t":"c"}"#, entry(7, "c").to_string()),
            (r#""msg_id":"1","msg_id":"2""#, r#""msg":"AA==","msg":"AAA=""#.to_owned()),
            (r#""t":"#, r#""msg":"#.to_owned()),
        ] {
            body = replaced(&body, from.as_bytes(), to.as_bytes());
        }
        body = [b"{\"data\":", body.as_slice(), b"}"].concat();
    }
    let mut step = Step::status(line["status"].as_u64().unwrap() as u16, body);
    for (key, value) in line["headers"].as_object().into_iter().flatten() {
        step = step.with(key, value.as_str().unwrap());
    }
    step
}

fn replaced(body: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    match body.windows(from.len()).position(|w| w == from) {
        Some(at) => [&body[..at], to, &replaced(&body[at + from.len()..], from, to)].concat(),
        None => body.to_vec(),
    }
}

/// Reads a page once the script's answers are used up; the waits it was told of.
async fn read(steps: Vec<Step>) -> (Result<HistoryPage, Failure>, Vec<Duration>, Arc<Script>) {
    let script = Script::new(steps);
    let waits = Arc::new(Mutex::new(vec![]));
    let told = waits.clone();
    let mut options = options();
    options.on_wait = Some(Arc::new(move |wait, _: &Failure| told.lock().unwrap().push(wait)));
    let client = client::client_over(&script, options);
    client.sign_in(client::password()).await.unwrap();
    let page = client.history(&query()).await;
    let waits = waits.lock().unwrap().clone();
    (page, waits, script)
}

fn good() -> Step {
    Step::ok(page(&[9], "", true).to_string())
}

/// Why a line of `http.jsonl` is not run here.
fn left(id: &str, class: &str) -> Option<&'static str> {
    match (id, class) {
        ("net-proxy-407", _) => Some("needs a proxy in the environment of a process of its own"),
        ("net-tls-expired", _) => Some("a certificate nobody vouches for is refused before its dates are read"),
        ("net-h2-goaway" | "100-continue" | "len-long", _) => Some("the HTTP library's own business, below our code"),
        ("net-reset-after-send", _) => Some("a lost deletion: client_story, client_server"),
        (id, _) if id.starts_with("net-") || id.starts_with("header-") => Some("over a socket: client_network"),
        ("wide-object" | "huge-body" | "gzip-bomb" | "len-short", _) => Some("over a socket: client_network"),
        (_, "ok" | "unknown_outcome" | "ok_or_bad_body") => Some("the answer of a deletion: client_story"),
        _ => None,
    }
}

#[tokio::test(start_paused = true)]
async fn every_answer_of_a_read_is_classified_and_repeated_only_where_it_helps() {
    for line in cases("http") {
        let (id, class) = (line["id"].as_str().unwrap(), line["expect"]["class"].as_str().unwrap());
        if let Some(why) = left(id, class) {
            println!("left {id}: {why}");
            continue;
        }
        let (page, waits, script) = read(vec![answer(&line), good(), good()]).await;
        let calls = script.sent().iter().filter(|r| !r.url.ends_with("/token")).count();
        match class {
            "bad_item" => {
                let page = page.unwrap_or_else(|e| panic!("{id}: {e:?}"));
                let damaged = page.messages.iter().filter(|m| matches!(m.body, Body::Damaged { .. })).count();
                assert_eq!(damaged, 1, "{id}");
                assert_eq!(page.messages.len() - damaged, if id == "lone-surrogate" { 2 } else { 0 }, "{id}");
            }
            "network" | "server" | "rate_limited" => {
                assert_eq!(
                    (page.map(|p| ids(&p.messages)), calls, waits.len()),
                    (Ok(vec![MessageId(9)]), 2, 1),
                    "{id}"
                );
                let (least, most) = match id {
                    "429" => (7.0, 8.75),
                    "429-date" => (58.0, 76.0),
                    "429-past" => (1.0, 1.25),
                    "429-neg" | "429-junk" => (1.0, 1.25),
                    "503-ra" => (3.0, 3.75),
                    _ => (0.5, 2.0),
                };
                assert!((least..=most).contains(&waits[0].as_secs_f64()), "{id}: {waits:?}");
            }
            "auth_expired" | "auth_unknown" => {
                assert_eq!((page.map(|p| p.messages.len()), calls, waits.len()), (Ok(1), 2, 0), "{id}");
                assert_eq!(*script.tokens.lock().unwrap(), 2, "{id}: signed in again once");
            }
            other => {
                let failure = page.expect_err(id);
                let kind = match other {
                    "not_api" => FailureKind::NotApi,
                    "bad_body" => FailureKind::BadAnswer,
                    "refuse_redirect" => FailureKind::Redirected,
                    "bad_request" | "bug" => FailureKind::BadRequest,
                    "auth_bad" => FailureKind::TokenRejected,
                    "forbidden" => FailureKind::Forbidden,
                    "wrong_address" => FailureKind::WrongAppKey,
                    unknown => panic!("{id}: no rule for class {unknown}"),
                };
                assert_eq!((failure.kind, calls), (kind, 1), "{id}");
                assert!(!failure.text.contains("YWMt"), "{id}: a token is shown");
                assert!(!failure.request_id.is_empty(), "{id}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_read_gives_up_after_a_bounded_time() {
    let limited = Step::status(429, "{}").with("retry-after", "60");
    let (page, waits, _) = read(vec![limited; 9]).await;
    assert_eq!(page.unwrap_err().kind, FailureKind::RateLimited);
    assert!(waits.len() <= 4 && waits.iter().sum::<Duration>() <= Duration::from_mins(4), "{waits:?}");
    let (page, waits, _) = read(vec![Step::Hang; 9]).await;
    assert_eq!((page.unwrap_err().kind, waits.len()), (FailureKind::Timeout, 5));
    let tls = Step::Lost { kind: FailureKind::Tls, sent: false };
    let (page, waits, _) = read(vec![tls]).await;
    assert_eq!((page.unwrap_err().kind, waits.len()), (FailureKind::Tls, 0));
}

/// One walk: the ids it brought in order of the whole history, and how it stopped in the words of the cases.
async fn walked(client: Client) -> (Vec<MessageId>, String) {
    let mut walker = Walker::new(client, query());
    let mut all = Vec::new();
    let stop = loop {
        match walker.next().await {
            Ok(Some(messages)) => all.extend(messages),
            Ok(None) => break <&str>::from(walker.stop().unwrap()).to_owned(),
            Err(e) if matches!(e.kind, FailureKind::Refused | FailureKind::IdentityChanged) => break "refused".into(),
            Err(e) if e.kind == FailureKind::NotApi => break "incomplete_not_api".into(),
            Err(e) => panic!("{e:?}"),
        }
    };
    all.sort_by_key(|m| std::cmp::Reverse((m.time, m.id)));
    let flagged = if walker.conflicts() > 0 { "_flagged" } else { "" };
    (ids(&all), stop + flagged)
}

fn numbers(list: &Value) -> Vec<u64> {
    let number = |v: &Value| v.as_u64().or_else(|| v.as_str()?.parse().ok()).unwrap();
    list.as_array().into_iter().flatten().map(number).collect()
}

fn page_step(line: &Value) -> Step {
    if let Some(status) = line["status"].as_u64() {
        let step = if line["html"] == true { Step::ok("<html>") } else { Step::status(status as u16, "") };
        return match line["retry_after"].as_u64() {
            Some(seconds) => step.with("retry-after", &seconds.to_string()),
            None => step,
        };
    }
    let is_last = line["is_last"] == true;
    let mut out = page(&numbers(&line["ids"]), line["next"].as_str().unwrap(), is_last);
    for (id, text) in line["texts"].as_object().into_iter().flatten() {
        let at = numbers(&line["ids"]).iter().position(|n| n.to_string() == *id).unwrap();
        out["data"]["msgs"][at] = entry(id.parse().unwrap(), text.as_str().unwrap());
    }
    if let Some(owner) = line["owner"].as_str() {
        out["data"]["user"] = owner.into();
    }
    Step::ok(out.to_string())
}

#[tokio::test(start_paused = true)]
async fn every_paging_script_ends_where_and_how_it_must() {
    for line in cases("pages") {
        let id = line["id"].as_str().unwrap();
        let pages = line["pages"].as_array().unwrap();
        if pages.iter().any(|p| !p["fault"].is_null()) || line.get("socket").is_some() {
            println!("left {id}: needs the archive or the long connection");
            continue;
        }
        let script = Script::new(pages.iter().map(page_step).collect());
        let client = signed_in(&script).await;
        let other = pages.iter().find_map(|p| p["refreshes_as"].as_str());
        script.signs_in_as.lock().unwrap().extend(other.map(str::to_owned));
        let (got, stop) = walked(client).await;
        let want: Vec<MessageId> = numbers(&line["final_ids"]).into_iter().map(MessageId).collect();
        assert_eq!(got, want, "{id}");
        let accepted = match line["stops"].as_str().unwrap() {
            "complete_or_flagged" => "complete",
            "incomplete_limit" => "incomplete_refused",
            other => other,
        };
        assert_eq!(stop, accepted, "{id}");
    }
}

#[test]
fn addresses_are_refused_unless_they_are_plain_and_safe() {
    let key = || "easemob-demo#roam".parse().unwrap();
    for line in cases("urls") {
        let (id, url) = (line["id"].as_str().unwrap(), line["url"].as_str().unwrap());
        let checked = match line["use"].as_str().unwrap() {
            "api" => Endpoint::new(url, None, key(), false),
            "websocket" => Endpoint::new("https://a1.example.test", Some(url), key(), false),
            other => {
                println!("left {id}: {other} addresses come with downloads");
                continue;
            }
        };
        assert_eq!(Some(checked.is_ok()), line["allow"].as_bool(), "{id}");
    }
    for url in ["https://u:p@h.test", "https://h.test/?a", "https://h.test/#a", "http://127.1", "file:///x", ""] {
        assert!(Endpoint::new(url, None, key(), true).is_err(), "{url}");
    }
    let plain = Endpoint::new("http://a1.example.test", None, key(), false).unwrap_err();
    assert_eq!(plain.kind, FailureKind::PlainHttp);
    assert!(Endpoint::new("http://a1.example.test", None, key(), true).is_ok());
}

#[test]
fn only_plain_decimals_are_message_ids() {
    for line in cases("ids") {
        let read = payload::read_id(&line["value"]);
        assert_eq!(Some(read.is_some_and(|id| id.0 > 0)), line["accept_for_delete"].as_bool(), "{}", line["id"]);
    }
}

#[test]
fn times_are_valid_only_in_the_documented_form() {
    let now = ServerTime(client::NOW);
    for line in cases("timestamps") {
        let (id, wire) = (line["id"].as_str().unwrap(), line["wire"].as_str().unwrap());
        let raw = match (wire, line["offset_ms"].as_i64()) {
            ("relative", Some(offset)) => Value::from(now.ms() + offset),
            ("machine clock", _) => {
                println!("left {id}: about our own clock");
                continue;
            }
            _ => line["raw"].clone(),
        };
        assert_eq!(Some(payload::read_time(&raw).is_valid_at(now)), line["valid"].as_bool(), "{id}");
    }
}

#[test]
fn protobuf_noise_is_damaged_or_unknown_and_keeps_its_bytes() {
    for line in cases("proto") {
        let (id, expect) = (line["id"].as_str().unwrap(), line["expect"].as_str().unwrap());
        let repeat = &line["repeat_b64"];
        let text = line["b64"].as_str().or(line["text"].as_str()).map_or_else(
            || repeat["unit"].as_str().unwrap().repeat(repeat["times"].as_u64().unwrap() as usize),
            str::to_owned,
        );
        let got = message::decode_entry(&text);
        let damaged = got.as_ref().is_none_or(|m| matches!(m.body, Body::Damaged { .. }));
        let unknown = got.as_ref().is_some_and(|m| matches!(m.body, Body::Unknown { .. }));
        // Field 2 of a message of ours is no text but a name in a message of its own: bad bytes there are damage.
        match expect {
            "damaged" | "damaged_field" | "limit" => assert!(damaged, "{id}: {got:?}"),
            "default_or_damaged" | "ok_kept" | "ok_unknown" | "ok_or_damaged" => {
                assert!(damaged || unknown, "{id}: {got:?}");
            }
            other => panic!("{id}: no rule for {other}"),
        }
        let kept = |m: &Message| !m.raw.is_empty() || text.is_empty();
        assert!(got.as_ref().is_none_or(kept), "{id}: the bytes are gone");
    }
}
