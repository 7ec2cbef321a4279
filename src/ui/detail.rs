//! Every field of the message under the cursor, and its JSON form. Secrets never show.

use serde_json::Value;

use super::Cx;
use super::dialog::{self, field, hairline, span};
use super::dump;
use super::paint::Canvas;
use crate::app::layer::Scroll;
use crate::app::rows::{Ink, kinds::shown_value, when};
use crate::app::timeline::Entry;
use crate::app::{Area, History};
use crate::domain::{Body, Message};
use crate::text::{
    self,
    wrap::{self, Row},
};

const WIDEST: u16 = 100;
/// Brackets within brackets that are laid out.
const DEEPEST: usize = 64;
/// Raw bytes shown as hexadecimal digits at most.
const HEX: usize = 4096;
/// Rows laid out at most.
const TALLEST: usize = 4000;
/// Reactions, their users and attributes listed at most; all of them are in the JSON below.
const LISTED: usize = 200;
const MASKED: &str = "••••";

/// The pane beside the history.
pub(super) fn pane(cx: &Cx<'_>, canvas: &mut Canvas<'_>, pane: Area) {
    let end = pane.right().saturating_sub(1);
    canvas.words(pane.x + 2, pane.y, end, &cx.t("detail-title"), Ink::Strong);
    let area = cx.state.layout().content(pane);
    let area = Area { x: area.x + 2, width: area.width.saturating_sub(3), ..area };
    let rows = rows(cx, usize::from(area.width));
    if let Some(entry) = cx.state.history.as_ref().and_then(History::current) {
        canvas.words_right(pane.x + 12, pane.y, end, &kind(&entry.message), Ink::Muted);
    }
    let seen = usize::from(area.height);
    if rows.len() <= seen || seen < 2 {
        dialog::scroll(canvas, area, &rows, 0);
        return;
    }
    dialog::scroll(canvas, Area { height: area.height - 1, ..area }, &rows, 0);
    let more = when::thousands((rows.len() + 1 - seen) as u64);
    let hint = cx.tr("detail-more", &[("n", more.into())]);
    canvas.words(area.x, area.bottom() - 1, area.right(), &hint, Ink::Muted);
}

/// The dialog where no pane has room.
pub(super) fn popup(cx: &Cx<'_>, canvas: &mut Canvas<'_>, whole: Area, top: &Scroll) {
    let rows = rows(cx, dialog::inner_width(whole, WIDEST));
    let area = dialog::frame(canvas, whole, WIDEST, rows.len(), &cx.t("detail-title"), false);
    dialog::scrolling(cx, canvas, area, &rows, top);
}

fn kind(message: &Message) -> String {
    message.body.kind().to_string()
}

fn rows(cx: &Cx<'_>, width: usize) -> Vec<Row<Ink>> {
    let Some(entry) = cx.state.history.as_ref().and_then(History::current) else {
        return wrap::wrap(&[span(cx.t("detail-none"), Ink::Muted)], width.max(1));
    };
    let mut rows = fields(cx, entry, width);
    rows.extend([Vec::new(), hairline(), vec![span(cx.t("detail-raw"), Ink::Strong)], Vec::new()]);
    let mut json = Json { rows, width };
    json.value(0, String::new(), &masked(entry.message.record()), "");
    let mut rows = json.rows;
    if let Some(first) = &entry.conflict {
        rows.extend([Vec::new(), hairline(), vec![span(cx.t("detail-first-version"), Ink::Wait)], Vec::new()]);
        let mut json = Json { rows, width };
        json.value(0, String::new(), &masked(first.record()), "");
        rows = json.rows;
    }
    rows.extend(received(cx, &entry.message, width));
    rows.truncate(TALLEST);
    rows
}

/// The bytes as they came: JSON laid out, anything else as hexadecimal digits.
fn received(cx: &Cx<'_>, message: &Message, width: usize) -> Vec<Row<Ink>> {
    let bytes = cx.tr("detail-bytes", &[("n", when::thousands(message.raw.len() as u64).into())]);
    let head = vec![span(cx.t("detail-received"), Ink::Strong), span(format!("  {bytes}"), Ink::Muted)];
    let mut rows = vec![Vec::new(), hairline(), head, Vec::new()];
    if let Ok(value @ (Value::Object(_) | Value::Array(_))) = serde_json::from_slice(&message.raw) {
        let mut json = Json { rows, width };
        json.value(0, String::new(), &masked(value), "");
        return json.rows;
    }
    rows.extend(dump::rows(message, width, HEX));
    rows
}

