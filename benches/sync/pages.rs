//! A server that has every page ready before it is asked: what it costs is not measured with what asks it.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use manyou::domain::{Body, ChatType, MessageId, ServerTime};
use manyou::wire::{message, pb};
use prost::Message as _;

const PAGE: usize = 50;
/// 2023-11-14, 22:13:20 UTC.
const START: i64 = 1_700_000_000_000;
const SAYINGS: [&str; 6] = [
    "你好，我上周申请的退款还没到账，请帮我查一下订单 20240428-7731",
    "请提供订单号",
    "Your parcel is on its way and should arrive tomorrow before noon",
    "ok, 还没有收到 😀",
    "已经为您提交，三个工作日内处理，如有其他问题请随时联系我们的客服人员，感谢您的耐心等待",
    "thanks, solved",
];

/// Answers by conversation and cursor.
type Pages = HashMap<String, HashMap<String, Vec<u8>>>;

/// Serves `count` messages in `conversations` (named `c0`, `c1` …), each answer `delay` late. Gives its port.
pub(crate) fn serve(count: usize, conversations: usize, delay: Duration) -> std::io::Result<u16> {
    let each = count / conversations;
    let pages: Pages = (0..conversations).map(|c| (format!("c{c}"), pages_of(c, conversations, each))).collect();
    let (listener, pages) = (TcpListener::bind(("127.0.0.1", 0))?, Arc::new(pages));
    let port = listener.local_addr()?.port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let pages = Arc::clone(&pages);
            std::thread::spawn(move || answer(stream, &pages, delay));
        }
    });
    Ok(port)
}

fn pages_of(conversation: usize, conversations: usize, count: usize) -> HashMap<String, Vec<u8>> {
    let mut pages = HashMap::new();
    let id = |n: usize| {
        let time = ServerTime(START + ((n * conversations + conversation) as i64) * 977);
        (MessageId(MessageId::at(time).0 | ((n as u64 % 1024) << 2)), time)
    };
    let mut cursor = "-1".to_owned();
    for high in (1..=count).rev().step_by(PAGE) {
        let low = high.saturating_sub(PAGE);
        let entries: Vec<String> = (low..high).rev().map(|n| entry(n, conversation, id(n))).collect();
        let next = if low == 0 { String::new() } else { id(low).0.to_string() };
        let body = format!(
            "{{\"action\":\"post\",\"duration\":3,\"data\":{{\"is_last\":{},\"next_key\":\"{next}\",\"msgs\":[{}]}}}}",
            low == 0,
            entries.join(",")
        );
        pages.insert(std::mem::replace(&mut cursor, next), http(&body));
    }
    pages
}

fn entry(n: usize, conversation: usize, (id, time): (MessageId, ServerTime)) -> String {
    let mut text = message::damaged(Bytes::new(), String::new());
    let (from, to) = if n.is_multiple_of(3) {
        ("u".to_owned(), format!("c{conversation}"))
    } else {
        (format!("c{conversation}"), "u".to_owned())
    };
    (text.chat_type, text.from, text.to) = (ChatType::Single, from.clone(), to.clone());
    text.body = Body::Text { text: format!("{} {n}", SAYINGS[n * 7 % SAYINGS.len()]), stream: None };
    let jid = |name: String| {
        let part = |text: &str| Some(Bytes::copy_from_slice(text.as_bytes()));
        Some(pb::Jid {
            app_key: part("bench#sync"),
            name: Some(name.into()),
            domain: part("easemob.com"),
            ..Default::default()
        })
    };
    let meta = pb::Meta {
        id: Some(id.0),
        from: jid(from),
        to: jid(to),
        timestamp: Some(time.ms() as u64),
        ns: Some(1),
        payload: Some(message::encode_body(&text).encode_to_vec().into()),
        ..Default::default()
    };
    format!("{{\"msg\":\"{}\"}}", message::encode_entry(&meta.encode_to_vec()))
}

fn http(body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}").into_bytes()
}

/// Answers one connection until it ends.
fn answer(mut stream: TcpStream, pages: &Pages, delay: Duration) -> Option<()> {
    stream.set_nodelay(true).ok()?;
    let (mut buffer, mut length, nothing) = (vec![0; 64 << 10], 0, http("{}"));
    loop {
        let (head, end) = loop {
            let so_far = buffer.get(..length)?;
            if let Some(head) = so_far.windows(4).position(|w| w == b"\r\n\r\n") {
                let text = String::from_utf8_lossy(so_far.get(..head)?).to_ascii_lowercase();
                let body = text.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
                let end = head + 4 + body.unwrap_or(0);
                if length >= end {
                    break (head + 4, end);
                }
            }
            match stream.read(buffer.get_mut(length..)?) {
                Ok(0) | Err(_) => return None,
                Ok(more) => length += more,
            }
        };
        let body = String::from_utf8_lossy(buffer.get(head..end)?).into_owned();
        let said = |key: &str| {
            let at = body.find(&format!("\"{key}\":"))? + key.len() + 3;
            Some(body.get(at..)?.trim_start_matches(['"', ' ']).split(['"', ',', '}']).next()?.to_owned())
        };
        let page = said("queue").and_then(|queue| {
            let name = queue.split('@').next()?.rsplit('_').next()?.to_owned();
            pages.get(&name)?.get(&said("start")?)
        });
        std::thread::sleep(delay);
        stream.write_all(page.unwrap_or(&nothing)).ok()?;
        buffer.copy_within(end..length, 0);
        length -= end;
    }
}
