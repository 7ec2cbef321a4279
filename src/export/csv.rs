//! CSV for spreadsheets: one record a message, UTF-8, commas, CR LF, a row of names first.
//!
//! | column | |
//! | --- | --- |
//! | `time_local`, `time_utc` | RFC 3339 to the millisecond; empty where the number is no date |
//! | `time_ms` | milliseconds since 1970, as the server wrote them |
//! | `peer`, `peer_name` | the conversation, and its nickname or group name |
//! | `from`, `from_name`, `to` | ids, and the sender's nickname |
//! | `chat_type`, `type` | `single`, `group`, `room`; the kind, as in NDJSON |
//! | `text` | the words: text, title and summary of a record, place, command word, event name, reason of damage |
//! | `file_name`, `file_bytes`, `file_url` | the attachment as the sender named it |
//! | `saved_path`, `saved_sha256` | the attachment beside the export |
//! | `edits` | how often it was edited |
//! | `reactions`, `translations`, `thread`, `body`, `ext` | JSON as in NDJSON; empty where there is nothing more to say |
//! | `id` | the message's id, all its digits |
//!
//! A spreadsheet runs a cell that begins with `=`, `+`, `-`, `@`, a tab or a line break, or the full-width form of a sign. Such cells get an
//! apostrophe first, and so does one that has apostrophes before such a sign, so that taking one away gives the text back; one that begins with a
//! blank is text to them and stays. Controls other than tab and line breaks become control pictures or `<U+0080>`, and so do the signs that turn
//! the direction of all that follows (`<U+202E>`). With [`Options::raw_cells`](super::Options) neither is done. NUL is `\0` always.

use std::borrow::Cow;
use std::io;

use csv::{Terminator, WriterBuilder};
use serde_json::{Value, json};

use super::form::{Cx, Form, Line};
use super::{Heading, Totals, when};
use crate::domain::{Attachment, Body};

const COLUMNS: [&str; 23] = [
    "time_local",
    "time_utc",
    "time_ms",
    "peer",
    "peer_name",
    "from",
    "from_name",
    "to",
    "chat_type",
    "type",
    "text",
    "file_name",
    "file_bytes",
    "file_url",
    "saved_path",
    "saved_sha256",
    "edits",
    "reactions",
    "translations",
    "thread",
    "body",
    "ext",
    "id",
];

/// The names of the first columns, by which the table is known again.
pub(super) fn head() -> String {
    COLUMNS[..4].join(",")
}

/// The table.
pub(super) struct Csv;

impl Form for Csv {
    fn start(&mut self, to: &mut Vec<u8>, cx: &Cx) -> io::Result<()> {
        if cx.options.bom {
            to.extend_from_slice("\u{feff}".as_bytes());
        }
        write(to, COLUMNS)
    }

    fn conversation(&mut self, _: &mut Vec<u8>, _: &Cx, _: &Heading<'_>) -> io::Result<()> {
        Ok(())
    }

    fn message(&mut self, to: &mut Vec<u8>, cx: &Cx, line: &Line<'_>) -> io::Result<()> {
        let message = line.message;
        let is_plain = matches!(message.body, Body::Text { stream: None, .. });
        let is_bare = message.ext.is_empty() && message.reactions.is_empty() && message.translations.is_empty();
        let says_more = !is_plain || !is_bare || message.thread.is_some();
        let record = if says_more { message.record() } else { Value::Null };
        let field = |key: &str| as_json(&record[key]);
        let file = message.body.file();
        let of_file = |get: fn(&Attachment) -> String| file.map(get).unwrap_or_default();
        let cells: [String; COLUMNS.len()] = [
            when::local(message.time, &cx.options.zone).unwrap_or_default(),
            when::utc(message.time).unwrap_or_default(),
            message.time.ms().to_string(),
            line.peer.to_string(),
            line.peer_name.unwrap_or_default().to_owned(),
            message.from.clone(),
            line.from_name.unwrap_or_default().to_owned(),
            message.to.clone(),
            json!(message.chat_type).as_str().unwrap_or_default().to_owned(),
            message.body.kind().to_string(),
            words(&message.body),
            of_file(|f| f.name.clone()),
            of_file(|f| if f.bytes == 0 { String::new() } else { f.bytes.to_string() }),
            of_file(|f| f.url.clone()),
            line.saved.map(|s| s.path_in_folder.to_owned()).unwrap_or_default(),
            line.saved.map(|s| s.sha256.to_owned()).unwrap_or_default(),
            message.edit.as_ref().map(|e| e.count.to_string()).unwrap_or_default(),
            field("reactions"),
            field("translations"),
            field("thread"),
            if is_plain { String::new() } else { field("body") },
            field("ext"),
            message.id.to_string(),
        ];
        write(to, cells.iter().map(|text| cell(text, cx.options.raw_cells)).map(Bytes))
    }

