//! Files read into an archive: exports, and the service's hourly history files.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::Path;

use super::Context;
use super::output::Trouble;
use crate::domain::{AppKey, ChatType, Clock, Failure, Message, Peer, UserId};
use crate::engine::Archive;
use crate::export::{FileKind, HEAD, Header, ReadError, ReadErrorKind, ReadItem, read_hourly, read_ndjson, unpacked};
use crate::report::exit;

/// Messages kept in one transaction.
const BATCH: usize = 5_000;

/// A file that can be read in.
pub(super) struct Source {
    head: Vec<u8>,
    is_export: bool,
    rest: Box<dyn BufRead>,
}

impl Source {
    /// Opens a file and looks at its beginning.
    ///
    /// # Errors
    /// It cannot be read, or holds what is not read back: said in one sentence.
    pub(super) fn open(context: &Context, path: &Path) -> Result<Self, Trouble> {
        let unreadable = |e: io::Error| Trouble::Said(format!("{}: {e}", path.display()), exit::OTHER);
        let mut rest = unpacked(File::open(path).map_err(unreadable)?).map_err(unreadable)?;
        let mut head = Vec::new();
        rest.by_ref().take(HEAD).read_to_end(&mut head).map_err(unreadable)?;
        let named = ("path", path.display().to_string().into());
        match FileKind::of(&head) {
            FileKind::Derived(format) => {
                Err(context.refuse("import-derived", &[named, ("format", format.title().into())]))
            }
            FileKind::Unknown => Err(context.refuse("import-unknown", &[named])),
            kind @ (FileKind::Export | FileKind::Hourly) => {
                Ok(Self { head, is_export: kind == FileKind::Export, rest })
            }
        }
    }

    fn reader(self) -> (bool, impl BufRead) {
        (self.is_export, BufReader::new(Cursor::new(self.head).chain(self.rest)))
    }
}

/// What came of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Count {
    /// Messages of the account.
    pub(super) messages: usize,
    /// Of them, those that were not in the archive.
    pub(super) new: usize,
    /// Of them, those that were there otherwise.
    pub(super) changed: usize,
    /// Lines that could not be used.
    pub(super) unusable: usize,
    /// The file ends before its trailer.
    pub(super) cut: bool,
}

/// Why a file was not read to its end.
pub(super) enum Broken {
    /// It is an export of this account; nothing of it was kept.
    Foreign(String),
    /// The archive failed.
    Archive(Failure),
}

impl From<Failure> for Broken {
    fn from(failure: Failure) -> Self {
        Self::Archive(failure)
    }
}

/// Where files are read to.
pub(super) struct Intake<'a> {
    pub(super) archive: &'a Archive,
    pub(super) user: &'a UserId,
    pub(super) app: &'a AppKey,
    pub(super) clock: &'a dyn Clock,
}

impl Intake<'_> {
    /// Reads a file; `told` hears of every line that cannot be used, and the rest is read all the same.
    pub(super) async fn read(&self, from: Source, mut told: impl FnMut(&ReadError)) -> Result<Count, Broken> {
        let (is_export, from) = from.reader();
        let (mut count, mut batch) = (Count::default(), Vec::with_capacity(BATCH));
        let mut unusable = |count: &mut Count, error: &ReadError| {
            count.unusable += 1;
            count.cut |= matches!(error.kind, ReadErrorKind::Truncated | ReadErrorKind::Io(_));
            told(error);
        };
        if is_export {
            for item in read_ndjson(from) {
                match item {
                    Ok(ReadItem::Header(header)) => self.check(&header)?,
                    Ok(ReadItem::Message(read)) => batch.push((read.peer, read.message)),
                    Ok(ReadItem::Trailer(_)) => {}
                    Err(error) => unusable(&mut count, &error),
                }
                self.keep(&mut batch, BATCH, &mut count).await?;
            }
        } else {
            for message in read_hourly(self.app, from) {
                match message {
                    Ok(message) => batch.extend(peer_of(&message, self.user).map(|peer| (peer, message))),
                    Err(error) => unusable(&mut count, &error),
                }
                self.keep(&mut batch, BATCH, &mut count).await?;
            }
        }
        self.keep(&mut batch, 1, &mut count).await?;
        Ok(count)
    }

    fn check(&self, header: &Header) -> Result<(), Broken> {
        match &header.app_key {
            _ if header.account != self.user.as_str() => Err(Broken::Foreign(header.account.clone())),
            Some(other) if other != self.app => Err(Broken::Foreign(format!("{}@{other}", header.account))),
            _ => Ok(()),
        }
    }

    /// Keeps what came, once it is enough.
    async fn keep(&self, batch: &mut Vec<(Peer, Message)>, enough: usize, count: &mut Count) -> Result<(), Failure> {
        if batch.len() < enough {
            return Ok(());
        }
        count.messages += batch.len();
        let (new, changed) = self.archive.import(std::mem::take(batch), self.clock.now()).await?;
        (count.new, count.changed) = (count.new + new, count.changed + changed);
        Ok(())
    }
}

/// In whose conversation with `me` a message of the app's own history stands; none where it is of other people.
fn peer_of(message: &Message, me: &UserId) -> Option<Peer> {
    let me = me.as_str();
    match message.chat_type {
        ChatType::Single if message.from == me => Peer::new(ChatType::Single, &message.to).ok(),
        ChatType::Single if message.to == me => Peer::new(ChatType::Single, &message.from).ok(),
        ChatType::Single => None,
        kind @ (ChatType::Group | ChatType::Room) => Peer::new(kind, &message.to).ok(),
    }
}

/// Why a line could not be used, in the reader's language.
pub(super) fn why(context: &Context, kind: &ReadErrorKind) -> String {
    let said = |key: &str, why: String| context.texts.tr(key, &[("why", why.into())]);
    match kind {
        ReadErrorKind::Io(error) => said("import-why-io", error.to_string()),
        ReadErrorKind::TooLong => context.texts.t("import-why-too-long"),
        ReadErrorKind::Json(_) => context.texts.t("import-why-json"),
        ReadErrorKind::NoMessage => context.texts.t("import-why-no-message"),
        ReadErrorKind::Headless => context.texts.t("import-why-headless"),
        ReadErrorKind::Schema(schema) => said("import-why-schema", schema.clone()),
        ReadErrorKind::NoRaw => context.texts.t("import-why-no-raw"),
        ReadErrorKind::Altered(id) => said("import-why-altered", id.clone()),
        ReadErrorKind::Truncated => context.texts.t("import-why-truncated"),
    }
}
