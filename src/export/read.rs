//! Reads the lossless NDJSON back: the same messages from their exact bytes, and whether the file is all there.

use std::borrow::Cow;
use std::io::{self, BufRead};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use thiserror::Error;

use super::SCHEMA;
use super::pieces::{Piece, Pieces};
use super::raw::{RawForm, decode};
use crate::domain::{AppKey, Body, ChatType, Message, MessageId, Peer, ServerTime};
use crate::wire;

/// What a line of an export says.
#[derive(Clone, Debug, PartialEq)]
pub enum ReadItem {
    /// The first line.
    Header(Header),
    /// A message.
    Message(Box<ReadMessage>),
    /// The last line.
    Trailer(Trailer),
}

/// Where an export came from. Texts are as the file has them: not to be trusted.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Header {
    /// [`SCHEMA`], or that of another version.
    pub schema: String,
    /// What wrote it.
    #[serde(default)]
    pub program: String,
    /// Whose history.
    #[serde(default)]
    pub account: String,
    /// In which app; names in JSON forms cannot be read without it.
    pub app_key: Option<AppKey>,
    /// From which server.
    #[serde(default)]
    pub api: String,
    /// With which profile.
    pub profile: Option<String>,
    /// What was asked for, in words.
    #[serde(default)]
    pub what: String,
    /// When.
    #[serde(default)]
    pub exported_at: ServerTime,
    /// Messages carry their bytes; without them none can be read back.
    #[serde(default)]
    pub lossless: bool,
}

/// A message and what the export says beside it.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadMessage {
    /// The conversation it belongs to.
    pub peer: Peer,
    /// The sender's nickname then.
    pub from_name: Option<String>,
    /// As decoded from its bytes.
    pub message: Message,
    /// Its attachment, where that was saved.
    pub saved: Option<SavedRecord>,
}

/// An attachment saved beside the export. The path is the file's word: check it before it is opened.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct SavedRecord {
    /// Path from the export's folder.
    pub path: String,
    /// Hash as hexadecimal digits.
    pub sha256: String,
    /// Length.
    pub bytes: u64,
}

/// How an export ended.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Trailer {
    /// All that was asked for is in the file, and all the server kept of it.
    pub complete: bool,
    /// Messages written.
    pub messages: u64,
    /// What was written of each conversation.
    #[serde(default)]
    pub conversations: Vec<TrailerCount>,
    #[serde(default)]
    sha256: String,
    /// No byte before this line differs from what was written.
    #[serde(skip)]
    pub is_intact: bool,
}

/// What was written of one conversation.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct TrailerCount {
    /// With whom, in the form [`Peer`] reads.
    pub peer: String,
    /// Nickname or group name.
    pub name: Option<String>,
    /// Messages written.
    pub messages: u64,
    /// All the server kept.
    #[serde(default)]
    pub whole: bool,
}

/// A line that could not be used; the lines after it are read all the same.
#[derive(Debug, Error)]
#[error("line {line}: {kind}")]
pub struct ReadError {
    /// From 1.
    pub line: u64,
    /// Why.
    pub kind: ReadErrorKind,
}

/// Why a line could not be used.
#[derive(Debug, Error)]
pub enum ReadErrorKind {
    /// The stream failed; nothing follows.
    #[error("cannot be read: {0}")]
    Io(#[from] io::Error),
    /// Longer than any message can be.
    #[error("longer than any message can be")]
    TooLong,
    /// Not a JSON object, or not with these fields.
    #[error("expected a JSON object of this schema: {0}")]
    Json(String),
    /// An object that tells of no message.
    #[error("no message in it")]
    NoMessage,
    /// A record of this program without the header of an export before it.
    #[error("a record of manyou without its export's header")]
    Headless,
    /// Written by another version; what can be read of it follows.
    #[error("expected the schema `{SCHEMA}`, got `{0}`")]
    Schema(String),
    /// No exact bytes, as in an export without them.
    #[error("expected `raw` and `raw_form`: this export is not lossless")]
    NoRaw,
    /// The bytes do not decode to the message that the line tells of.
    #[error("`raw` does not decode to message `{0}`")]
    Altered(String),
    /// The file ends before its trailer: it was cut off, or never finished.
    #[error("the file ends without a trailer: it is cut off")]
    Truncated,
}

/// Reads an export line by line. A bad line is told and skipped; only a failing stream ends early. A file that holds several exports gives
/// several headers and trailers.
pub fn read_ndjson(from: impl BufRead) -> impl Iterator<Item = Result<ReadItem, ReadError>> {
    Reader::new(from, false)
}

/// Reads an export that is one JSON document, record by record, as [`read_ndjson`] does the lines. Its trailer has no hash: `is_intact` is
/// always false.
pub fn read_document(from: impl BufRead) -> impl Iterator<Item = Result<ReadItem, ReadError>> {
    Reader::new(from, true)
}

struct Reader<R> {
    pieces: Pieces<R>,
    is_document: bool,
    digest: Sha256,
    app: Option<AppKey>,
    /// A trailer is due.
    is_open: bool,
    is_done: bool,
    pending: Option<ReadItem>,
}

impl<R: BufRead> Iterator for Reader<R> {
    type Item = Result<ReadItem, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(item) = self.pending.take() {
            return Some(Ok(item));
        }
        while !self.is_done {
            let piece = if self.is_document { self.pieces.next_part() } else { self.pieces.next_line() };
            let outcome = match piece {
                Ok(Piece::Whole) if self.pieces.bytes().trim_ascii().is_empty() => {
                    self.digest.update(self.pieces.bytes());
                    continue;
                }
                Ok(Piece::Whole) => self.line(),
                Ok(Piece::TooLong) => Err(ReadErrorKind::TooLong),
                Ok(Piece::End { .. }) => {
                    self.is_done = true;
                    if !self.is_open {
                        return None;
                    }
                    Err(ReadErrorKind::Truncated)
                }
                Err(error) => {
                    self.is_done = true;
                    Err(error.into())
                }
            };
            return Some(outcome.map_err(|kind| ReadError { line: self.pieces.line(), kind }));
        }
        None
    }
}

