//! History files of the service, in every wrapping they are met in.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use manyou::domain::MessageKind::{Audio, Combine, Command, Custom, File, Image, Location, Text, Video};
use manyou::domain::{Body, ChatType, Message, MessageId, MessageKind, ServerTime};
use manyou::export::{ReadErrorKind, read_hourly};
use serde_json::{Value, json};

use crate::support::scope;

/// `protocol-evidence` 3, item 14, with every body of item 15 in turn.
fn lines() -> Vec<String> {
    let bodies = [
        json!({"msg": "hi", "type": "txt"}),
        json!({"file_length": 1234, "filename": "a.jpg", "secret": "S", "size": {"height": 480, "width": 640}, "type": "img", "url": "U"}),
        json!({"file_length": 2222, "filename": "a.amr", "length": 10, "secret": "S", "type": "audio", "url": "U"}),
        json!({"file_length": 3333, "filename": "v.mp4", "length": 10, "secret": "S", "size": {"height": 480, "width": 360},
               "thumb": "U2", "thumb_secret": "T", "type": "video", "url": "U"}),
        json!({"file_length": 4444, "filename": "d.pdf", "secret": "S", "type": "file", "url": "U"}),
        json!({"addr": "Beijing", "lat": 39.9, "lng": 116.3, "type": "loc"}),
        json!({"action": "run", "type": "cmd"}),
        json!({"v2:customExts": {"n": "3"}, "customExts": [{"n": "3"}], "customEvent": "gift", "type": "custom"}),
        json!({"combineLevel": 1, "file_length": 550, "filename": "1700000000000", "secret": "S", "subType": "sub_combine",
               "summary": "a: hi\n", "title": "Chat record", "url": "U"}),
    ];
    (0..).zip(bodies).map(|(n, body)| line(n, "alice", body)).collect()
}

fn line(n: u64, outer: &str, body: Value) -> String {
    let payload = json!({"bodies": [body], "ext": {"k": "v"}, "from": "alice", "to": "bob"});
    json!({"msg_id": (1_213_049_947_239_219_200 + n).to_string(), "timestamp": 1_700_000_000_000_i64, "direction": "outgoing",
           "to": if outer == "internal" { "internal" } else { "bob" }, "from": outer, "chat_type": "chat", "payload": payload})
    .to_string()
}

fn read(file: &[u8]) -> (Vec<Message>, Vec<(u64, ReadErrorKind)>) {
    let app = scope().app_key;
    let (mut messages, mut errors) = (Vec::new(), Vec::new());
    for item in read_hourly(&app, file) {
        match item {
            Ok(message) => messages.push(message),
            Err(error) => errors.push((error.line, error.kind)),
        }
    }
    (messages, errors)
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn every_published_body_is_read() {
    let (messages, errors) = read(lines().join("\n").as_bytes());
    assert!(errors.is_empty(), "{errors:?}");
    let kinds: Vec<MessageKind> = messages.iter().map(|m| m.body.kind()).collect();
    assert_eq!(kinds, [Text, Image, Audio, Video, File, Location, Command, Custom, Combine]);
    let first = &messages[0];
    assert_eq!((first.id, first.time), (MessageId(1_213_049_947_239_219_200), ServerTime(1_700_000_000_000)));
    assert_eq!((first.from.as_str(), first.to.as_str(), first.chat_type), ("alice", "bob", ChatType::Single));
    assert_eq!(first.body, Body::Text { text: "hi".to_owned(), stream: None });
}

#[test]
fn all_wrappings_give_the_same_messages() {
    let lines = lines();
    let plain = read(lines.join("\n").as_bytes()).0;
    let array = format!("[{}]", lines.join(",\n"));
    let pretty = serde_json::to_string_pretty(&serde_json::from_str::<Value>(&array).unwrap()).unwrap();
    let blank_lines = format!("\n\r\n{}\n\n", lines.join("\r\n\n  "));
    let commas = lines.join(",\n");
    let two_members = [gzip(&lines[..4].join("\n")), gzip("\n"), gzip(&lines[4..].join("\n"))].concat();
    let marked = format!("\u{feff}{}", lines.join("\n"));
    let wrapped = [array.clone(), pretty, blank_lines, commas, marked.clone()].map(String::into_bytes);
    for file in wrapped.into_iter().chain([gzip(&array), gzip(&marked), two_members]) {
        let (messages, errors) = read(&file);
        assert!(errors.is_empty(), "{errors:?}");
        assert_eq!(messages, plain);
    }
    assert_eq!(read(b"").0.len() + read(b"[]").0.len() + read(&gzip("")).0.len(), 0);
}

#[test]
fn internal_stands_for_nobody() {
    let (messages, _) = read(line(1, "internal", json!({"type": "txt", "msg": "x"})).as_bytes());
    assert_eq!((messages[0].from.as_str(), messages[0].to.as_str()), ("alice", "bob"));
}

#[test]
fn bad_lines_are_told_and_skipped_and_odd_ones_kept_as_damaged() {
    let good = lines().remove(0);
    let file =
        [good.as_bytes(), b"{\"broken", b"17", b"{}", b"{\"msg_id\":1.5,\"from\":\"a\"}", b"\xff\xfe", good.as_bytes()]
            .join(&b'\n');
    let (messages, errors) = read(&file);
    assert_eq!(errors.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [2, 3, 4, 6]);
    assert_eq!(
        messages.iter().map(|m| m.body.kind()).collect::<Vec<_>>(),
        [MessageKind::Text, MessageKind::Damaged, MessageKind::Text]
    );
}

#[test]
fn bytes_that_are_no_text_stay_visible() {
    let mut file = lines().remove(0).into_bytes();
    let at = file.windows(2).position(|w| w == b"hi").unwrap();
    file[at] = 0xff;
    assert_eq!(read(&file).0[0].body, Body::Text { text: "<FF>i".to_owned(), stream: None });
}

#[test]
fn a_file_that_is_cut_off_gives_what_it_has_and_tells() {
    let lines = lines();
    let (messages, errors) = read(format!("[{},{}", lines[0], &lines[1][..40]).as_bytes());
    assert_eq!(messages.len(), 1);
    assert!(matches!(errors.last(), Some((_, ReadErrorKind::Truncated))), "{errors:?}");

    let packed = gzip(&lines.join("\n").repeat(200));
    let (messages, errors) = read(&packed[..packed.len() / 2]);
    assert!(!messages.is_empty());
    assert!(matches!(errors.last(), Some((_, ReadErrorKind::Io(_)))), "{errors:?}");
}
