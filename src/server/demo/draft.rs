//! From a line of a talk to a message: numbers filled in, kinds built, facts attached.

use bytes::Bytes;
use prost::Message as _;
use serde_json::{Value, json};

use super::rng::Rng;
use super::script::Line;
use super::shelf::{FILM_SECONDS, Shelf};
use super::timeline::{self, SECOND};
use crate::domain::{
    Attachment, Body, ChatType, ExtValue, Message, MessageId, Peer, ServerTime, Stream, StreamStatus, ThreadInfo,
};
use crate::server::db::seed::SeedMessage;
use crate::wire::message;

/// What is worn comes first, then what stands in a home.
const GOODS_ZH: [&str; 10] =
    ["雨衣", "亚麻衬衫", "针织开衫", "帆布鞋", "双肩包", "陶瓷杯", "台灯", "电热水壶", "折叠椅", "保温饭盒"];
const GOODS_EN: [&str; 8] =
    ["rain jacket", "linen shirt", "cardigan", "canvas shoes", "backpack", "mug set", "desk lamp", "camping chair"];
/// Goods at the beginning that come in S, M and L, and at the end that are for the home.
const SIZED: usize = 3;
const HOME: usize = 3;

/// The numbers one talk keeps to: the same order, amount and parcel from its first line to its last.
pub(super) struct Facts {
    order: String,
    parcel: String,
    amount: String,
    small: String,
    days: String,
    goods: &'static str,
    sized: &'static str,
    home: &'static str,
}

impl Facts {
    pub(super) fn new(rng: &mut Rng, time: ServerTime, english: bool) -> Self {
        let list: &[&'static str] = if english { &GOODS_EN } else { &GOODS_ZH };
        Self {
            order: format!("{}-{:04}", timeline::date(time.plus_ms(-4 * timeline::DAY)), rng.within(1000, 9999)),
            parcel: format!("LQ-{:04}-{:04}", rng.within(1000, 9999), rng.within(0, 9999)),
            amount: format!("{}.{}", rng.within(19, 680), ["00", "50", "90"][rng.within(0, 3) as usize]),
            small: format!("{}.{}", rng.within(6, 38), ["00", "50", "90"][rng.within(0, 3) as usize]),
            days: rng.within(2, 5).to_string(),
            goods: rng.pick(list).copied().unwrap_or_default(),
            sized: rng.pick(&list[..SIZED]).copied().unwrap_or_default(),
            home: rng.pick(&list[list.len() - HOME..]).copied().unwrap_or_default(),
        }
    }

    pub(super) fn fill(&self, text: &str) -> String {
        let mut out = text.replace("\\n", "\n");
        if out.contains('{') {
            for (mark, value) in [
                ("{o}", self.order.as_str()),
                ("{t}", &self.parcel),
                ("{n}", &self.amount),
                ("{s}", &self.small),
                ("{d}", &self.days),
                ("{p}", self.goods),
                ("{w}", self.sized),
                ("{h}", self.home),
            ] {
                out = out.replace(mark, value);
            }
        }
        out
    }
}

/// A message before it is encoded.
pub(super) struct Draft {
    pub(super) time: ServerTime,
    pub(super) from: String,
    pub(super) body: Body,
    pub(super) ext: Vec<(String, ExtValue)>,
    pub(super) facts: Option<Value>,
    /// Reaction and how many gave it.
    pub(super) reaction: Option<(String, usize)>,
}

impl Draft {
    /// A plain text.
    pub(super) fn text(time: ServerTime, from: &str, text: String) -> Self {
        let body = Body::Text { text, stream: None };
        Self { time, from: from.to_owned(), body, ext: Vec::new(), facts: None, reaction: None }
    }

    /// What `line` says, said by `from` at `time`.
    pub(super) fn of(line: Line, from: &str, time: ServerTime, facts: &Facts, shelf: &Shelf) -> Self {
        let text = facts.fill(line.text);
        let mut draft = Self::text(time, from, String::new());
        draft.body = match text.strip_prefix('[').and_then(|t| t.strip_suffix(']')) {
            Some(word) => kind(word, facts, shelf, time),
            None => Body::Text { text, stream: None },
        };
        draft.note(line.note);
        draft
    }

    fn note(&mut self, note: &str) {
        let (word, rest) = note.split_once(' ').unwrap_or((note, ""));
        match word {
            "edited" => {
                let edit = json!({"count": 1, "operator": self.from, "sender": self.from,
                    "edit_time": self.time.0 + 40 * SECOND, "send_time": self.time.0});
                self.facts = Some(json!({"edit_msg": edit}));
            }
            "thread" => {
                let id = (MessageId::at(self.time).0 >> 20).to_string();
                let thread = ThreadInfo { id, name: rest.to_owned(), message_count: 4 };
                let overview = json!({"id": thread.id, "name": thread.name, "message_count": thread.message_count,
                    "create_timestamp": self.time.0 + 60 * SECOND, "update_timestamp": self.time.0 + 600 * SECOND});
                self.facts = Some(json!({"thread_overview": overview}));
            }
            "translated" => {
                let (code, text) = rest.split_once(' ').unwrap_or((rest, ""));
                self.facts = Some(json!({"translations": [{"code": code, "text": text}]}));
            }
            "react" => {
                let (reaction, count) = rest.split_once(' ').unwrap_or((rest, "1"));
                self.reaction = Some((reaction.to_owned(), count.parse().unwrap_or(1)));
            }
            "ext" => self.ext = attributes(rest),
            "stream" => self.stream(rest),
            _ => {}
        }
    }