fn fields(cx: &Cx<'_>, entry: &Entry, width: usize) -> Vec<Row<Ink>> {
    let message = &*entry.message;
    let mut rows = Vec::new();
    let mut add = |key: &str, value: String| {
        if !value.is_empty() && rows.len() < TALLEST {
            rows.extend(field(&cx.t(key), vec![span(text::body(&value).text, Ink::Text)], 11, width));
        }
    };
    add("field-id", message.id.to_string());
    add("field-kind", kind(message));
    add("field-from", person(cx, &message.from));
    add("field-to", text::label(&message.to).text);
    add("field-time", local(cx, message));
    add("field-utc", message.time.to_string());
    let state = [
        message.delivered.map(|d| if d { "delivered" } else { "not-delivered" }),
        message.read.map(|r| if r { "read" } else { "unread" }),
    ];
    add(
        "field-state",
        state.into_iter().flatten().map(|s| cx.t(&format!("state-{s}"))).collect::<Vec<_>>().join(" · "),
    );
    if let Some(edit) = &message.edit {
        let args = [
            ("n", u64::from(edit.count).into()),
            ("who", person(cx, &edit.operator).into()),
            ("time", when::moment(edit.time, cx.state.now.wall, &cx.state.options).into()),
        ];
        add("field-edit", cx.tr("edited-by", &args));
    }
    if let Some(file) = message.body.file() {
        add("field-file", text::label(&file.name).text);
        add("field-url", text::label(&file.url).text);
    }
    if let Body::Damaged { reason } = &message.body {
        add("field-reason", text::label(reason).text);
    }
    for reaction in message.reactions.iter().take(LISTED) {
        let users = reaction.users.iter().take(LISTED).map(|u| cx.rows.name_of(u)).collect::<Vec<_>>().join(", ");
        add("field-reaction", format!("{} {}  {users}", text::label(&reaction.reaction).text, reaction.count));
    }
    if let Some(thread) = &message.thread {
        add("field-thread", format!("{}  {}", text::label(&thread.name).text, text::label(&thread.id).text));
    }
    for (key, value) in message.ext.iter().take(LISTED) {
        let value = if is_secret(key) { MASKED.to_owned() } else { shown_value(value) };
        add("field-ext", format!("{}  {}", text::label(key).text, text::label(&value).text));
    }
    rows
}

fn person(cx: &Cx<'_>, user: &str) -> String {
    let (name, id) = (cx.rows.name_of(user), text::label(user).text);
    if name == id { id } else { format!("{name}  {id}") }
}

fn local(cx: &Cx<'_>, message: &Message) -> String {
    let valid = message.time.is_valid_at(cx.state.now.wall);
    let shown = when::zoned(message.time, &cx.state.options.zone)
        .map_or_else(String::new, |z| z.strftime("%Y-%m-%d %H:%M:%S%.3f %:z").to_string());
    if valid { shown } else { cx.tr("bad-time", &[("raw", message.time.ms().to_string().into())]) }
}

/// Names whose values open something.
pub(super) fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["secret", "token", "password", "passwd", "authorization"].iter().any(|word| name.contains(word))
}

fn masked(value: Value) -> Value {
    match value {
        Value::Object(map) => Value::Object(
            map.into_iter()
                .map(|(k, v)| if is_secret(&k) { (k, Value::from(MASKED)) } else { (k, masked(v)) })
                .collect(),
        ),
        Value::Array(items) => Value::Array(items.into_iter().map(masked).collect()),
        other => other,
    }
}

/// A JSON value as indented rows.
struct Json {
    rows: Vec<Row<Ink>>,
    width: usize,
}

impl Json {
    fn value(&mut self, depth: usize, key: String, value: &Value, comma: &str) {
        if self.rows.len() >= TALLEST {
            return;
        }
        match value {
            Value::Object(map) if !map.is_empty() && depth < DEEPEST => {
                self.line(depth, &key, "{", Ink::Faint, "");
                for (i, (name, value)) in map.iter().enumerate() {
                    let comma = if i + 1 < map.len() { "," } else { "" };
                    self.value(depth + 1, format!("{}: ", quoted(name)), value, comma);
                }
                self.line(depth, "", "}", Ink::Faint, comma);
            }
            Value::Array(items) if !items.is_empty() && depth < DEEPEST => {
                self.line(depth, &key, "[", Ink::Faint, "");
                for (i, value) in items.iter().enumerate() {
                    self.value(depth + 1, String::new(), value, if i + 1 < items.len() { "," } else { "" });
                }
                self.line(depth, "", "]", Ink::Faint, comma);
            }
            Value::Object(map) => self.line(depth, &key, if map.is_empty() { "{}" } else { "{…}" }, Ink::Faint, comma),
            Value::Array(items) => {
                self.line(depth, &key, if items.is_empty() { "[]" } else { "[…]" }, Ink::Faint, comma);
            }
            Value::String(text) => self.line(depth, &key, &quoted(text), Ink::Text, comma),
            other => self.line(depth, &key, &other.to_string(), Ink::Accent, comma),
        }
    }

    fn line(&mut self, depth: usize, key: &str, value: &str, ink: Ink, comma: &str) {
        let indent = (2 * depth).min(self.width / 2);
        let words = [span(key, Ink::Muted), span(value, ink), span(comma, Ink::Faint)];
        for row in wrap::wrap(&words, self.width.saturating_sub(indent).max(1)) {
            let mut out = vec![span(" ".repeat(indent), Ink::Text)];
            out.extend(row);
            self.rows.push(out);
        }
    }
}

fn quoted(raw: &str) -> String {
    let end = raw.floor_char_boundary(16 * 1024);
    text::label(&Value::from(&raw[..end]).to_string()).text
}
