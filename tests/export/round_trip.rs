//! The lossless format: what was written comes back equal, and what was done to a file in between is told.

use bytes::Bytes;
use manyou::domain::{Body, ExtValue, Message, Peer};
use manyou::export::{
    Exporter, Format, Heading, Options, ReadErrorKind, ReadItem, ReadMessage, SCHEMA, Saved, Trailer, read_ndjson,
};
use manyou::text::printable;
use manyou::wire::{message, payload};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::{Sent, every_kind, export, export_with, odd, options, peer, scope, stored, text};

type Read = Vec<Result<ReadItem, (u64, ReadErrorKind)>>;

fn read(export: &[u8]) -> Read {
    read_ndjson(export).map(|item| item.map_err(|error| (error.line, error.kind))).collect()
}

fn messages(read: &Read) -> Vec<ReadMessage> {
    let of = |item: &Result<ReadItem, _>| if let Ok(ReadItem::Message(m)) = item { Some((**m).clone()) } else { None };
    read.iter().filter_map(of).collect()
}

fn trailer(read: &Read) -> Trailer {
    let of = |item: &Result<ReadItem, _>| if let Ok(ReadItem::Trailer(t)) = item { Some(t.clone()) } else { None };
    read.iter().find_map(of).unwrap()
}

/// Everything a server can send, and what no server should: all kinds, facts, JSON forms, and every way of being damaged.
fn all_sorts(words: &str) -> Vec<Message> {
    let ext = || vec![(words.to_owned(), ExtValue::Text(words.to_owned())), ("n".to_owned(), ExtValue::Int(-7))];
    let facts = json!({
        "edit_msg": {"count": 2, "operator": words, "edit_time": 1_700_000_000_000_i64},
        "reaction": [{"reaction": words, "count": 3, "state": true, "userList": [words]}],
        "translations": [{"code": "en", "text": words}],
        "thread_overview": {"id": "9", "name": words, "message_count": 4},
        "isDelivered": true,
    });
    let mut all: Vec<Message> =
        (0..).zip(every_kind(words)).map(|(n, b)| stored(n, words, b, ext(), Some(facts.clone()))).collect();
    let app = scope().app_key;
    let lists = [
        json!({"id": "1134567890123456789", "from": "easemob-demo#roam_al_ice@easemob.com", "to": "easemob-demo#roam_bob@easemob.com",
               "timestamp": 1_700_000_000_000_i64, "payload": {"bodies": [{"type": "txt", "msg": words}], "ext": {"f": 1.5}}}),
        json!({"id": 7, "payload": words}),
        json!({"payload": {"bodies": [{"type": "txt", "msg": words}], "ext": {"k": words}}}),
        json!({"payload": 1.0e300, words: words}),
        json!({"id": "3", "timestamp": "12", "payload": "CAESBxIFYWxpY2UaBRIDYm9iIg0IABIJSGkg5L2g5aW9KgcKAW4QAhgHKggKAXMQBzIBeA=="}),
    ];
    all.extend(lists.iter().filter_map(|meta| payload::decode_meta(&app, meta)));
    all.extend(["@@@@", words, "Ev////8P", "", "{}", "ewo="].into_iter().filter_map(message::decode_entry));
    all.extend(message::decode_meta(&Bytes::copy_from_slice(words.as_bytes())));
    all.push(message::damaged(Bytes::copy_from_slice(words.as_bytes()), format!("entry: {words}")));
    all
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn everything_comes_back_equal(words in odd(), name in odd()) {
        let sent = all_sorts(&words);
        let with_names: Vec<Sent<'_>> = sent.iter().map(|m| (m.clone(), Some(name.as_str()), None)).collect();
        let (written, totals) = export_with(Format::Ndjson, options(), &with_names, true);
        prop_assert!(written.chars().all(|c| printable(c) || c == '\n'));
        let read = read(written.as_bytes());
        prop_assert!(read.iter().all(Result::is_ok), "{:?}", read.iter().find(|item| item.is_err()));
        for (came, went) in messages(&read).iter().zip(&sent) {
            prop_assert_eq!(&came.message, went);
            prop_assert_eq!(&came.message.raw, &went.raw);
            prop_assert_eq!((&came.peer, came.from_name.as_deref()), (&peer(), Some(name.as_str())));
        }
        let trailer = trailer(&read);
        prop_assert!(trailer.is_intact && trailer.complete);
        prop_assert_eq!((trailer.messages, messages(&read).len()), (totals.messages, sent.len()));
    }

    #[test]
    fn no_bytes_stop_the_reader(bytes in prop::collection::vec(any::<u8>(), 0..300), cut in 0..2000usize, at in 0..2000usize) {
        let mut written = export(Format::Ndjson, &[text("a"), text("b")]).into_bytes();
        written.splice(at.min(written.len())..(at + cut).min(written.len()), bytes);
        prop_assert!(read(&written).len() <= 310);
    }
}

