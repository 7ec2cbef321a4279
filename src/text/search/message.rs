//! What of a message is searched.

use std::borrow::Cow;

use strum::{EnumIter, EnumString, IntoEnumIterator};

use super::Script;
use super::tokens::Writer;
use crate::domain::{Body, ExtValue, Message, Peer};

/// A message with what is known around it, to be matched.
#[derive(Clone, Copy, Debug)]
pub struct Searchable<'a> {
    /// The message.
    pub message: &'a Message,
    /// Its sender's shown name; may be empty.
    pub sender_name: &'a str,
    /// Its conversation.
    pub peer: &'a Peer,
    /// The conversation's shown name; may be empty.
    pub peer_name: &'a str,
}

/// Hands over the parts of a message that are searched, as received, in order: what was said, file names, places, event
/// names and values, the app's own attributes, the thread's name, translations. No term runs across two of them.
///
/// Not among them: the sender and the conversation, since names change while a message does not (an index is told to
/// forget a message by the same text it was given) and since a name would find everything its owner ever wrote. `from:`
/// and `in:` look for those. Neither are the names of attributes, the same in every message, nor addresses of files.
pub fn parts(message: &Message, mut put: impl FnMut(&str)) {
    match &message.body {
        Body::Text { text, .. } => put(text),
        Body::Image { file, .. } | Body::Audio { file, .. } | Body::Video { file, .. } | Body::File { file } => {
            put(&file.name);
        }
        Body::Location { address, building, .. } => [building, address].into_iter().for_each(|text| put(text)),
        Body::Command { action, params } => {
            put(action);
            values(params, &mut put);
        }
        Body::Custom { event, exts } => {
            put(event);
            values(exts, &mut put);
        }
        Body::Combine { fallback, title, summary, file, .. } => {
            [title, summary, fallback, &file.name].into_iter().for_each(|text| put(text));
        }
        Body::Recalled { .. } | Body::Unknown { .. } | Body::Damaged { .. } => {}
    }
    values(&message.ext, &mut put);
    if let Some(thread) = &message.thread {
        put(&thread.name);
    }
    message.translations.iter().for_each(|translation| put(&translation.text));
}

fn values(pairs: &[(String, ExtValue)], put: &mut impl FnMut(&str)) {
    for (_, value) in pairs {
        match value {
            ExtValue::Bool(_) => {}
            ExtValue::Int(number) => put(&number.to_string()),
            ExtValue::Float(number) => put(&number.to_string()),
            ExtValue::Double(number) => put(&number.to_string()),
            ExtValue::Text(text) => put(text),
            ExtValue::Json(json) => put(&unescaped(json)),
        }
    }
}

