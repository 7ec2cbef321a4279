//! Messages, an index of them, and texts of many scripts.

use bytes::Bytes;
use manyou::domain::{Body, ChatType, ExtValue, Message, MessageId, Peer, ServerTime};
use manyou::text::search::{FTS_OPTIONS, Plan, Query, Script, Searchable, index_text};
use proptest::prelude::*;
use rusqlite::Connection;

pub(crate) fn message(body: Body) -> Message {
    let from_to = ["alice".to_owned(), "kefu01".to_owned()];
    Message::plain(MessageId(1), ChatType::Single, from_to, ServerTime(1_714_572_000_000), body, Bytes::new())
}

pub(crate) fn said(text: &str) -> Message {
    message(Body::Text { text: text.to_owned(), stream: None })
}

/// What was said first, and the rest as attributes.
pub(crate) fn in_parts(texts: &[String]) -> Message {
    let mut message = said(&texts[0]);
    message.ext = texts[1..].iter().map(|text| (String::from("key"), ExtValue::Text(text.clone()))).collect();
    message
}

pub(crate) fn query(typed: &str, script: Script) -> Query {
    Query::parse(typed, script, |text| text.parse().ok().map(ServerTime))
}

pub(crate) fn matches(query: &Query, message: &Message) -> bool {
    let peer = "group:g7".parse::<Peer>().unwrap();
    query.matches(&Searchable { message, sender_name: "王小明", peer: &peer, peer_name: "售后 Team" })
}

/// The table that [`Query::fts`] speaks to.
pub(crate) struct Index(Connection);

impl Index {
    pub(crate) fn of(messages: &[Message]) -> Self {
        let index = Self(Connection::open_in_memory().unwrap());
        let tables = format!(
            "CREATE TABLE messages(rowid INTEGER PRIMARY KEY, raw BLOB);
             CREATE VIRTUAL TABLE search USING fts5(words, content = 'messages', {FTS_OPTIONS});
             INSERT INTO search(search, rank) VALUES ('secure-delete', 1);"
        );
        index.0.execute_batch(&tables).unwrap();
        for (row, message) in messages.iter().enumerate() {
            index
                .0
                .execute("INSERT INTO search(rowid, words) VALUES (?1, ?2)", (row as i64, index_text(message)))
                .unwrap();
        }
        index
    }

    pub(crate) fn remove(&self, row: usize, message: &Message) {
        let sql = "INSERT INTO search(search, rowid, words) VALUES ('delete', ?1, ?2)";
        self.0.execute(sql, (row as i64, index_text(message))).unwrap();
        self.0.execute("INSERT INTO search(search) VALUES ('integrity-check')", ()).unwrap();
    }

    /// The rows an expression finds.
    pub(crate) fn hits(&self, expression: &str) -> Vec<usize> {
        let mut rows = self.0.prepare("SELECT rowid FROM search WHERE search MATCH ?1 ORDER BY rowid").unwrap();
        rows.query_map([expression], |row| row.get::<_, i64>(0)).unwrap().map(|row| row.unwrap() as usize).collect()
    }

    /// The rows a query finds, hits looked at again where the plan asks for that.
    pub(crate) fn answer(&self, query: &Query, messages: &[Message]) -> Vec<usize> {
        match query.fts() {
            Plan::Nothing => Vec::new(),
            Plan::Scan => (0..messages.len()).filter(|&row| matches(query, &messages[row])).collect(),
            Plan::Match(expression) => {
                self.hits(&expression).into_iter().filter(|&row| matches(query, &messages[row])).collect()
            }
        }
    }
}

/// Pieces that meet, fold, compose and vanish in all the ways that matter; few, so that queries often hit.
#[rustfmt::skip]
const PIECES: &[&str] = &[
    "退", "款", "发", "發", "髮", "订", "訂", "单", "單", "的", "后", "後", "𠮷", "豈", "\u{F900}", "あ", "か", "が", "ｶ", "ﾞ", "カ",
    "\u{3099}", "한", "\u{1112}", "\u{1161}", "\u{11AB}", "ก", "็", "ㄅ", "a", "A", "ａ", "b", "ref", "REFUND",
    "refund", "İ", "i", "I", "\u{307}", "é", "e", "\u{301}", "\u{327}", "ß", "ς", "Σ", "д", "Д", "न", "न्म", "ཀ",
    "\u{F71}", "\u{F73}", "\u{F80}", "म", "स", "्", "ت", "1", "２", "90", "²", "①", " ", " ", " ", "\u{3000}", "\n",
    "\t", "\u{A0}", ",", "，", ".", "。", "、", "-", "_", "@", "*", "\"", "'", "(", ")", ":", "：", "^", "{", "}", "+",
    "%", "\\", "!", "！", "$", "AND", "OR", "NOT", "NEAR(", "\0", "\u{1B}", "\u{7F}", "\u{85}", "\u{9B}",
    "\u{200B}", "\u{200D}", "\u{AD}", "\u{202E}", "\u{2060}", "\u{FEFF}", "\u{FE0F}", "\u{E0067}", "👍", "🏽", "👩",
    "💻", "❤", "🇨", "🇳", "🇸", "\u{20E3}", "\u{FDFA}", "\u{E000}", "\u{378}", "\u{FFFE}", "石",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "\u{2F6F}", "words",
];

fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        20 => prop::sample::select(PIECES).prop_map(str::to_owned),
        // The first few meet most often, as the words of a language do.
        10 => prop::sample::select(&PIECES[..10]).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ]
}

pub(crate) fn text(pieces: std::ops::Range<usize>) -> impl Strategy<Value = String> {
    prop::collection::vec(piece(), pieces).prop_map(|pieces| pieces.concat())
}

/// A text that knows nothing of our pieces.
pub(crate) fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![text(0..40), prop::collection::vec(any::<char>(), 0..12).prop_map(String::from_iter)]
}

pub(crate) fn script() -> impl Strategy<Value = Script> {
    prop::sample::select(&[Script::Either, Script::AsTyped][..])
}