#[test]
fn a_message_that_was_too_large_to_decode_keeps_the_bytes_it_has() {
    let large = message::decode_meta(&Bytes::from(vec![0x0a; (1 << 20) + 1])).unwrap();
    let came = messages(&read(export(Format::Ndjson, std::slice::from_ref(&large)).as_bytes()));
    assert!(came.len() == 1 && came[0].message == large);
}

#[test]
fn a_line_says_what_the_record_says_and_more() {
    let saved = Saved { path_in_folder: "files/a.png", sha256: "00ff", bytes: 7, picture: None };
    let message = stored(1, "user_1029", every_kind("a.png").swap_remove(2), Vec::new(), None);
    let (written, totals) =
        export_with(Format::Ndjson, options(), &[(message.clone(), Some("李娜"), Some(saved))], true);
    let lines: Vec<Value> = written.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for (key, value) in message.record().as_object().unwrap() {
        assert_eq!(&lines[1][key], value, "{key}");
    }
    assert_eq!(lines[0]["schema"], SCHEMA);
    assert_eq!(lines[0]["exported_at_local"], "2024-05-01T13:02:05.123+08:00");
    assert_eq!((&lines[0]["zone"], &lines[0]["account"]), (&json!("+08:00"), &json!("kefu01")));
    assert_eq!(
        (&lines[1]["time_utc"], &lines[1]["time_local"]),
        (&json!("2024-05-01T04:02:05.124Z"), &json!("2024-05-01T12:02:05.124+08:00"))
    );
    assert_eq!((&lines[1]["peer"], &lines[1]["from_name"]), (&json!("user_1029"), &json!("李娜")));
    assert_eq!(lines[1]["saved"], json!({"path": "files/a.png", "sha256": "00ff", "bytes": 7}));
    let count = json!({"peer": "user_1029", "name": "李娜", "messages": 1, "first": 1_714_536_125_124_i64, "last": 1_714_536_125_124_i64,
                       "whole": true, "coverage": "back to 3 Apr"});
    assert_eq!(
        (&lines[2]["complete"], &lines[2]["messages"], &lines[2]["conversations"]),
        (&json!(true), &json!(1), &json!([count]))
    );
    assert_eq!((totals.messages, totals.bytes), (1, written.len() as u64));
    let came = messages(&read(written.as_bytes()));
    assert_eq!(came[0].saved.as_ref().map(|saved| saved.path.as_str()), Some("files/a.png"));
}

#[test]
fn a_changed_byte_a_lost_line_and_a_cut_are_told() {
    let written = export(Format::Ndjson, &[text("one"), text("two"), text("three")]);
    let lines: Vec<&str> = written.split_inclusive('\n').collect();

    let changed = read(written.replacen("kefu01", "kefu02", 1).as_bytes());
    assert_eq!((messages(&changed).len(), trailer(&changed).is_intact), (3, false));

    let lost = read([&lines[..2], &lines[3..]].concat().concat().as_bytes());
    assert_eq!((messages(&lost).len(), trailer(&lost).is_intact), (2, false));

    for kept in [0, lines[0].len(), written.len() - lines[4].len(), written.len() - 3] {
        let cut = read(&written.as_bytes()[..kept]);
        assert!(matches!(cut.last(), Some(Err((_, ReadErrorKind::Truncated)))), "{kept}: {cut:?}");
    }
    assert!(trailer(&read(written.as_bytes())).is_intact);
}

