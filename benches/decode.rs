//! Decoding speed of history pages, against a bare loop of JSON, base64 and protobuf over the same pages.
//!
//! `cargo bench --bench decode` prints one line of JSON; `ratio` is ours divided by the bare loop's, same run.

use std::hint::black_box;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use manyou::domain::{AppKey, Body, ChatType, Message};
use manyou::wire::{message, pb, rest};
use prost::Message as _;
use serde::Deserialize;

const MESSAGES: u64 = 20_000;
const ROUNDS: usize = 15;

#[derive(Deserialize)]
struct Page<'a> {
    #[serde(borrow)]
    data: Data<'a>,
}

#[derive(Deserialize)]
struct Data<'a> {
    #[serde(borrow)]
    msgs: Vec<Entry<'a>>,
}

#[derive(Deserialize)]
struct Entry<'a> {
    msg: &'a str,
}

fn entry(n: u64) -> String {
    let words = ["你好，请问我的订单什么时候到？", "Your parcel left the warehouse this morning. 😀", "好的", "谢谢！"];
    let text = words.iter().cycle().skip(n as usize % 4).take(1 + n as usize % 5).copied().collect();
    let mut chat = message::damaged(Bytes::new(), String::new());
    chat = Message {
        chat_type: ChatType::Group,
        from: format!("customer_{}", n % 300),
        to: "212345678901234".into(),
        body: Body::Text { text, stream: None },
        ..chat
    };
    let text = |text: &str| Some(Bytes::copy_from_slice(text.as_bytes()));
    let jid = |name: &str, domain: &str, resource: Option<&str>| {
        let client_resource = resource.and_then(text);
        Some(pb::Jid { app_key: text("easemob-demo#support"), name: text(name), domain: text(domain), client_resource })
    };
    let meta = pb::Meta {
        id: Some((1 << 60) + n),
        from: jid(&chat.from, "easemob.com", Some("webim_random_1700000000000")),
        to: jid(&chat.to, "conference.easemob.com", None),
        timestamp: Some(1_700_000_000_000 + n),
        ns: Some(1),
        payload: Some(message::encode_body(&chat).encode_to_vec().into()),
        ..Default::default()
    };
    format!("{{\"msg\":\"{}\"}}", STANDARD.encode(meta.encode_to_vec()))
}

fn pages() -> Vec<Vec<u8>> {
    let entries: Vec<String> = (0..MESSAGES).map(entry).collect();
    let page = |part: &[String]| {
        format!("{{\"data\":{{\"is_last\":false,\"next_key\":\"1\",\"msgs\":[{}]}}}}", part.join(",")).into_bytes()
    };
    entries.chunks(50).map(page).collect()
}

/// One page, read with nothing but the three libraries; each message is dropped at once.
fn bare(page: &[u8], buffer: &mut Vec<u8>) -> usize {
    let Ok(page) = serde_json::from_slice::<Page<'_>>(page) else { return 0 };
    let read = |entry: &Entry<'_>| {
        buffer.clear();
        STANDARD.decode_vec(entry.msg, buffer).ok()?;
        let meta = pb::Meta::decode(buffer.as_slice()).ok()?;
        let body = pb::MessageBody::decode(meta.payload.clone()?).ok()?;
        Some(black_box((meta, body)))
    };
    page.data.msgs.iter().filter_map(read).count()
}

/// Messages a second of the fastest round: what disturbs a round only makes it slower.
fn rate(times: &[Duration]) -> f64 {
    let best = times.iter().min().copied().unwrap_or_default();
    MESSAGES as f64 / best.as_secs_f64()
}

#[allow(clippy::disallowed_methods, reason = "a bench measures with the machine's clock")]
fn timed(work: impl FnOnce() -> usize) -> Duration {
    let start = std::time::Instant::now();
    assert_eq!(work() as u64, MESSAGES);
    start.elapsed()
}

#[allow(clippy::print_stdout, reason = "the figure is the purpose")]
fn main() {
    let Ok(app) = "easemob-demo#support".parse::<AppKey>() else { return };
    let pages = pages();
    let ours = |page: &Vec<u8>| rest::history(&app, page).map_or(0, |p| black_box(p.messages).len());
    let (mut buffer, mut floor, mut whole) = (Vec::with_capacity(4096), Vec::new(), Vec::new());
    // In turns, so that a slow moment of the machine hits both.
    for _ in 0..ROUNDS {
        floor.push(timed(|| pages.iter().map(|p| bare(p, &mut buffer)).sum()));
        whole.push(timed(|| pages.iter().map(ours).sum()));
    }
    let (floor, whole) = (rate(&floor), rate(&whole));
    println!("{{\"bare_per_s\":{floor:.0},\"ours_per_s\":{whole:.0},\"ratio\":{:.2}}}", whole / floor);
}
