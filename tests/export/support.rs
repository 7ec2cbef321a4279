//! Messages as a server stores them, exports of them, and what readers of the formats see.

use bytes::Bytes;
use jiff::tz::{TimeZone, offset};
use manyou::domain::{Attachment, Body, ChatType, ExtValue, Message, Peer, ServerTime, Size, Stream, StreamStatus};
use manyou::export::{Exporter, Format, Heading, Labels, Options, Saved, Scope, Totals};
use manyou::wire::{message, ns, pb};
use proptest::prelude::*;
use prost::Message as _;
use serde_json::Value;

pub(crate) const NOON: i64 = 1_714_536_125_123;

pub(crate) fn labels() -> Labels {
    let word = |text: &str| text.to_owned();
    Labels {
        lang: word("en"),
        account: word("account"),
        app: word("app"),
        server: word("server"),
        profile: word("profile"),
        exported: word("exported"),
        zone: word("time zone"),
        program: word("written by"),
        messages: word("messages"),
        first: word("first"),
        last: word("last"),
        extent: word("extent"),
        whole: word("complete"),
        part: word("incomplete"),
        image: word("image"),
        gif: word("moving image"),
        voice: word("voice"),
        video: word("video"),
        file: word("file"),
        place: word("place"),
        command: word("command"),
        custom: word("custom"),
        record: word("record"),
        thread: word("thread"),
        unknown: word("unknown"),
        damaged: word("damaged"),
        empty: word("(empty)"),
        recalled: word("recalled a message"),
        edited: word("edited"),
        replaced: word("replaced by moderation"),
        unfinished: word("not finished"),
        hidden: word("hidden"),
        bad_time: word("invalid time"),
        saved: word("saved as"),
        weekdays: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].map(word),
    }
}

pub(crate) fn options() -> Options {
    Options { zone: TimeZone::fixed(offset(8)), bom: false, raw_cells: false, lossless: true, labels: labels() }
}

pub(crate) fn scope() -> Scope {
    Scope {
        account: "kefu01".parse().unwrap(),
        app_key: "easemob-demo#roam".parse().unwrap(),
        api: "https://a1.example.test".to_owned(),
        profile: Some("shop".to_owned()),
        what: "everything with user_1029".to_owned(),
        exported_at: ServerTime(NOON + 3_600_000),
    }
}

pub(crate) fn peer() -> Peer {
    "user_1029".parse().unwrap()
}

/// A message as it comes back from a server that stores `body`, with the facts `meta` where there are any.
pub(crate) fn stored(n: u64, from: &str, body: Body, ext: Vec<(String, ExtValue)>, facts: Option<Value>) -> Message {
    let draft = Message {
        chat_type: ChatType::Single,
        from: from.to_owned(),
        to: "kefu01".to_owned(),
        body,
        ext,
        ..message::damaged(Bytes::new(), String::new())
    };
    let mut body = message::encode_body(&draft);
    body.meta = facts.map(|facts| facts.to_string().into());
    let meta = pb::Meta {
        id: Some(1_213_049_947_239_219_200 + n),
        timestamp: Some(NOON as u64 + n),
        ns: Some(ns::CHAT),
        payload: Some(body.encode_to_vec().into()),
        ..Default::default()
    };
    message::decode_meta(&meta.encode_to_vec().into()).unwrap()
}

pub(crate) fn text(words: &str) -> Message {
    stored(1, "user_1029", Body::Text { text: words.to_owned(), stream: None }, Vec::new(), None)
}

pub(crate) fn attachment(name: &str) -> Attachment {
    Attachment {
        url: "https://a1.example.test/o/a/chatfiles/1".to_owned(),
        secret: "SECRET-CANARY".to_owned(),
        name: name.to_owned(),
        bytes: 240_000,
    }
}

/// One of every kind, each with `words` wherever a server lets a person write.
pub(crate) fn every_kind(words: &str) -> Vec<Body> {
    let (word, file, size) = (words.to_owned(), attachment(words), Some(Size { width: 1280.0, height: 960.0 }));
    let pairs = vec![(word.clone(), ExtValue::Text(word.clone()))];
    let stream = Stream { kind: word.clone(), seq: 2, status: StreamStatus::InProgress };
    vec![
        Body::Text { text: word.clone(), stream: None },
        Body::Text { text: word.clone(), stream: Some(stream) },
        Body::Image { file: file.clone(), size, gif: false },
        Body::Audio { file: file.clone(), seconds: 12 },
        Body::Video { file: file.clone(), seconds: 72, size, thumb: Some(attachment("thumb")) },
        Body::File { file: file.clone() },
        Body::Location { latitude: 30.25, longitude: 120.14, address: word.clone(), building: word.clone() },
        Body::Command { action: word.clone(), params: pairs.clone() },
        Body::Custom { event: word.clone(), exts: pairs },
        Body::Combine { fallback: word.clone(), title: word.clone(), summary: word, level: 1, file },
        Body::Recalled { target: manyou::domain::MessageId(7) },
    ]
}

