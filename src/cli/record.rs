//! Conversations and messages as columns for people, one line each; their JSON form is `domain`'s.

use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::fields::Fields;
use super::ink::Ink;
use crate::domain::{Body, ChatType, Conversation, Message, MessageId, Peer, ServerTime, UserId};
use crate::engine::Names;
use crate::i18n::Texts;
use crate::text::{fit, label, width};

/// Cells of a name: longer ones are cut, so that one of them cannot push everything else aside.
const NAME: usize = 24;
/// Cells of a column of ids. Scripts read ids from here: a longer one is never cut, it only moves its own row.
const IDS: usize = 32;
/// What stands where an entry that could not be read has no time, id or sender.
const UNKNOWN: &str = "?";

/// What lines are made with.
pub(super) struct Lines<'a> {
    pub(super) texts: &'a Texts,
    pub(super) zone: &'a TimeZone,
    pub(super) ink: Ink,
    pub(super) names: Names,
    pub(super) me: &'a UserId,
}

impl Lines<'_> {
    /// The conversation's JSON form with its name, where it has one.
    pub(super) fn conversation_record(&self, entry: &Conversation) -> Value {
        let mut record = entry.record();
        record["name"] = json!(self.name_of(&entry.peer));
        record
    }

    /// The message's JSON form with its sender's nickname, where it has one.
    pub(super) fn message_record(&self, message: &Message) -> Value {
        let mut record = message.record();
        record["from_name"] = json!(self.nickname(&message.from));
        record
    }

    /// The fields asked for of a conversation.
    pub(super) fn conversation_fields(&self, entry: &Conversation, fields: &Fields) -> Value {
        let last = entry.last.as_deref();
        fields.of(self.conversation_record(entry), |name| match (name, last) {
            ("last_text", Some(last)) => json!(self.words(last)),
            (_, Some(last)) => name.strip_prefix("last_").map_or(Value::Null, |name| last.record()[name].clone()),
            (_, None) => Value::Null,
        })
    }

    /// The fields asked for of a message.
    pub(super) fn message_fields(&self, message: &Message, fields: &Fields) -> Value {
        fields.of(self.message_record(message), |name| self.extra(message, name))
    }

    /// A field that is no part of the record itself.
    pub(super) fn extra(&self, message: &Message, name: &str) -> Value {
        if name == "text" { json!(self.words(message)) } else { Value::Null }
    }

    /// `PIN  PEER  NAME  UNREAD  TIME  last words`, columns as wide as their widest.
    pub(super) fn conversations(&self, entries: &[Conversation]) -> Vec<String> {
        let rows: Vec<[String; 4]> = entries.iter().map(|entry| self.cells(entry)).collect();
        let widest = |at: usize| rows.iter().map(|row| width(&row[at])).max().unwrap_or(0);
        let widths = [widest(0).min(IDS), widest(1), widest(2)];
        let line = |(entry, [peer, name, unread, words]): (&Conversation, &[String; 4])| {
            let pin = if entry.pinned { "*" } else { " " };
            let at = entry.last.as_ref().map_or_else(String::new, |m| self.sent_at(m));
            let at = fill(&at, 16);
            let at = if entry.waits(self.me.as_str()) { self.ink.wait(&at) } else { at };
            let mut cells = vec![format!("{pin} {}", fill(peer, widths[0]))];
            cells.extend((widths[1] > 0).then(|| self.ink.accent(&fill(name, widths[1]))));
            cells.extend((widths[2] > 0).then(|| self.ink.accent(&fill_left(unread, widths[2]))));
            cells.extend([at, words.clone()]);
            cells.join("  ").trim_end().to_owned()
        };
        entries.iter().zip(&rows).map(line).collect()
    }

    fn cells(&self, entry: &Conversation) -> [String; 4] {
        let name = fit(&label(self.name_of(&entry.peer).unwrap_or_default()).text, NAME).into_owned();
        let unread = match entry.unread {
            0 => String::new(),
            n => self.texts.tr("unread", &[("n", n.to_string().into())]),
        };
        let words = entry.last.as_ref().map_or_else(String::new, |m| self.inked(m));
        [entry.peer.to_string(), name, unread, words]
    }

    /// `TIME  ID  SENDER  words`; senders of one page are as wide as its widest.
    pub(super) fn messages(&self, page: &[Message]) -> Vec<String> {
        let senders: Vec<String> = page.iter().map(|m| self.sender(m)).collect();
        let widest = senders.iter().map(|sender| width(sender)).max().unwrap_or(0).min(IDS + NAME);
        let line = |(message, sender): (&Message, &String)| {
            let sender = fill(sender, widest);
            let sender = if self.is_mine(&message.from) { sender } else { self.ink.accent(&sender) };
            let at = fill(&self.sent_at(message), 16);
            let id = if message.id == MessageId(0) { UNKNOWN.to_owned() } else { message.id.to_string() };
            format!("{at}  {id:<20}  {sender}  {}", self.inked(message)).trim_end().to_owned()
        };
        page.iter().zip(&senders).map(line).collect()
    }

    /// The id, and the nickname after it where it says more.
    fn sender(&self, message: &Message) -> String {
        let id = label(&message.from).text;
        match self.nickname(&message.from).map(|name| fit(&label(name).text, NAME).into_owned()) {
            Some(name) if name != id => format!("{id} {name}"),
            _ if id.is_empty() => UNKNOWN.to_owned(),
            _ => id,
        }
    }

    fn nickname(&self, user: &str) -> Option<&str> {
        self.names.profiles.get(user).map(|p| p.nickname.as_str()).filter(|name| !name.is_empty())
    }

    /// The nickname and the id behind it; the id alone where there is no other name.
    pub(super) fn who(&self, peer: &Peer) -> String {
        let id = label(&peer.to_string()).text;
        match self.name_of(peer).map(|name| fit(&label(name).text, NAME).into_owned()) {
            Some(name) if name != id => format!("{name} ({id})"),
            _ => id,
        }
    }

    /// The nickname of a user, the name of a group.
    pub(super) fn name_of(&self, peer: &Peer) -> Option<&str> {
        match peer.chat_type {
            ChatType::Single => self.nickname(peer.id()),
            ChatType::Group => {
                self.names.groups.get(peer.id()).map(|g| g.name.as_str()).filter(|name| !name.is_empty())
            }
            ChatType::Room => None,
        }
    }

    fn is_mine(&self, from: &str) -> bool {
        from.eq_ignore_ascii_case(self.me.as_str())
    }

    fn sent_at(&self, message: &Message) -> String {
        if message.time == ServerTime(0) { UNKNOWN.to_owned() } else { self.moment(message.time) }
    }

    /// `2024-05-01 14:00` in the zone, or the raw number where that is no date.
    fn moment(&self, at: ServerTime) -> String {
        match at.timestamp() {
            Some(time) => time.to_zoned(self.zone.clone()).strftime("%Y-%m-%d %H:%M").to_string(),
            None => at.ms().to_string(),
        }
    }

    fn inked(&self, message: &Message) -> String {
        let words = self.words(message);
        if matches!(message.body, Body::Damaged { .. }) { self.ink.hot(&words) } else { words }
    }

    /// What a message says on one line, its kind in brackets first unless it is text.
    fn words(&self, message: &Message) -> String {
        let kind = |key: &str, more: &str| label(format!("[{}] {more}", self.texts.t(key)).trim_end()).text;
        match &message.body {
            Body::Text { text, .. } => label(text).text,
            Body::Image { file, .. } => kind("kind-image", &file.name),
            Body::Audio { seconds, .. } => kind("kind-voice", &format!("{seconds} s")),
            Body::Video { file, seconds, .. } => kind("kind-video", &format!("{} {seconds} s", file.name)),
            Body::File { file } => kind("kind-file", &file.name),
            Body::Location { address, building, .. } => kind("kind-place", format!("{building} {address}").trim()),
            Body::Command { action, .. } => kind("kind-command", action),
            Body::Custom { event, .. } => kind("kind-custom", event),
            Body::Combine { title, .. } => kind("kind-record", title),
            Body::Recalled { .. } => {
                self.texts.tr("recalled-by", &[("who", label(&message.from).text.as_str().into())])
            }
            Body::Unknown { kind: name } => kind("kind-unknown", name),
            Body::Damaged { reason } => kind("kind-damaged", reason),
        }
    }
}

/// Filled with blanks to `cells`; never cut, since scripts read ids from here.
fn fill(text: &str, cells: usize) -> String {
    format!("{text}{:1$}", "", cells.saturating_sub(width(text)))
}

fn fill_left(text: &str, cells: usize) -> String {
    format!("{:1$}{text}", "", cells.saturating_sub(width(text)))
}