/// JSON text with its escapes read, since many encoders write Chinese as `\u9000`. What is no escape stays.
fn unescaped(json: &str) -> Cow<'_, str> {
    if !json.contains('\\') {
        return Cow::Borrowed(json);
    }
    let mut out = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let (c, len) = escape(rest).unwrap_or(('\\', 1));
        out.push(c);
        rest = &rest[len..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The character of the escape that `text` begins with, and its length.
fn escape(text: &str) -> Option<(char, usize)> {
    let unit = |at: usize| {
        let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
        digits.bytes().all(|b| b.is_ascii_hexdigit()).then(|| u16::from_str_radix(digits, 16).ok())?
    };
    let c = match text.as_bytes().get(1)? {
        b @ (b'"' | b'\\' | b'/') => char::from(*b),
        b'n' | b'r' | b't' | b'f' | b'b' => ' ',
        b'u' => {
            let units = [unit(0)?, unit(6).unwrap_or(0)];
            let c = char::decode_utf16(units).next()?.ok()?;
            return Some((c, c.len_utf16() * 6));
        }
        _ => return None,
    };
    Some((c, 2))
}

/// A token no text has: folding drops this character. It keeps phrases from running on into the next part.
const BETWEEN: char = '\u{2060}';

/// The tokens of a message, a blank before each, for an index; traditional characters as simplified ones, so
/// [`super::Plan`] says when hits must be looked at again. Depends on the message alone, so that it can be made again
/// to take a message out.
#[must_use]
pub fn index_text(message: &Message) -> String {
    let mut out = String::new();
    write_parts(message, Script::Either, &mut out);
    out
}

pub(super) fn write_parts(message: &Message, script: Script, out: &mut String) {
    parts(message, |part| {
        let before = out.len();
        if before > 0 {
            out.extend([' ', BETWEEN]);
        }
        let start = out.len();
        Writer::new(out, script).text(part);
        if out.len() == start {
            out.truncate(before);
        }
    });
}

/// What `has:` asks for. The order is that of the bits in [`Traits`]: it is stored, so new ones go last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, EnumString)]
#[strum(serialize_all = "kebab-case", ascii_case_insensitive)]
pub enum Has {
    /// A file of any kind, pictures too.
    File,
    /// A picture.
    #[strum(serialize = "image", serialize = "img")]
    Image,
    /// A voice message.
    Audio,
    /// A video.
    Video,
    /// A web address in what was said; those in the app's attributes do not count.
    Link,
    /// A place.
    Location,
    /// A reaction.
    Reaction,
    /// It was edited.
    Edit,
    /// A thread, on it or around it.
    Thread,
    /// A translation.
    Translation,
}

impl Has {
    fn is_true_of(self, message: &Message) -> bool {
        let body = &message.body;
        match self {
            Self::File => body.file().is_some(),
            Self::Image => matches!(body, Body::Image { .. }),
            Self::Audio => matches!(body, Body::Audio { .. }),
            Self::Video => matches!(body, Body::Video { .. }),
            Self::Link => matches!(body, Body::Text { text, .. } if has_link(text)),
            Self::Location => matches!(body, Body::Location { .. }),
            Self::Reaction => !message.reactions.is_empty(),
            Self::Edit => message.edit.is_some(),
            Self::Thread => message.thread.is_some(),
            Self::Translation => !message.translations.is_empty(),
        }
    }
}

fn has_link(text: &str) -> bool {
    let begins = |start: &str| {
        let found = text.as_bytes().windows(start.len()).any(|bytes| bytes.eq_ignore_ascii_case(start.as_bytes()));
        found && text.len() > start.len()
    };
    begins("http://") || begins("https://") || begins("www.")
}

/// A set of [`Has`], as bits to store beside a message: bit 0 is [`Has::File`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traits(pub u16);

impl Traits {
    /// All that is true of a message.
    #[must_use]
    pub fn of(message: &Message) -> Self {
        Has::iter().filter(|has| has.is_true_of(message)).fold(Self::default(), Self::with)
    }

    /// Whether all of `wanted` are here.
    #[must_use]
    pub const fn contains(self, wanted: Self) -> bool {
        self.0 & wanted.0 == wanted.0
    }

    pub(super) const fn with(self, has: Has) -> Self {
        Self(self.0 | 1 << has as u16)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_of_json_text_are_read_and_the_rest_stays() {
        for (json, text) in [
            (r#"{"a":"\u9000\u6b3e \ud83d\ude00"}"#, r#"{"a":"退款 😀"}"#),
            (r"a\nb\/c\\u9000\", r"a b/c\u9000\"),
            (r"\ud83d \u12 \x 退\u{9000}", r"\ud83d \u12 \x 退\u{9000}"),
            ("plain", "plain"),
        ] {
            assert_eq!(unescaped(json), text);
        }
    }

    #[test]
    fn links_are_addresses_not_words() {
        for (text, expected) in
            [("see HTTPS://x.y", true), ("www.x.y", true), ("http", false), ("awww", false), ("https://", false)]
        {
            assert_eq!(has_link(text), expected, "{text}");
        }
    }
}