pub(crate) type Sent<'a> = (Message, Option<&'a str>, Option<Saved<'a>>);

/// An export of one conversation.
pub(crate) fn export_with(format: Format, options: Options, sent: &[Sent<'_>], complete: bool) -> (String, Totals) {
    let mut exporter = Exporter::start(format, Vec::new(), options, scope()).unwrap();
    let peer = peer();
    exporter
        .conversation(Heading { peer: &peer, name: Some("李娜"), whole: true, coverage: Some("back to 3 Apr") })
        .unwrap();
    for (message, name, saved) in sent {
        exporter.message(message, *name, *saved).unwrap();
    }
    let (bytes, totals) = exporter.finish(complete).unwrap();
    (String::from_utf8(bytes).unwrap(), totals)
}

pub(crate) fn export(format: Format, messages: &[Message]) -> String {
    let sent: Vec<Sent<'_>> = messages.iter().map(|m| (m.clone(), None, None)).collect();
    export_with(format, options(), &sent, true).0
}

/// The cells of a column, as the csv crate reads them.
pub(crate) fn column(csv: &str, name: &str) -> Vec<String> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let at = reader.headers().unwrap().iter().position(|head| head == name).unwrap();
    reader.records().map(|record| record.unwrap()[at].to_owned()).collect()
}

pub(crate) fn begins_a_formula(cell: &str) -> bool {
    cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

/// The tags of a page in order, with the names of their attributes and without their values. Whatever stands between quotes in a tag is a value,
/// as a browser sees it; a `<` that begins no tag is a finding.
pub(crate) fn tags(html: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = html;
    while let Some((_, after)) = rest.split_once('<') {
        assert!(after.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!'), "{after:.60}");
        let mut tag = String::new();
        let mut in_value = false;
        let end = after.find(|c| {
            in_value ^= c == '"';
            if !in_value && c != '>' {
                tag.push(c);
            }
            c == '>' && !in_value
        });
        found.push(tag);
        rest = &after[end.unwrap() + 1..];
    }
    found
}

/// What a browser shows for escaped text.
pub(crate) fn unescaped(html: &str) -> String {
    ["&lt;", "&gt;", "&quot;", "&#39;", "&amp;"]
        .into_iter()
        .zip(["<", ">", "\"", "'", "&"])
        .fold(html.to_owned(), |text, (from, to)| text.replace(from, to))
}

/// The words of the first paragraph of the first message of a page.
pub(crate) fn first_paragraph(html: &str) -> String {
    let (_, after) = html.split_once("<p dir=\"auto\">").unwrap();
    let (words, _) = after.split_once("</p>").unwrap();
    unescaped(words.split_once("  <span class=\"f\">").map_or(words, |(words, _)| words))
}

pub(crate) fn without_blanks(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

#[rustfmt::skip]
const PIECES: [&str; 92] = [
    "=", "+", "-", "@", "'", "\t", "\r", "\n", "\r\n", "\0", "\"", ",", ";", "＝", "漫游", "你好", "👨\u{200d}👩", "a", "1", "é", "    ", " ",
    "<", ">", "&", "&lt;", "&#60;", "</p>", "<script>", "<!--", "-->", "]]>", "<b>", "<i>",
    "[", "]", "(", ")", "](", "![", "http://x.y", "www.x.y", "a@b.c", "`", "```", "~~~", "~~", "*", "**", "_", "__", "#", "# ", "> ", "- ", "+ ",
    "1. ", "1) ", "|", "|-|", "---", "===", "***", "\\", "$", "$$", "^", ":", ": ", ":a:", "[^1]", "[^1]: ", "[x]: /u", "[[", "]]", "{", "{#i}",
    "a\n|-|\n", "a|b\n-|-\n1|2", "a|b\n|-|-|", "\n---\n", "\n===\n", "[x](y)", "![x](y)", "*a*", "_a_",
    "\u{1b}[2J", "\u{9b}", "\u{202e}", "\u{200b}", "\u{2028}", "\u{e0041}",
];

/// Any characters, those that mean something to a format far more often than chance would bring them.
pub(crate) fn odd() -> impl Strategy<Value = String> {
    let odd_character = prop::sample::select(
        "\u{7f}\u{85}\u{2066}\u{200d}\u{feff}\u{e000}\u{301}\u{fe0f}\u{5d0}\u{600}".chars().collect::<Vec<_>>(),
    );
    let piece = prop_oneof![
        9 => prop::sample::select(PIECES.to_vec()).prop_map(str::to_owned),
        1 => odd_character.prop_map(String::from),
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}
