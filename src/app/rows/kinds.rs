//! What a message says, kind by kind: words first, then the facts a person wants to know.

use super::ink::Ink;
use super::{RowsCx, when};
use crate::app::timeline::Entry;
use crate::domain::{Attachment, Body, ExtValue, Message, Size, StreamStatus};
use crate::text::{self, search::Query, wrap::Span};

/// A paragraph of a message: wrapped, or kept on one row.
pub(super) struct Part {
    pub(super) spans: Vec<Span<Ink>>,
    pub(super) wraps: bool,
}

/// Bytes of a text that are laid out at most; the detail shows the rest.
const LONGEST: usize = 48 * 1024;
/// Reactions and translations laid out at most; the detail has them all.
const LISTED: usize = 50;

pub(super) fn span(text: impl Into<String>, style: Ink) -> Span<Ink> {
    Span { text: text.into(), style }
}

/// A message in one row, for previews and lists: kind word and name, or the words.
#[must_use]
pub fn summary(cx: &RowsCx<'_>, message: &Message) -> Vec<Span<Ink>> {
    let mut spans = content(cx, message, &Query::default()).into_iter().next().map_or_else(Vec::new, |part| part.spans);
    for span in &mut spans {
        span.text = span.text.replace('\n', " ");
    }
    spans
}

pub(super) fn parts(cx: &RowsCx<'_>, entry: &Entry, find: &Query) -> Vec<Part> {
    let message = &*entry.message;
    let mut parts = content(cx, message, find);
    if let Some(first) = parts.first_mut() {
        first.spans.extend(badges(cx, entry));
    }
    parts.extend(message.translations.iter().take(LISTED).map(|t| Part {
        spans: vec![
            span(format!("{}  ", text::label(&t.code).text), Ink::Muted),
            span(text::body(cut_bytes(&t.text).0).text, Ink::Muted),
        ],
        wraps: true,
    }));
    if let Some(thread) = &message.thread {
        let name = if thread.name.is_empty() { &thread.id } else { &thread.name };
        let count = cx.tr("thread-count", &[("n", when::thousands(thread.message_count).into())]);
        parts.push(row(vec![
            span(format!("{}  ", cx.t("kind-thread")), Ink::Muted),
            span(text::label(name).text, Ink::Text),
            span(format!(" · {count}"), Ink::Muted),
        ]));
    }
    if !message.reactions.is_empty() {
        let mut spans = Vec::new();
        for reaction in message.reactions.iter().take(LISTED) {
            if !spans.is_empty() {
                spans.push(span("  ", Ink::Text));
            }
            spans.push(span(format!(" {} {} ", text::label(&reaction.reaction).text, reaction.count), Ink::Chip));
        }
        if message.reactions.len() > LISTED {
            spans.push(span(format!("  +{}", message.reactions.len() - LISTED), Ink::Muted));
        }
        parts.push(Part { spans, wraps: true });
    }
    parts
}

fn row(spans: Vec<Span<Ink>>) -> Part {
    Part { spans, wraps: false }
}

/// Short words behind the content: edited, replaced, a bad time, another version.
fn badges(cx: &RowsCx<'_>, entry: &Entry) -> Vec<Span<Ink>> {
    let message = &*entry.message;
    let mut out = Vec::new();
    let mut badge = |text: String, ink| out.push(span(format!("  {text}"), ink));
    if message.edit.is_some() {
        badge(cx.t("badge-edited"), Ink::Muted);
    }
    if message.replaced {
        badge(cx.t("badge-replaced"), Ink::Wait);
    }
    if entry.conflict.is_some() {
        badge(cx.t("badge-conflict"), Ink::Wait);
    }
    if !message.time.is_valid_at(cx.state.now.wall) {
        badge(cx.tr("badge-bad-time", &[("raw", message.time.ms().to_string().into())]), Ink::Wait);
    }
    out
}

fn content(cx: &RowsCx<'_>, message: &Message, find: &Query) -> Vec<Part> {
    match &message.body {
        Body::Text { text, stream } => {
            let mut part = words(cx, text, find);
            if let Some(stream) = stream {
                let key = match stream.status {
                    StreamStatus::Start | StreamStatus::InProgress => Some("badge-stream-running"),
                    StreamStatus::Completed | StreamStatus::Full => None,
                };
                part.spans.extend(key.map(|key| span(format!("  {}", cx.t(key)), Ink::Muted)));
            }
            vec![part]
        }
        Body::Image { file, size, gif } => {
            let kind = if *gif { "kind-gif" } else { "kind-image" };
            vec![attached(cx, kind, file, &[when::bytes(file.bytes), pixels(*size)], find)]
        }
        Body::Audio { file, seconds } => {
            vec![facts(cx, "kind-voice", &when::duration(*seconds), &[when::bytes(file.bytes)], find)]
        }
        Body::Video { file, seconds, size, .. } => {
            let more = [when::duration(*seconds), when::bytes(file.bytes), pixels(*size)];
            vec![attached(cx, "kind-video", file, &more, find)]
        }
        Body::File { file } => vec![attached(cx, "kind-file", file, &[when::bytes(file.bytes)], find)],
        Body::Location { latitude, longitude, address, building } => {
            let place = [building, address].map(|t| text::label(t).text).into_iter().filter(|t| !t.is_empty());
            let name = place.collect::<Vec<_>>().join(" · ");
            let mut part = facts(cx, "kind-place", &name, &[format!("{latitude:.4}, {longitude:.4}")], find);
            part.wraps = true;
            vec![part]
        }
        Body::Command { action, params } => {
            vec![facts(cx, "kind-command", &text::label(action).text, &values(params), find)]
        }
        Body::Custom { event, exts } => {
            let mut part = facts(cx, "kind-custom", &text::label(event).text, &values(exts), find);
            part.wraps = true;
            vec![part]
        }
        Body::Combine { title, summary, fallback, .. } => record(cx, title, summary, fallback, find),
        Body::Recalled { .. } => {
            let who = cx.name_of(&message.from);
            let key = if message.from == cx.state.me() { "recalled-by-me" } else { "recalled-by" };
            vec![row(vec![span(cx.tr(key, &[("who", who.into())]), Ink::Muted)])]
        }
        Body::Unknown { kind } => {
            vec![facts(cx, "kind-unknown", &text::label(kind).text, &[cx.t("unknown-hint")], find)]
        }
        Body::Damaged { reason } => vec![row(vec![
            span(format!("{}  ", cx.t("kind-damaged")), Ink::Wait),
            span(text::label(reason).text, Ink::Muted),
        ])],
    }
}

