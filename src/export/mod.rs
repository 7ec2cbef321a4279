//! Conversations as files, and those files back.
//!
//! [`Exporter`] writes one of six formats to any [`Write`], message by message and in constant memory. NDJSON is the lossless one: it carries
//! the bytes every message came as, and [`read_ndjson`] gives the same messages back. JSON and CSV are for other programs; Markdown, text and
//! HTML are for people, and there foreign text is only ever letters. [`read_hourly`] reads the service's own history files.
//!
//! Nothing here opens a file, reads a clock or knows a language: the caller hands in a writer, [`Scope::exported_at`] and [`Labels`], writes
//! to a temporary name and renames. Attachment secrets are written nowhere but inside `raw`: see [`Options::lossless`].

mod before;
mod csv;
mod facts;
mod flow;
mod form;
mod hourly;
mod html;
mod json;
mod kind;
mod labels;
mod markdown;
mod ndjson;
mod pieces;
mod raw;
mod read;
mod renew;
mod text;
mod when;
mod words;

use std::io::{self, Write};

use jiff::tz::TimeZone;
use sha2::{Digest, Sha256};

pub use crate::domain::Format;
use crate::domain::{AppKey, Message, Peer, ServerTime, UserId};
use form::{Cx, Form, Line};

pub use crate::text::{file_name, free_name};
pub use before::{Before, BeforeError};
pub use hourly::{read_hourly, unpacked};
pub use kind::{FileKind, HEAD};
pub use labels::Labels;
pub use read::{
    Header, ReadError, ReadErrorKind, ReadItem, ReadMessage, SavedRecord, Trailer, TrailerCount, read_document,
    read_ndjson,
};
pub use renew::renew;

/// Name and version of the format, in the first line or at the top of the document.
pub const SCHEMA: &str = "manyou.export/1";

/// What an export says wrote it.
pub const PROGRAM: &str = concat!("manyou ", env!("CARGO_PKG_VERSION"));

/// How an export is written.
#[derive(Clone, Debug)]
pub struct Options {
    /// Zone of the local times; named in every export.
    pub zone: TimeZone,
    /// CSV begins with a byte order mark, without which Excel takes Chinese for the system's code page.
    pub bom: bool,
    /// CSV cells are left as they are, formulas included.
    pub raw_cells: bool,
    /// NDJSON and JSON carry the exact bytes of every message. These hold what the server sent, the secrets of attachments included; without
    /// them an export can be handed on, but cannot be read back.
    pub lossless: bool,
    /// The words of the formats for people.
    pub labels: Labels,
}

/// What was exported, by whom and when.
#[derive(Clone, Debug)]
pub struct Scope {
    /// Whose history.
    pub account: UserId,
    /// In which app.
    pub app_key: AppKey,
    /// From which server.
    pub api: String,
    /// With which profile.
    pub profile: Option<String>,
    /// What was asked for, in words; the title of the formats for people.
    pub what: String,
    /// When; also decides which times of messages can be true.
    pub exported_at: ServerTime,
}

/// Starts a conversation.
#[derive(Clone, Copy, Debug)]
pub struct Heading<'a> {
    /// With whom.
    pub peer: &'a Peer,
    /// Nickname or group name, as received.
    pub name: Option<&'a str>,
    /// Whether everything the server keeps of it is here.
    pub whole: bool,
    /// How far it reaches, in words.
    pub coverage: Option<&'a str>,
}

/// An attachment saved beside the export; formats for people link to it.
#[derive(Clone, Copy, Debug)]
pub struct Saved<'a> {
    /// Path from the export's folder, with `/`; its parts come from [`file_name`]. Empty where the file was not saved,
    /// but its picture is at hand: then nothing links to it, and only HTML is given it.
    pub path_in_folder: &'a str,
    /// Hash of the file, as hexadecimal digits.
    pub sha256: &'a str,
    /// Its length.
    pub bytes: u64,
    /// The file itself where it is a picture; HTML shows it when it is small.
    pub picture: Option<&'a [u8]>,
}

/// What was written of one conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// With whom.
    pub peer: Peer,
    /// Nickname or group name, as received.
    pub name: Option<String>,
    /// Messages written.
    pub messages: u64,
    /// The earliest time of a message that can be true.
    pub first: Option<ServerTime>,
    /// The latest one.
    pub last: Option<ServerTime>,
    /// As the heading said.
    pub whole: bool,
    /// As the heading said.
    pub coverage: Option<String>,
}

/// What was written in all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Messages written.
    pub messages: u64,
    /// In the order in which they were written.
    pub conversations: Vec<Count>,
    /// The earliest time of a message that can be true.
    pub first: Option<ServerTime>,
    /// The latest one.
    pub last: Option<ServerTime>,
    /// Everything asked for was written and every conversation is whole.
    pub complete: bool,
    /// Bytes written.
    pub bytes: u64,
    /// Hash of all that was written, as hexadecimal digits.
    pub sha256: String,
}