#[test]
fn bad_lines_are_told_with_their_number_and_the_rest_is_read() {
    let written = export(Format::Ndjson, &[text("one"), text("two")]);
    let mut lines: Vec<String> = written.lines().map(str::to_owned).collect();
    lines[1] = lines[1].replace("\"id\":\"1", "\"id\":\"2");
    lines.splice(2..2, ["not json", "[1]", "{\"id\":\"5\",\"peer\":\"bob\"}", "\u{0}", ""].map(str::to_owned));
    let read = read(lines.join("\r\n").as_bytes());
    let told: Vec<_> =
        read.iter().filter_map(|item| item.as_ref().err()).map(|(line, kind)| (*line, kind.to_string())).collect();
    assert_eq!(told.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [2, 3, 4, 5, 6]);
    assert!(told[0].1.contains("does not decode") && told[3].1.contains("not lossless"), "{told:?}");
    assert_eq!(messages(&read).iter().map(|m| &m.message).collect::<Vec<_>>(), [&text("two")]);
}

#[test]
fn an_export_without_raw_says_that_it_cannot_be_read_back() {
    let written =
        export_with(Format::Ndjson, Options { lossless: false, ..options() }, &[(text("a"), None, None)], true).0;
    let read = read(written.as_bytes());
    assert!(matches!(&read[0], Ok(ReadItem::Header(header)) if !header.lossless));
    assert!(matches!(read[1], Err((2, ReadErrorKind::NoRaw))));
}

#[test]
fn another_schema_is_told_and_still_read() {
    let written = export(Format::Ndjson, &[text("a")]).replace(SCHEMA, "manyou.export/2");
    let read = read(written.as_bytes());
    assert!(matches!(&read[0], Err((1, ReadErrorKind::Schema(schema))) if schema == "manyou.export/2"));
    assert!(matches!(&read[1], Ok(ReadItem::Header(_))));
    assert_eq!(messages(&read).len(), 1);
}

#[test]
fn exports_one_after_another_are_all_read() {
    let one = export(Format::Ndjson, &[text("a")]);
    let read = read([one.clone(), one].concat().as_bytes());
    let intact = read.iter().filter(|item| matches!(item, Ok(ReadItem::Trailer(t)) if t.is_intact)).count();
    assert_eq!((intact, messages(&read).len()), (2, 2));
}

#[test]
fn counts_and_completeness_are_told_by_conversation() {
    let mut exporter = Exporter::start(Format::Ndjson, Vec::new(), options(), scope()).unwrap();
    assert!(exporter.message(&text("a"), None, None).is_err());
    let group: Peer = "group:77".parse().unwrap();
    exporter.conversation(Heading { peer: &peer(), name: None, whole: true, coverage: None }).unwrap();
    exporter.message(&text("a"), None, None).unwrap();
    exporter.message(&Message { time: manyou::domain::ServerTime(5), ..text("b") }, None, None).unwrap();
    exporter.conversation(Heading { peer: &group, name: None, whole: false, coverage: Some("2 gaps") }).unwrap();
    let (bytes, totals) = exporter.finish(true).unwrap();
    assert_eq!(totals.conversations.iter().map(|c| (c.messages, c.whole)).collect::<Vec<_>>(), [(2, true), (0, false)]);
    assert_eq!((totals.complete, totals.first, totals.last), (false, Some(text("a").time), Some(text("a").time)));
    let read = read(&bytes);
    assert_eq!(trailer(&read).conversations[1].peer, "group:77");
    assert!(!trailer(&read).complete);
}

#[test]
fn the_json_document_has_the_same_records() {
    let sent = [text("a"), text("\u{202e}b")];
    let document: Value = serde_json::from_str(&export(Format::Json, &sent)).unwrap();
    let lines = export(Format::Ndjson, &sent);
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(document["records"], json!(lines[1..3]));
    assert_eq!((&document["schema"], &document["trailer"]["messages"]), (&json!(SCHEMA), &json!(2)));
    let none: Value = serde_json::from_str(&export(Format::Json, &[])).unwrap();
    assert_eq!(none["records"], json!([]));
}

#[test]
fn recalled_and_empty_texts_are_words_too() {
    let recalled = stored(1, "bob", Body::Recalled { target: manyou::domain::MessageId(7) }, Vec::new(), None);
    let written = export(Format::Text, &[recalled, text(" \n"), text("a\nb")]);
    assert!(written.contains("12:02:05  recalled a message\n"), "{written}");
    assert!(written.contains("12:02:05  (empty)\n") && written.contains("12:02:05  a\n            b\n"), "{written}");
}
