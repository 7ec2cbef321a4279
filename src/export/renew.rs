//! Writes a lossless export anew with messages as they are now: an edited one takes the place of its earlier self.

use std::borrow::Cow;
use std::io::{self, BufRead, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

use super::form::{Cx, Form as _, Line};
use super::ndjson::Ndjson;
use super::pieces::{Piece, Pieces};
use super::{Options, Saved, Scope};
use crate::domain::{Message, MessageId, Peer};

#[derive(Deserialize)]
struct Fields<'a> {
    #[serde(borrow)]
    peer: Option<Cow<'a, str>>,
    #[serde(borrow)]
    id: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    from_name: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    raw: Cow<'a, str>,
    #[serde(borrow)]
    saved: Option<SavedFields<'a>>,
}

#[derive(Deserialize)]
struct SavedFields<'a> {
    #[serde(borrow)]
    path: Cow<'a, str>,
    #[serde(borrow)]
    sha256: Cow<'a, str>,
    bytes: u64,
}

/// Copies the lines of `from`; where `now` gives a message with other bytes, that is written in place of the old one.
/// Gives how many were.
///
/// # Errors
/// The reader's and the writer's.
pub fn renew(
    from: impl BufRead,
    to: &mut impl Write,
    options: Options,
    scope: Scope,
    mut now: impl FnMut(&Peer, MessageId) -> Option<Message>,
) -> io::Result<u64> {
    let cx = Cx { options, scope };
    let (mut pieces, mut changed, mut line) = (Pieces::new(from), 0, Vec::new());
    loop {
        match pieces.next_line()? {
            Piece::End { .. } => return Ok(changed),
            Piece::TooLong => return Err(io::ErrorKind::InvalidData.into()),
            Piece::Whole => {}
        }
        let old = pieces.bytes();
        line.clear();
        if written_anew(old, &mut line, &cx, &mut now)?.is_some() {
            changed += 1;
            to.write_all(&line)?;
        } else {
            to.write_all(old)?;
        }
    }
}

/// `None` where the line stays as it is.
fn written_anew(
    old: &[u8],
    line: &mut Vec<u8>,
    cx: &Cx,
    now: &mut impl FnMut(&Peer, MessageId) -> Option<Message>,
) -> io::Result<Option<()>> {
    let Ok(Fields { peer: Some(peer), id: Some(id), from_name, raw, saved }) = serde_json::from_slice(old) else {
        return Ok(None);
    };
    let (Ok(peer), Ok(id)) = (peer.parse::<Peer>(), id.parse()) else { return Ok(None) };
    let Some(message) = now(&peer, id).filter(|message| STANDARD.encode(&message.raw) != raw) else { return Ok(None) };
    let saved = saved.as_ref().map(|SavedFields { path, sha256, bytes }| Saved {
        path_in_folder: path,
        sha256,
        bytes: *bytes,
        picture: None,
    });
    let written = Line { peer: &peer, peer_name: None, message: &message, from_name: from_name.as_deref(), saved };
    Ndjson.message(line, cx, &written)?;
    Ok(Some(()))
}