fn words(cx: &RowsCx<'_>, raw: &str, find: &Query) -> Part {
    let (kept, left) = cut_bytes(raw);
    let clean = text::body(kept);
    if clean.text.trim().is_empty() && clean.hidden == 0 {
        return row(vec![span(cx.t("text-empty"), Ink::Muted)]);
    }
    let mut spans = hits(&clean.text, find, Ink::Text);
    if clean.hidden > 0 {
        let count = cx.tr("badge-hidden", &[("n", clean.hidden.to_string().into())]);
        spans.push(span(format!("  {count}"), Ink::Wait));
    }
    if left > 0 {
        let more = cx.tr("text-more", &[("size", when::bytes(left as u64).into())]);
        spans.push(span(format!("\n{more}"), Ink::Muted));
    }
    Part { spans, wraps: true }
}

fn record(cx: &RowsCx<'_>, title: &str, summary: &str, fallback: &str, find: &Query) -> Vec<Part> {
    let shown = if title.is_empty() { fallback } else { title };
    let mut out = vec![facts(cx, "kind-record", &text::label(shown).text, &[], find)];
    for line in text::body(cut_bytes(summary).0).text.lines().take(4) {
        out.push(row(vec![span(line, Ink::Muted)]));
    }
    out
}

fn attached(cx: &RowsCx<'_>, kind: &str, file: &Attachment, more: &[String], find: &Query) -> Part {
    let name = text::label(&file.name).text;
    facts(cx, kind, &text::fit_name(&name, cx.columns().words * 3 / 5), more, find)
}

/// `kind  name  fact · fact`.
fn facts(cx: &RowsCx<'_>, kind: &str, name: &str, more: &[String], find: &Query) -> Part {
    let gap = if cx.columns().words >= 50 { "  " } else { " " };
    let mut spans = vec![span(cx.t(kind), Ink::Muted)];
    if !name.is_empty() {
        spans.push(span(gap, Ink::Muted));
        spans.extend(hits(name, find, Ink::Text));
    }
    let more: Vec<&str> = more.iter().map(String::as_str).filter(|fact| !fact.is_empty()).collect();
    if !more.is_empty() {
        let dot = if cx.state.options.ascii { " - " } else { " · " };
        let joined = more.join(dot);
        let joined = if cx.state.options.ascii { joined.replace('×', "x") } else { joined };
        spans.push(span(format!("{gap}{joined}"), Ink::Muted));
    }
    row(spans)
}

/// The text with its find hits marked.
pub(super) fn hits(shown: &str, find: &Query, ink: Ink) -> Vec<Span<Ink>> {
    let (mut out, mut at) = (Vec::new(), 0);
    for hit in find.highlights(shown) {
        if at < hit.start {
            out.push(span(&shown[at..hit.start], ink));
        }
        at = hit.end;
        out.push(span(&shown[hit], Ink::Hit));
    }
    if at < shown.len() || out.is_empty() {
        out.push(span(&shown[at..], ink));
    }
    out
}

fn pixels(size: Option<Size>) -> String {
    size.filter(|s| s.width > 0.0 && s.height > 0.0)
        .map_or_else(String::new, |s| format!("{:.0}×{:.0}", s.width, s.height))
}

fn values(pairs: &[(String, ExtValue)]) -> Vec<String> {
    let one = |(key, value): &(String, ExtValue)| text::label(&format!("{key}: {}", shown_value(value))).text;
    pairs.iter().take(6).map(one).collect()
}

/// A value of the app's own attributes in one row.
#[must_use]
pub fn shown_value(value: &ExtValue) -> String {
    match value {
        ExtValue::Bool(v) => v.to_string(),
        ExtValue::Int(v) => v.to_string(),
        ExtValue::Float(v) => v.to_string(),
        ExtValue::Double(v) => v.to_string(),
        ExtValue::Text(v) | ExtValue::Json(v) => cut_bytes(v).0.to_owned(),
    }
}

/// The part that is laid out, and how many bytes are left.
fn cut_bytes(raw: &str) -> (&str, usize) {
    let end = raw.floor_char_boundary(LONGEST);
    (&raw[..end], raw.len() - end)
}