    fn finish(&mut self, _: &mut Vec<u8>, _: &Cx, _: &Totals) -> io::Result<()> {
        Ok(())
    }
}

struct Bytes<'a>(Cow<'a, str>);

impl AsRef<[u8]> for Bytes<'_> {
    fn as_ref(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

fn write<C: AsRef<[u8]>>(to: &mut Vec<u8>, cells: impl IntoIterator<Item = C>) -> io::Result<()> {
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).buffer_capacity(1024).from_writer(to);
    writer.write_record(cells)?;
    writer.flush()
}

/// JSON of a value that says something.
fn as_json(value: &Value) -> String {
    let is_empty = match value {
        Value::Null => true,
        Value::Object(fields) => fields.is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    };
    if is_empty { String::new() } else { value.to_string() }
}

/// What a body says, in no language.
fn words(body: &Body) -> String {
    let joined =
        |parts: &[&str], by: &str| parts.iter().copied().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(by);
    match body {
        Body::Text { text, .. } => text.clone(),
        Body::Image { .. } | Body::Audio { .. } | Body::Video { .. } | Body::File { .. } => String::new(),
        Body::Location { latitude, longitude, address, building } => {
            joined(&[building, address, &format!("{latitude}, {longitude}")], "\n")
        }
        Body::Command { action, .. } => action.clone(),
        Body::Custom { event, .. } => event.clone(),
        Body::Combine { fallback, title, summary, .. } => {
            let says_more = !title.is_empty() || !summary.is_empty();
            if says_more { joined(&[title, summary], "\n") } else { fallback.clone() }
        }
        Body::Recalled { .. } => String::new(),
        Body::Unknown { kind } => kind.clone(),
        Body::Damaged { reason } => reason.clone(),
    }
}

const STARTS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// A text as a cell.
fn cell(text: &str, raw: bool) -> Cow<'_, str> {
    if raw {
        return if text.contains('\0') { text.replace('\0', "\\0").into() } else { text.into() };
    }
    let shown = if text.chars().any(acts) { visible(text).into() } else { Cow::Borrowed(text) };
    if shown.trim_start_matches('\'').starts_with(STARTS) { format!("'{shown}").into() } else { shown }
}

/// Whether a terminal or a spreadsheet that is shown the file would act on it.
fn acts(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        || (c.is_control() && !matches!(c, '\t' | '\n' | '\r'))
}

fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\0' => out.push_str("\\0"),
            c if !acts(c) => out.push(c),
            '\u{7f}' => out.push('\u{2421}'),
            '\u{1}'..='\u{1f}' => out.extend(char::from_u32(0x2400 + u32::from(c))),
            c => out.push_str(&format!("<U+{:04X}>", u32::from(c))),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_begins_as_a_formula_and_each_gives_its_text_back() {
        for text in ["=1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", "＝1", "'=1", "''+1"] {
            let cell = cell(text, false);
            assert_eq!(cell.strip_prefix('\''), Some(text), "{cell:?}");
        }
        for text in ["", "a=1", " =1", "%0A=1", "'a", "1-1", "漫游"] {
            assert_eq!(cell(text, false), text);
        }
        assert_eq!(cell("=1\u{1b}", true), "=1\u{1b}");
    }

    #[test]
    fn nothing_in_a_cell_acts_on_a_terminal() {
        assert_eq!(cell("a\0b\u{1b}[2J\u{9b}2J\u{7f}\r\n", false), "a\\0b␛[2J<U+009B>2J␡\r\n");
        assert_eq!(cell("a\0b", true), "a\\0b");
        assert_eq!(cell("a\u{202e}gpj.exe\u{2066}x\u{2069}", false), "a<U+202E>gpj.exe<U+2066>x<U+2069>");
        assert_eq!(cell("\u{5d0}\u{200f}-1", false), "\u{5d0}\u{200f}-1");
    }
}
