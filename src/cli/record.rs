//! Conversations and messages as columns for people; their JSON form is `domain`'s.

use jiff::tz::TimeZone;

use crate::domain::{Body, Conversation, Message, ServerTime};
use crate::text::label;

/// `PEER  UNREAD  TIME  last words`, peers in 26 cells.
pub(super) fn conversation_line(entry: &Conversation, zone: &TimeZone) -> String {
    let peer = entry.peer.to_string();
    let pin = if entry.pinned { '*' } else { ' ' };
    let at = entry.last.as_ref().map_or_else(String::new, |m| shown_time(m.time, zone));
    let words = entry.last.as_ref().map_or_else(String::new, |m| label(&words(&m.body)).text);
    format!("{pin} {peer:<26}  {:>4}  {at:<16}  {words}", entry.unread).trim_end().to_owned()
}

/// `TIME  SENDER  words  ID`, with breaks of the words indented below them.
pub(super) fn message_line(message: &Message, zone: &TimeZone) -> String {
    let (at, from) = (shown_time(message.time, zone), label(&message.from).text);
    let clean = crate::text::body(&words(&message.body)).text;
    let indented = clean.replace('\n', &format!("\n{:1$}", "", 54));
    format!("{at:<16}  {:<20}  {from:<12}  {indented}", message.id.to_string()).trim_end().to_owned()
}

/// `2024-05-01 14:00` in `zone`, or the raw number where that is no date.
fn shown_time(at: ServerTime, zone: &TimeZone) -> String {
    match at.timestamp() {
        Some(time) => time.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string(),
        None => at.ms().to_string(),
    }
}

/// What a message says, its kind first unless it is text. Hostile until sanitized.
fn words(body: &Body) -> String {
    let place = |building: &str, address: &str| [building, address].join(" ");
    match body {
        Body::Text { text, .. } => text.clone(),
        Body::Image { file, .. } => format!("image {}", file.name),
        Body::Audio { seconds, .. } => format!("voice {seconds} s"),
        Body::Video { file, seconds, .. } => format!("video {} {seconds} s", file.name),
        Body::File { file } => format!("file {} {} B", file.name, file.bytes),
        Body::Location { address, building, .. } => format!("place {}", place(building, address)),
        Body::Command { action, .. } => format!("command {action}"),
        Body::Custom { event, .. } => format!("custom {event}"),
        Body::Combine { title, .. } => format!("record {title}"),
        Body::Recalled { target } => format!("recalled {target}"),
        Body::Unknown { kind } => format!("unknown kind {kind}"),
        Body::Damaged { reason } => format!("damaged: {reason}"),
    }
}
