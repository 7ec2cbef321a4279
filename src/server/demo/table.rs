//! Who is in the shop's conversation list: reads `assets/demo/conversations.txt`.

use std::collections::HashMap;

use super::people::{CROWD, crowd};
use super::{AGENT, timeline};
use crate::domain::{ChatType, Peer};

const TABLE: &str = include_str!("../../../assets/demo/conversations.txt");
const HOSTILE: &str = include_str!("../../../assets/demo/hostile.jsonl");

/// One conversation of the shop's account.
pub(super) struct Row {
    /// Its number; part of its messages' ids.
    pub(super) number: u64,
    pub(super) peer: Peer,
    /// Nickname, or the group's name; may be empty or hostile.
    pub(super) name: String,
    /// How old its newest message is, in milliseconds.
    pub(super) age: i64,
    pub(super) pinned: bool,
    pub(super) unread: u32,
    pub(super) said: Said,
    /// How many members a group or room has, and who they are first.
    pub(super) members: (usize, Vec<&'static str>),
}

/// What was said in a conversation.
pub(super) enum Said {
    /// Nothing.
    Nothing,
    /// Talks of one file: the newest one by name, and how many came before it.
    Talks { file: &'static str, last: &'static str, earlier: usize },
    /// The conversation that goes on and on.
    Long,
    /// Texts that attack a terminal.
    Hostile,
}

/// All rows; a line that cannot be read is left out (a test counts them).
pub(super) fn rows() -> Vec<Row> {
    let names: HashMap<String, String> = hostile("name").collect();
    let lines = TABLE.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    lines.zip(1..).filter_map(|(line, number)| row(line, number, &names)).collect()
}

fn row(line: &'static str, number: u64, names: &HashMap<String, String>) -> Option<Row> {
    let fields: Vec<&'static str> = line.split(" | ").map(str::trim).collect();
    let [id, name, age, unread, said, rest @ ..] = fields.as_slice() else { return None };
    let (age, pin) = age.split_once(' ').unwrap_or((age, ""));
    let name = name.strip_prefix('~').map_or_else(|| Some((*name).to_owned()), |key| names.get(key).cloned())?;
    let mut members = rest.first().copied().unwrap_or_default().split_whitespace();
    let count = members.next().and_then(|n| n.parse().ok()).unwrap_or_default();
    Some(Row {
        number,
        peer: id.parse().ok()?,
        name,
        age: timeline::age(age)?,
        pinned: pin == "pin",
        unread: unread.parse().ok()?,
        said: said_of(said)?,
        members: (count, members.collect()),
    })
}

fn said_of(text: &'static str) -> Option<Said> {
    let mut words = text.split_whitespace();
    Some(match words.next()? {
        "long" => Said::Long,
        "hostile" => Said::Hostile,
        "empty" => Said::Nothing,
        file => {
            Said::Talks { file, last: words.next()?, earlier: words.next().and_then(|n| n.parse().ok()).unwrap_or(0) }
        }
    })
}

/// The hostile samples that have `field` (`text` or `name`), each after its id.
pub(super) fn hostile(field: &'static str) -> impl Iterator<Item = (String, String)> {
    HOSTILE.lines().filter_map(move |line| {
        let case: serde_json::Value = serde_json::from_str(line).ok()?;
        Some((case["id"].as_str()?.to_owned(), case[field].as_str()?.to_owned()))
    })
}

impl Row {
    /// Whether it is with one user.
    pub(super) fn is_single(&self) -> bool {
        self.peer.chat_type == ChatType::Single
    }

    /// The members of a group: the shop's account, those the table names, and a stretch of the crowd of its own.
    pub(super) fn everybody(&self) -> Vec<String> {
        let (count, named) = &self.members;
        let from = self.number as usize * 23 % (CROWD + 1).saturating_sub(*count).max(1);
        let crowd = (from..CROWD).map(|n| crowd(n).0);
        let named = named.iter().map(|id| (*id).to_owned());
        std::iter::once(AGENT.to_owned()).chain(named).chain(crowd).take(*count).collect()
    }

    /// Those of them who talk: at most seven.
    pub(super) fn speakers(&self) -> Vec<String> {
        let mut members = self.everybody();
        members.truncate(7);
        members
    }
}
