//! `--fields`: which parts of a record are printed, in which order.

use serde_json::{Map, Value};

use super::Context;
use super::output::Trouble;

/// Of a message. `text` is what its line says of it.
pub(super) const OF_MESSAGE: &[&str] = &[
    "id",
    "time",
    "time_utc",
    "chat_type",
    "from",
    "from_name",
    "to",
    "type",
    "text",
    "body",
    "ext",
    "edit",
    "reactions",
    "thread",
    "translations",
    "delivered",
    "read",
    "replaced",
    "raw",
];
/// Of a conversation. Those that begin with `last_` are of its last message.
pub(super) const OF_CONVERSATION: &[&str] = &[
    "peer",
    "chat_type",
    "id",
    "name",
    "unread",
    "pinned",
    "marks",
    "last",
    "last_id",
    "last_time",
    "last_time_utc",
    "last_from",
    "last_text",
];

/// The fields asked for; all of them where none was named.
#[derive(Clone, Debug, Default)]
pub(super) struct Fields(Vec<String>);

impl Fields {
    /// Checks what `--fields` says against those there are.
    pub(super) fn read(context: &Context, valid: &[&str]) -> Result<Self, Trouble> {
        let asked: Vec<String> = context.global.fields.iter().map(|name| name.trim().to_owned()).collect();
        match asked.iter().find(|name| !valid.contains(&name.as_str())) {
            None => Ok(Self(asked)),
            Some(wrong) => {
                let args = [("text", crate::text::label(wrong).text.into()), ("valid", valid.join(", ").into())];
                Err(context.refuse("usage-fields", &args))
            }
        }
    }

    /// Whether any was named.
    pub(super) fn are_named(&self) -> bool {
        !self.0.is_empty()
    }

    /// The record with only these fields; `null` where it has none of that name.
    pub(super) fn of(&self, record: Value, extra: impl Fn(&str) -> Value) -> Value {
        if !self.are_named() {
            return record;
        }
        let field = |name: &String| (name.clone(), record.get(name).cloned().unwrap_or_else(|| extra(name)));
        Value::Object(self.0.iter().map(field).collect::<Map<_, _>>())
    }

    /// The fields of a record made by [`Fields::of`], with tabs between them; empty where there is nothing.
    pub(super) fn row(&self, record: &Value) -> String {
        let cell = |name: &String| match &record[name.as_str()] {
            Value::Null => String::new(),
            Value::String(text) => crate::text::label(text).text,
            other => crate::text::label(&other.to_string()).text,
        };
        self.0.iter().map(cell).collect::<Vec<_>>().join("\t")
    }
}
