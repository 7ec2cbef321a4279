//! What a lossless export holds already, so that it can be gone on with: a file that was cut off, or one to which what is new is added.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::{self, BufRead};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use thiserror::Error;

use super::pieces::{Piece, Pieces};
use super::read::{Header, Trailer};
use super::{Count, SCHEMA, Totals, widen};
use crate::domain::{Message, Peer, ServerTime};

/// What an export holds up to its last whole line.
#[derive(Clone, Debug)]
pub struct Before {
    /// Its first line.
    pub header: Header,
    /// It ends with a trailer, which is not counted below.
    pub is_finished: bool,
    /// Bytes that stay: the header and every whole line of a message.
    pub length: u64,
    pub(super) totals: Totals,
    pub(super) digest: Sha256,
    known: HashMap<Peer, Vec<u64>>,
}

/// Why an export cannot be gone on with.
#[derive(Debug, Error)]
pub enum BeforeError {
    /// It cannot be read.
    #[error("cannot be read: {0}")]
    Io(#[from] io::Error),
    /// It does not begin with the header of a lossless export of this version.
    #[error("no header of a lossless export")]
    Header,
    /// A line in the middle is none of ours.
    #[error("line {0} is no message of an export")]
    Line(u64),
}

#[derive(Deserialize)]
struct Fields<'a> {
    complete: Option<bool>,
    #[serde(borrow)]
    id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    peer: Option<Cow<'a, str>>,
    time: Option<ServerTime>,
    #[serde(borrow, default)]
    raw: Cow<'a, str>,
}

impl Before {
    /// Reads an export as far as it goes. Only the last line may be cut off.
    ///
    /// # Errors
    /// [`BeforeError`].
    pub fn read(from: impl BufRead) -> Result<Self, BeforeError> {
        let mut pieces = Pieces::new(from);
        let header = match pieces.next_line()? {
            Piece::Whole if pieces.bytes().ends_with(b"\n") => {
                serde_json::from_slice::<Header>(pieces.bytes()).map_err(|_| BeforeError::Header)?
            }
            Piece::Whole | Piece::TooLong | Piece::End { .. } => return Err(BeforeError::Header),
        };
        if header.schema != SCHEMA || !header.lossless {
            return Err(BeforeError::Header);
        }
        let mut before = Self {
            is_finished: false,
            length: 0,
            totals: Totals::default(),
            digest: Sha256::new(),
            known: HashMap::new(),
            header,
        };
        before.count(pieces.bytes());
        let mut cut = None;
        loop {
            match pieces.next_line()? {
                Piece::End { .. } => break,
                Piece::Whole | Piece::TooLong if before.is_finished || cut.is_some() => {
                    return Err(BeforeError::Line(cut.unwrap_or(pieces.line())));
                }
                Piece::Whole => {
                    if before.line(pieces.bytes()).is_none() {
                        cut = Some(pieces.line());
                    }
                }
                Piece::TooLong => return Err(BeforeError::Line(pieces.line())),
            }
        }
        before.known.values_mut().for_each(|ids| ids.sort_unstable());
        Ok(before)
    }

    /// Whether a message of a conversation is in it.
    #[must_use]
    pub fn holds(&self, peer: &Peer, message: &Message) -> bool {
        let mark = || match message.id.0 {
            0 => mark_of(&STANDARD.encode(&message.raw)),
            id => id,
        };
        self.known.get(peer).is_some_and(|ids| ids.binary_search(&mark()).is_ok())
    }

    /// The conversations in it.
    pub fn peers(&self) -> impl Iterator<Item = &Peer> {
        self.totals.conversations.iter().map(|count| &count.peer)
    }

    /// What the trailer of an earlier export says of each conversation, in a copy that has none.
    pub fn remember(&mut self, earlier: &Self) {
        for told in &earlier.totals.conversations {
            let at = self.totals.place_of(&told.peer);
            let count = &mut self.totals.conversations[at];
            (count.name, count.whole) = (told.name.clone(), told.whole);
        }
    }

    /// Messages in it.
    #[must_use]
    pub const fn messages(&self) -> u64 {
        self.totals.messages
    }

    /// `None` where the line is not whole.
    fn line(&mut self, bytes: &[u8]) -> Option<()> {
        let fields: Fields<'_> = serde_json::from_slice(bytes).ok().filter(|_| bytes.ends_with(b"\n"))?;
        if fields.complete.is_some() {
            self.is_finished = true;
            self.learn(serde_json::from_slice(bytes).ok()?);
            return Some(());
        }
        let peer: Peer = fields.peer?.parse().ok()?;
        let mark = match &fields.id {
            Some(id) => id.parse().ok()?,
            None => mark_of(&fields.raw),
        };
        let at = self.totals.place_of(&peer);
        let count = &mut self.totals.conversations[at];
        count.messages += 1;
        if let Some(time) = fields.time.filter(|time| time.is_valid_at(self.header.exported_at)) {
            widen(&mut count.first, &mut count.last, time);
            widen(&mut self.totals.first, &mut self.totals.last, time);
        }
        self.totals.messages += 1;
        self.known.entry(peer).or_default().push(mark);
        self.count(bytes);
        Some(())
    }

    /// What the trailer says of each conversation still holds.
    fn learn(&mut self, trailer: Trailer) {
        for told in trailer.conversations {
            let Ok(peer) = told.peer.parse::<Peer>() else { continue };
            let at = self.totals.place_of(&peer);
            let count = &mut self.totals.conversations[at];
            (count.name, count.whole) = (told.name, told.whole);
        }
    }

    fn count(&mut self, bytes: &[u8]) {
        self.digest.update(bytes);
        self.length += bytes.len() as u64;
        self.totals.bytes = self.length;
    }
}

/// In place of the id of a message that has none.
fn mark_of(raw: &str) -> u64 {
    let print = Sha256::digest(raw.as_bytes());
    print.iter().take(8).fold(0, |mark, byte| mark << 8 | u64::from(*byte))
}

impl Totals {
    /// Where a conversation is counted.
    pub(super) fn place_of(&mut self, peer: &Peer) -> usize {
        let last = self.conversations.len();
        // Messages of one stand together, so that it is most often the last one.
        if self.conversations.last().is_some_and(|count| count.peer == *peer) {
            return last - 1;
        }
        self.conversations.iter().position(|count| count.peer == *peer).unwrap_or_else(|| {
            let (peer, name, coverage) = (peer.clone(), None, None);
            self.conversations.push(Count { peer, name, messages: 0, first: None, last: None, whole: false, coverage });
            last
        })
    }
}
