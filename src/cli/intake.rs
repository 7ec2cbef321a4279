//! Files read into an archive: exports, and the service's hourly history files.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::Path;

use tokio::sync::mpsc;

use super::Context;
use super::output::Trouble;
use crate::domain::{AppKey, ChatType, Clock, Failure, FailureKind, Message, Peer, UserId};
use crate::engine::Archive;
use crate::export::{FileKind, HEAD, Header, ReadError, ReadErrorKind, ReadItem, read_hourly, read_ndjson, unpacked};
use crate::report::exit;

/// Messages kept in one transaction at most, and about how many bytes: what a file unpacks to has no bound.
const BATCH: usize = 5_000;
const BATCH_BYTES: usize = 16 << 20;
/// Unusable lines of a file that are told one by one.
const TOLD: usize = 5;

/// A file that can be read in.
pub(super) struct Source {
    head: Vec<u8>,
    is_export: bool,
    rest: Box<dyn BufRead + Send>,
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

    /// Reads all of it and hands on batches, until nobody takes them any more. Blocks.
    fn read(self, user: &UserId, app: &AppKey, to: mpsc::Sender<Batch>) {
        let from = BufReader::new(Cursor::new(self.head).chain(self.rest));
        let mut filling = Filling { batch: Batch::default(), told: 0, to };
        if self.is_export {
            for item in read_ndjson(from) {
                let is_taken = match item {
                    Ok(ReadItem::Header(header)) => filling.header(header),
                    Ok(ReadItem::Message(read)) => filling.message(read.peer, read.message),
                    Ok(ReadItem::Trailer(_)) => true,
                    Err(error) => filling.unusable(error),
                };
                if !is_taken {
                    return;
                }
            }
        } else {
            for message in read_hourly(app, from) {
                let is_taken = match message {
                    Ok(message) => peer_of(&message, user).is_none_or(|peer| filling.message(peer, message)),
                    Err(error) => filling.unusable(error),
                };
                if !is_taken {
                    return;
                }
            }
        }
        filling.hand_on();
    }
}

/// What was read since the last one.
#[derive(Default)]
struct Batch {
    /// Of the export that the messages are of.
    header: Option<Header>,
    messages: Vec<(Peer, Message)>,
    bytes: usize,
    unusable: usize,
    cut: bool,
    /// The first of those that are unusable.
    told: Vec<ReadError>,
}

struct Filling {
    batch: Batch,
    told: usize,
    to: mpsc::Sender<Batch>,
}

impl Filling {
    /// `false` when nobody takes it any more; so are the others.
    fn hand_on(&mut self) -> bool {
        self.to.blocking_send(std::mem::take(&mut self.batch)).is_ok()
    }

    fn header(&mut self, header: Header) -> bool {
        let is_taken = self.hand_on();
        self.batch.header = Some(header);
        is_taken
    }

    fn message(&mut self, peer: Peer, message: Message) -> bool {
        self.batch.bytes += message.raw.len();
        self.batch.messages.push((peer, message));
        let is_enough = self.batch.messages.len() >= BATCH || self.batch.bytes >= BATCH_BYTES;
        !is_enough || self.hand_on()
    }

    fn unusable(&mut self, error: ReadError) -> bool {
        self.batch.unusable += 1;
        self.batch.cut |= matches!(error.kind, ReadErrorKind::Truncated | ReadErrorKind::Io(_));
        if self.told < TOLD {
            self.told += 1;
            self.batch.told.push(error);
        }
        !self.to.is_closed()
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
    /// Reads a file; `told` hears of the first lines that cannot be used, and the rest is read all the same. A person's
    /// interrupt is heard meanwhile.
    pub(super) async fn read(&self, from: Source, mut told: impl FnMut(&ReadError)) -> Result<Count, Broken> {
        let (to, mut batches) = mpsc::channel(1);
        let (user, app) = (self.user.clone(), self.app.clone());
        let reading = tokio::task::spawn_blocking(move || from.read(&user, &app, to));
        let mut count = Count::default();
        while let Some(batch) = batches.recv().await {
            batch.told.iter().for_each(&mut told);
            count.unusable += batch.unusable;
            count.cut |= batch.cut;
            if let Some(header) = &batch.header {
                self.check(header)?;
            }
            if !batch.messages.is_empty() {
                count.messages += batch.messages.len();
                let (new, changed) = self.archive.import(batch.messages, self.clock.now()).await?;
                (count.new, count.changed) = (count.new + new, count.changed + changed);
            }
        }
        reading.await.map_err(|_| Failure::local(FailureKind::Local, "reading the file broke off"))?;
        Ok(count)
    }

    fn check(&self, header: &Header) -> Result<(), Broken> {
        match &header.app_key {
            _ if header.account != self.user.as_str() => Err(Broken::Foreign(header.account.clone())),
            Some(other) if other != self.app => Err(Broken::Foreign(format!("{}@{other}", header.account))),
            _ => Ok(()),
        }
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