/// Writes an export. What has not been [`finish`](Self::finish)ed says nowhere that it is complete.
///
/// Every call writes at once; wrap a file in a [`BufWriter`](std::io::BufWriter).
#[must_use]
pub struct Exporter<W: Write> {
    out: W,
    form: Box<dyn Form + Send>,
    cx: Cx,
    totals: Totals,
    digest: Sha256,
    buffer: Vec<u8>,
    /// Which conversation the messages belong to.
    current: Option<usize>,
}

impl<W: Write> Exporter<W> {
    /// Writes what stands before the first conversation.
    ///
    /// # Errors
    /// The writer's.
    pub fn start(format: Format, out: W, options: Options, scope: Scope) -> io::Result<Self> {
        let form: Box<dyn Form + Send> = match format {
            Format::Ndjson => Box::new(ndjson::Ndjson),
            Format::Json => Box::new(ndjson::Document::default()),
            Format::Csv => Box::new(csv::Csv),
            Format::Markdown => Box::new(markdown::Markdown::default()),
            Format::Text => Box::new(text::Text::default()),
            Format::Html => Box::new(html::Html::default()),
        };
        let (totals, digest, buffer) = (Totals::default(), Sha256::new(), Vec::new());
        let mut exporter = Self { out, form, cx: Cx { options, scope }, totals, digest, buffer, current: None };
        exporter.form.start(&mut exporter.buffer, &exporter.cx)?;
        exporter.write()?;
        Ok(exporter)
    }

    /// Goes on with a lossless NDJSON of which [`Before::length`] bytes are in `out` already.
    pub fn go_on(out: W, options: Options, scope: Scope, before: &Before) -> Self {
        let (totals, digest) = (before.totals.clone(), before.digest.clone());
        let (form, cx) = (Box::new(ndjson::Ndjson), Cx { options, scope });
        Self { out, form, cx, totals, digest, buffer: Vec::new(), current: None }
    }

    /// Begins a conversation, or goes on with it; the messages that follow belong to it.
    ///
    /// # Errors
    /// The writer's.
    pub fn conversation(&mut self, heading: Heading<'_>) -> io::Result<()> {
        let at = self.totals.place_of(heading.peer);
        let count = &mut self.totals.conversations[at];
        count.name = heading.name.map(str::to_owned).or(count.name.take());
        (count.whole, count.coverage) = (heading.whole, heading.coverage.map(str::to_owned));
        self.current = Some(at);
        self.form.conversation(&mut self.buffer, &self.cx, &heading)?;
        self.write()
    }

    /// Writes a message of the conversation begun last. `from_name` is its sender's nickname, as received.
    ///
    /// # Errors
    /// The writer's; `InvalidInput` before the first conversation.
    pub fn message(&mut self, message: &Message, from_name: Option<&str>, saved: Option<Saved<'_>>) -> io::Result<()> {
        let Some(count) = self.current.and_then(|at| self.totals.conversations.get_mut(at)) else {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "a message before its conversation"));
        };
        count.messages += 1;
        self.totals.messages += 1;
        if self.cx.is_valid(message.time) {
            widen(&mut count.first, &mut count.last, message.time);
            widen(&mut self.totals.first, &mut self.totals.last, message.time);
        }
        let line = Line { peer: &count.peer, peer_name: count.name.as_deref(), message, from_name, saved };
        self.form.message(&mut self.buffer, &self.cx, &line)?;
        self.write()
    }

    /// Not everything the server keeps of the conversation begun last is here.
    pub fn is_part(&mut self) {
        if let Some(count) = self.current.and_then(|at| self.totals.conversations.get_mut(at)) {
            count.whole = false;
        }
    }

    /// Writes what stands after the last message and flushes. `complete`: everything asked for has been written.
    ///
    /// # Errors
    /// The writer's.
    pub fn finish(mut self, complete: bool) -> io::Result<(W, Totals)> {
        self.totals.complete = complete && self.totals.conversations.iter().all(|count| count.whole);
        self.totals.sha256 = format!("{:x}", self.digest.clone().finalize());
        self.form.finish(&mut self.buffer, &self.cx, &self.totals)?;
        self.write()?;
        self.out.flush()?;
        self.totals.sha256 = format!("{:x}", self.digest.finalize());
        Ok((self.out, self.totals))
    }

    fn write(&mut self) -> io::Result<()> {
        self.out.write_all(&self.buffer)?;
        self.digest.update(&self.buffer);
        self.totals.bytes += self.buffer.len() as u64;
        self.buffer.clear();
        Ok(())
    }
}

fn widen(first: &mut Option<ServerTime>, last: &mut Option<ServerTime>, time: ServerTime) {
    *first = Some(first.map_or(time, |known| known.min(time)));
    *last = Some(last.map_or(time, |known| known.max(time)));
}

/// The SHA-256 of bytes in hexadecimal digits.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    format!("{:x}", Sha256::digest(bytes))
}