/// The fields by which lines are told apart, and those of a message.
#[derive(Deserialize)]
struct Fields<'a> {
    schema: Option<String>,
    complete: Option<bool>,
    /// `null` where it could not be read.
    id: Option<String>,
    peer: Option<String>,
    from_name: Option<String>,
    raw_form: Option<RawForm>,
    #[serde(borrow, default)]
    raw: Cow<'a, str>,
    saved: Option<SavedRecord>,
}

impl<R: BufRead> Reader<R> {
    fn new(from: R, is_document: bool) -> Self {
        let (pieces, digest) = (Pieces::new(from), Sha256::new());
        Self { pieces, is_document, digest, app: None, is_open: true, is_done: false, pending: None }
    }

    fn line(&mut self) -> Result<ReadItem, ReadErrorKind> {
        let bytes = self.pieces.bytes();
        let fields = serde_json::from_slice::<Fields<'_>>(bytes);
        if let Ok(Fields { schema: Some(_), .. }) = fields {
            self.digest = Sha256::new();
        }
        let before = self.digest.clone();
        self.digest.update(bytes);
        let fields = fields.map_err(as_json)?;
        if fields.complete.is_some() {
            self.is_open = false;
            return trailer(bytes, before);
        }
        self.is_open = true;
        if fields.schema.is_none() {
            return message(fields, bytes, self.app.as_ref()).map(|m| ReadItem::Message(Box::new(m)));
        }
        self.app = None;
        let header: Header = serde_json::from_slice(bytes).map_err(as_json)?;
        self.app = header.app_key.clone();
        if header.schema != SCHEMA {
            let schema = header.schema.clone();
            self.pending = Some(ReadItem::Header(header));
            return Err(ReadErrorKind::Schema(schema));
        }
        Ok(ReadItem::Header(header))
    }
}

fn as_json(error: serde_json::Error) -> ReadErrorKind {
    ReadErrorKind::Json(error.to_string())
}

fn trailer(bytes: &[u8], before: Sha256) -> Result<ReadItem, ReadErrorKind> {
    let mut trailer: Trailer = serde_json::from_slice(bytes).map_err(as_json)?;
    trailer.is_intact = format!("{:x}", before.finalize()) == trailer.sha256;
    Ok(ReadItem::Trailer(trailer))
}

fn message(fields: Fields<'_>, bytes: &[u8], app: Option<&AppKey>) -> Result<ReadMessage, ReadErrorKind> {
    let form = fields.raw_form.ok_or(ReadErrorKind::NoRaw)?;
    let other = |e: &dyn std::fmt::Display| ReadErrorKind::Json(e.to_string());
    let peer: Peer = fields.peer.unwrap_or_default().parse().map_err(|e| other(&e))?;
    let raw = Bytes::from(STANDARD.decode(fields.raw.as_bytes()).map_err(|e| other(&e))?);
    let message = match form {
        RawForm::Bytes => told(bytes, raw)?,
        RawForm::Meta | RawForm::Json => {
            let altered = || ReadErrorKind::Altered(fields.id.clone().unwrap_or_default());
            decode(form, &raw, app).ok_or_else(altered)?
        }
    };
    if Some(message.id).filter(|id| id.0 != 0).map(|id| id.to_string()) != fields.id {
        return Err(ReadErrorKind::Altered(fields.id.unwrap_or_default()));
    }
    Ok(ReadMessage { peer, from_name: fields.from_name, message, saved: fields.saved })
}

/// What a line tells of a message whose bytes do not decode.
#[derive(Deserialize)]
struct Told {
    id: Option<String>,
    chat_type: ChatType,
    from: String,
    to: String,
    time: Option<ServerTime>,
    body: ToldBody,
}

#[derive(Deserialize)]
struct ToldBody {
    reason: String,
}

fn told(bytes: &[u8], raw: Bytes) -> Result<Message, ReadErrorKind> {
    let told: Told = serde_json::from_slice(bytes).map_err(as_json)?;
    Ok(Message {
        id: MessageId(told.id.and_then(|id| id.parse().ok()).unwrap_or_default()),
        chat_type: told.chat_type,
        from: told.from,
        to: told.to,
        time: told.time.unwrap_or_default(),
        body: Body::Damaged { reason: told.body.reason },
        ..wire::message::damaged(raw, String::new())
    })
}
