//! What a format is: it turns headings, messages and totals into bytes, and knows nothing of writers.

use std::io;

use super::{Heading, Options, Saved, Scope, Totals};
use crate::domain::{Message, Peer, ServerTime};

/// What is the same for the whole export.
pub(super) struct Cx {
    pub(super) options: Options,
    pub(super) scope: Scope,
}

impl Cx {
    /// Whether a time can be one, as of the export.
    pub(super) fn is_valid(&self, time: ServerTime) -> bool {
        time.is_valid_at(self.scope.exported_at)
    }

    /// Whether the account wrote it.
    pub(super) fn is_mine(&self, message: &Message) -> bool {
        message.from.eq_ignore_ascii_case(self.scope.account.as_str())
    }
}

/// One message and what is known around it.
pub(super) struct Line<'a> {
    pub(super) peer: &'a Peer,
    pub(super) peer_name: Option<&'a str>,
    pub(super) message: &'a Message,
    pub(super) from_name: Option<&'a str>,
    pub(super) saved: Option<Saved<'a>>,
}

/// A format. Bytes are appended to `to`; a message costs memory only until it is written.
pub(super) trait Form {
    fn start(&mut self, to: &mut Vec<u8>, cx: &Cx) -> io::Result<()>;
    fn conversation(&mut self, to: &mut Vec<u8>, cx: &Cx, heading: &Heading<'_>) -> io::Result<()>;
    fn message(&mut self, to: &mut Vec<u8>, cx: &Cx, line: &Line<'_>) -> io::Result<()>;
    /// `totals.sha256` is the hash of everything before.
    fn finish(&mut self, to: &mut Vec<u8>, cx: &Cx, totals: &Totals) -> io::Result<()>;
}
