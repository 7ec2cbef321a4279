//! The service's own history files: everything an app sent within one hour (`protocol` 3.11).

use std::io::{self, BufRead, BufReader, Chain, Cursor, Read};

use flate2::bufread::MultiGzDecoder;
use serde_json::Value;

use super::pieces::{Piece, Pieces};
use super::read::{ReadError, ReadErrorKind};
use crate::domain::{AppKey, Message};
use crate::wire::{checked, payload};

const GZIP: [u8; 2] = [0x1f, 0x8b];
const BOM: [u8; 3] = [0xef, 0xbb, 0xbf];

/// Reads a history file of `app`: gzip or plain, one JSON object a line, with blank lines, or one array. Messages come in the file's order; what
/// cannot be read of one makes it damaged, with its bytes; a record of this program (`body`, no `payload`) is none of theirs. Sender and receiver are those of the payload, since outside may stand `internal`.
///
/// A line that is no message is told and skipped; only a failing stream ends early, as a gzip file that is cut off does.
pub fn read_hourly<'a>(
    app: &'a AppKey,
    from: impl Read + Send + 'a,
) -> impl Iterator<Item = Result<Message, ReadError>> + 'a {
    let (source, failed) = match unpacked(from) {
        Ok(source) => (Some(Pieces::new(source)), None),
        Err(error) => (None, Some(error)),
    };
    Hourly { app, source, failed }
}

/// The bytes of a file that may be packed (gzip), without a byte order mark.
///
/// # Errors
/// What reading its first bytes gave.
pub fn unpacked<'a>(mut from: impl Read + Send + 'a) -> io::Result<Box<dyn BufRead + Send + 'a>> {
    let start = start_of(&mut from)?;
    if !start.starts_with(&GZIP) {
        return Ok(Box::new(unmarked(start, from)));
    }
    let mut unpacked = MultiGzDecoder::new(BufReader::new(Cursor::new(start).chain(from)));
    let start = start_of(&mut unpacked)?;
    Ok(Box::new(unmarked(start, unpacked)))
}

/// The first bytes, as many as the longest mark has.
fn start_of(from: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut start = Vec::new();
    from.take(BOM.len() as u64).read_to_end(&mut start)?;
    Ok(start)
}

fn unmarked<R: Read>(mut start: Vec<u8>, rest: R) -> BufReader<Chain<Cursor<Vec<u8>>, R>> {
    if start == BOM {
        start.clear();
    }
    BufReader::new(Cursor::new(start).chain(rest))
}

struct Hourly<'a, R> {
    app: &'a AppKey,
    /// Gone after the end.
    source: Option<Pieces<R>>,
    failed: Option<io::Error>,
}

impl<R: BufRead> Iterator for Hourly<'_, R> {
    type Item = Result<Message, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(error) = self.failed.take() {
            return Some(Err(ReadError { line: 1, kind: error.into() }));
        }
        let source = self.source.as_mut()?;
        let outcome = match source.next_element() {
            Ok(Piece::Whole) => message(self.app, source.bytes()),
            Ok(Piece::TooLong) => Err(ReadErrorKind::TooLong),
            Ok(Piece::End { in_array: false }) => {
                self.source = None;
                return None;
            }
            Ok(Piece::End { in_array: true }) => Err(ReadErrorKind::Truncated),
            Err(error) => Err(error.into()),
        };
        let line = source.line();
        if matches!(outcome, Err(ReadErrorKind::Truncated | ReadErrorKind::Io(_))) {
            self.source = None;
        }
        Some(outcome.map_err(|kind| ReadError { line, kind }))
    }
}

fn message(app: &AppKey, bytes: &[u8]) -> Result<Message, ReadErrorKind> {
    // Some files are joined with commas without being an array.
    let line = bytes.trim_ascii();
    let text = checked(line.strip_suffix(b",").unwrap_or(line));
    let meta: Value = serde_json::from_str(&text).map_err(|e| ReadErrorKind::Json(e.to_string()))?;
    let has = |key: &str| meta.get(key).is_some();
    if !has("payload") && (has("body") || has("schema") || has("complete")) {
        return Err(ReadErrorKind::Headless);
    }
    // A message that lost its body is still one, and is kept as a damaged one.
    if !has("payload") && !has("msg_id") {
        return Err(ReadErrorKind::NoMessage);
    }
    payload::decode_meta(app, &meta).ok_or(ReadErrorKind::NoMessage)
}