    fn stream(&mut self, part: &str) {
        if let Body::Text { stream, .. } = &mut self.body {
            let (seq, status) = if part == "full" { (1, StreamStatus::Full) } else { (0, StreamStatus::InProgress) };
            *stream = Some(Stream { kind: "text".to_owned(), seq, status });
        }
    }

    /// The row of the database. `low` is the part of the id below the millisecond.
    pub(super) fn seed(self, owner: &str, peer: &Peer, low: u64) -> SeedMessage {
        let to = if peer.chat_type != ChatType::Single || self.from == owner { peer.id() } else { owner };
        let message = Message {
            chat_type: peer.chat_type,
            from: self.from,
            to: to.to_owned(),
            body: self.body,
            ext: self.ext,
            ..message::damaged(Bytes::new(), String::new())
        };
        let mut body = message::encode_body(&message);
        if let Body::Unknown { kind } = &message.body {
            let content = crate::wire::pb::Content { r#type: kind.parse().ok(), ..Default::default() };
            body.contents.push(content);
        }
        let mut bytes = body.encode_to_vec();
        if matches!(message.body, Body::Damaged { .. }) {
            // A content (field 4) that promises more bytes than follow.
            bytes.extend([0x22, 0x7f, 0x08]);
        }
        SeedMessage {
            id: MessageId(MessageId::at(self.time).0 | low),
            time: self.time,
            peer_owner: owner.to_owned(),
            peer: peer.clone(),
            from: message.from,
            kind: message.body.kind().into(),
            body: bytes,
            facts: self.facts.map(|facts| facts.to_string()),
        }
    }
}

fn kind(words: &str, facts: &Facts, shelf: &Shelf, time: ServerTime) -> Body {
    let (word, rest) = words.split_once(' ').unwrap_or((words, ""));
    let (file, size) = shelf.attachment(match word {
        "img" | "file" | "voice" => rest,
        "gif" => "gif",
        "video" => "film",
        _ => "record",
    });
    match word {
        "img" | "gif" => Body::Image { file, size, gif: word == "gif" },
        "voice" => Body::Audio { file, seconds: rest.parse().unwrap_or(2) },
        "video" => {
            let thumb = Some(shelf.attachment("still").0);
            Body::Video { file, seconds: FILM_SECONDS as i32, size, thumb }
        }
        "file" => Body::File { file },
        "loc" => place(rest),
        "order" => order_card(facts),
        "cmd" => Body::Command {
            action: "ticket.refresh".to_owned(),
            params: vec![("ticket".to_owned(), ExtValue::Text(facts.order.clone()))],
        },
        "combine" => record(rest == "en", file),
        "recall" => Body::Recalled { target: MessageId(MessageId::at(time.plus_ms(-20 * SECOND)).0 | 7) },
        "unknown" => Body::Unknown { kind: "12".to_owned() },
        _ => Body::Damaged { reason: String::new() },
    }
}

/// Forwarded messages.
fn record(english: bool, file: Attachment) -> Body {
    let (fallback, title, summary) = if english {
        (
            "[Chat history] not shown by this version",
            "Chat history with the warehouse",
            "wh_02: Two boxes came back dented\n小漫: Please send both again, double boxed\nwh_02: Leaves at four 👍",
        )
    } else {
        (
            "[聊天记录] 当前版本无法查看",
            "仓库的聊天记录",
            "wh_02：那批杯子有三箱压坏了\n小漫：补寄的都加一层泡沫\nwh_02：好的，四点的车一起走 👍",
        )
    };
    Body::Combine { fallback: fallback.into(), title: title.into(), summary: summary.into(), level: 1, file }
}

fn place(name: &str) -> Body {
    let (latitude, longitude, address, building) = match name {
        "home" => (30.2592, 120.1418, "湖畔市西岸区示例街 25 号", "湖光小区"),
        "office" => (51.5, -0.12, "12 Sample Wharf, Exampleton", "Lantern House"),
        _ => (31.02, 121.4, "城东区模拟路 8 号", "城东集散点"),
    };
    Body::Location { latitude, longitude, address: address.to_owned(), building: building.to_owned() }
}

fn order_card(facts: &Facts) -> Body {
    let text = |key: &str, value: &str| (key.to_owned(), ExtValue::Text(value.to_owned()));
    Body::Custom {
        event: "order_card".to_owned(),
        exts: vec![
            text("order", &facts.order),
            text("title", facts.goods),
            text("amount", &facts.amount),
            text("status", "shipped"),
        ],
    }
}

fn attributes(name: &str) -> Vec<(String, ExtValue)> {
    let pair = |key: &str, value| (key.to_owned(), value);
    let nested = json!({"items": [{"sku": "CS-38-BL", "count": 2}, {"sku": "GIFT", "count": 1}],
        "agent": {"team": "after-sales", "shift": {"from": "09:00", "to": "21:00"}}});
    vec![
        pair("source", ExtValue::Text(name.to_owned())),
        pair("priority", ExtValue::Int(2)),
        pair("urgent", ExtValue::Bool(name == "ticket")),
        pair("score", ExtValue::Double(0.87)),
        pair("detail", ExtValue::Json(nested.to_string())),
    ]
}
