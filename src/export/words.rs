//! What a message says to a person, in no format: safe letters, kind by kind. The formats only lay it out.

use super::Labels;
use super::form::{Cx, Line};
use crate::domain::{Attachment, Body, ExtValue, Message, Size, StreamStatus};
use crate::text::{body, label, thousands};

/// A paragraph. All texts are clean; only `words` may have line breaks, and never ends with one.
pub(super) struct Part {
    /// A muted word first: the kind, or a language; may be empty.
    pub(super) kind: String,
    /// The words, or the name of a file, place or event.
    pub(super) words: String,
    /// Muted facts behind.
    pub(super) facts: Vec<String>,
    /// How the words stand.
    pub(super) tone: Tone,
}

/// How words stand.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    /// What somebody wrote.
    Plain,
    /// The name of an attachment, which may be saved.
    File,
    /// Ours, or a fact.
    Muted,
}

/// Who a message is from.
pub(super) struct Who {
    /// Nickname, or the id where there is none.
    pub(super) name: String,
    /// The id, where the name is not it.
    pub(super) id: Option<String>,
}

/// Name and id, clean and on one row.
pub(super) fn who(id: &str, name: Option<&str>) -> Who {
    let clean = |raw: &str| label(raw).text.trim().to_owned();
    let id = Some(clean(id)).filter(|id| !id.is_empty()).unwrap_or_else(|| "?".to_owned());
    match name.map(clean).filter(|name| !name.is_empty() && *name != id) {
        Some(name) => Who { name, id: Some(id) },
        None => Who { name: id, id: None },
    }
}

/// All paragraphs of a message; at least one.
pub(super) fn parts(line: &Line<'_>, cx: &Cx) -> Vec<Part> {
    let (message, labels) = (line.message, &cx.options.labels);
    let mut parts = vec![content(&message.body, labels)];
    parts[0].facts.extend(badges(message, cx));
    parts.extend(record_lines(&message.body));
    parts.extend(message.translations.iter().map(|t| part(&label(&t.code).text, body(&t.text).text, Tone::Muted)));
    if let Some(thread) = &message.thread {
        let name = if thread.name.is_empty() { &thread.id } else { &thread.name };
        let mut part = part(&labels.thread, label(name).text, Tone::Plain);
        part.facts = vec![format!("{} {}", thousands(thread.message_count), labels.messages)];
        parts.push(part);
    }
    parts
}

/// `👍 2`, one for each reaction.
pub(super) fn reactions(message: &Message) -> Vec<String> {
    message.reactions.iter().map(|r| format!("{} {}", label(&r.reaction).text, r.count)).collect()
}

fn part(kind: &str, words: String, tone: Tone) -> Part {
    Part { kind: kind.to_owned(), words: words.trim_end_matches('\n').to_owned(), facts: Vec::new(), tone }
}

fn content(message: &Body, labels: &Labels) -> Part {
    let named = |kind: &str, name: &str, tone, facts: Vec<String>| {
        let facts = facts.into_iter().filter(|fact| !fact.is_empty()).collect();
        Part { facts, ..part(kind, label(name).text, tone) }
    };
    let attached =
        |kind: &str, file: &Attachment, facts: &[String]| named(kind, &file.name, Tone::File, facts.to_vec());
    match message {
        Body::Text { text, stream } => words(text, stream.as_ref().map(|s| s.status), labels),
        Body::Image { file, size, gif } => {
            let kind = if *gif { &labels.gif } else { &labels.image };
            attached(kind, file, &[bytes(file.bytes), pixels(*size)])
        }
        Body::Audio { file, seconds } => attached(&labels.voice, file, &[duration(*seconds), bytes(file.bytes)]),
        Body::Video { file, seconds, size, .. } => {
            attached(&labels.video, file, &[duration(*seconds), bytes(file.bytes), pixels(*size)])
        }
        Body::File { file } => attached(&labels.file, file, &[bytes(file.bytes)]),
        Body::Location { latitude, longitude, address, building } => {
            let name = [building, address].map(|text| label(text).text).into_iter().filter(|text| !text.is_empty());
            let name = name.collect::<Vec<_>>().join(" · ");
            named(&labels.place, &name, Tone::Plain, vec![format!("{latitude}, {longitude}")])
        }
        Body::Command { action, params } => named(&labels.command, action, Tone::Plain, values(params)),
        Body::Custom { event, exts } => named(&labels.custom, event, Tone::Plain, values(exts)),
        Body::Combine { title, fallback, .. } => {
            named(&labels.record, if title.is_empty() { fallback } else { title }, Tone::File, Vec::new())
        }
        Body::Recalled { .. } => part("", labels.recalled.clone(), Tone::Muted),
        Body::Unknown { kind } => named(&labels.unknown, kind, Tone::Muted, Vec::new()),
        Body::Damaged { reason } => named(&labels.damaged, reason, Tone::Muted, Vec::new()),
    }
}

fn words(text: &str, stream: Option<StreamStatus>, labels: &Labels) -> Part {
    let clean = body(text);
    let mut part = part("", clean.text, Tone::Plain);
    if part.words.trim().is_empty() {
        (part.words, part.tone) = (labels.empty.clone(), Tone::Muted);
    }
    if clean.hidden > 0 {
        part.facts.push(format!("{} {}", clean.hidden, labels.hidden));
    }
    if matches!(stream, Some(StreamStatus::Start | StreamStatus::InProgress)) {
        part.facts.push(labels.unfinished.clone());
    }
    part
}

/// The first lines of a forwarded record.
fn record_lines(message: &Body) -> Option<Part> {
    let Body::Combine { summary, .. } = message else { return None };
    Some(part("", body(summary).text, Tone::Muted)).filter(|part| !part.words.trim().is_empty())
}

fn badges(message: &Message, cx: &Cx) -> Vec<String> {
    let labels = &cx.options.labels;
    let mut out = Vec::new();
    out.extend(message.edit.is_some().then(|| labels.edited.clone()));
    out.extend(message.replaced.then(|| labels.replaced.clone()));
    out.extend((!cx.is_valid(message.time)).then(|| format!("{} {}", labels.bad_time, message.time.ms())));
    out
}

fn values(pairs: &[(String, ExtValue)]) -> Vec<String> {
    let shown = |value: &ExtValue| match value {
        ExtValue::Bool(v) => v.to_string(),
        ExtValue::Int(v) => v.to_string(),
        ExtValue::Float(v) => v.to_string(),
        ExtValue::Double(v) => v.to_string(),
        ExtValue::Text(v) | ExtValue::Json(v) => v.clone(),
    };
    pairs.iter().map(|(key, value)| label(&format!("{key}: {}", shown(value))).text).collect()
}

fn pixels(size: Option<Size>) -> String {
    size.map_or_else(String::new, |s| format!("{:.0}×{:.0}", s.width, s.height))
}

/// `240 KB`, `6.2 MB`; nothing for an unknown length.
fn bytes(n: u64) -> String {
    match n {
        0 => String::new(),
        1..1000 => format!("{n} B"),
        1000..999_500 => format!("{:.0} KB", n as f64 / 1e3),
        999_500..999_500_000 => format!("{:.1} MB", n as f64 / 1e6),
        _ => format!("{:.1} GB", n as f64 / 1e9),
    }
}

/// `0:12`, `1:02:03`.
fn duration(seconds: i32) -> String {
    let s = i64::from(seconds.max(0));
    if s < 3600 {
        format!("{}:{:02}", s / 60, s % 60)
    } else {
        format!("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60)
    }
}
