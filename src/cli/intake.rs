//! Files read into an archive: exports, and the service's hourly history files.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::mpsc;

use super::Context;
use super::output::Trouble;
use super::pairs;
use crate::domain::{AppKey, ChatType, Clock, Failure, FailureKind, Group, Message, Peer, Profile, UserId};
use crate::engine::{Archive, Names};
use crate::export::{
    FileKind, HEAD, Header, ReadError, ReadErrorKind, ReadItem, Trailer, read_document, read_hourly, read_ndjson,
    unpacked,
};
use crate::report::exit;

/// Messages kept in one transaction at most, and about how many bytes: what a file unpacks to has no bound.
const BATCH: usize = 5_000;
const BATCH_BYTES: usize = 16 << 20;
/// Unusable lines of a file that are told one by one.
const TOLD: usize = 5;

/// A file that can be read in.
pub(super) struct Source {
    head: Vec<u8>,
    kind: FileKind,
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
            kind @ (FileKind::Export | FileKind::Document | FileKind::Hourly) => Ok(Self { head, kind, rest }),
        }
    }

    /// Where an export says that it came from.
    pub(super) fn header(&self) -> Option<Header> {
        let head = Cursor::new(&self.head[..]);
        let mut items: Box<dyn Iterator<Item = _> + '_> = match self.kind {
            FileKind::Document => Box::new(read_document(head)),
            FileKind::Export => Box::new(read_ndjson(head)),
            FileKind::Hourly | FileKind::Derived(_) | FileKind::Unknown => return None,
        };
        items.find_map(|item| if let Ok(ReadItem::Header(header)) = item { Some(header) } else { None })
    }

    /// Reads all of it and hands on batches, until nobody takes them any more; of an app's whole history what `user`
    /// has of it, or everything. Blocks.
    fn read(self, user: Option<&UserId>, app: &AppKey, to: mpsc::Sender<Batch>) {
        let from = BufReader::new(Cursor::new(self.head).chain(self.rest));
        let mut filling = Filling { batch: Batch::default(), is_hourly: self.kind == FileKind::Hourly, told: 0, to };
        if self.kind == FileKind::Hourly {
            for message in read_hourly(app, from) {
                let is_taken = match message {
                    Ok(message) => filling.sort_in(user, message),
                    Err(error) => filling.unusable(error),
                };
                if !is_taken {
                    return;
                }
            }
        } else {
            let items: Box<dyn Iterator<Item = _>> = if self.kind == FileKind::Document {
                Box::new(read_document(from))
            } else {
                Box::new(read_ndjson(from))
            };
            for item in items {
                let is_taken = match item {
                    Ok(ReadItem::Header(header)) => filling.header(header),
                    Ok(ReadItem::Message(read)) => {
                        filling.name(&read.message.from, read.from_name.unwrap_or_default());
                        filling.message(read.peer, read.message)
                    }
                    Ok(ReadItem::Trailer(trailer)) => filling.learn(trailer),
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
    names: Names,
    bytes: usize,
    unusable: usize,
    cut: bool,
    /// Conversations of which all is in the file that there is to look at.
    whole: BTreeSet<Peer>,
    /// The first of those that are unusable.
    told: Vec<ReadError>,
}

/// Characters of a name that are kept; nobody is called longer.
const NAME: usize = 1_000;

fn shortened(name: String) -> String {
    if name.len() <= NAME { name } else { name.chars().take(NAME).collect() }
}

struct Filling {
    batch: Batch,
    is_hourly: bool,
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

    /// A message of the app's own history goes where this person has it; else to the pair that talks.
    fn sort_in(&mut self, user: Option<&UserId>, message: Message) -> bool {
        let Some(user) = user else {
            let Some((peer, name)) = pairs::peer_of(&message) else { return true };
            self.name(peer.id(), name.unwrap_or_default());
            return self.message(peer, message);
        };
        peer_of(&message, user).is_none_or(|peer| self.message(peer, message))
    }

    fn name(&mut self, id: &str, nickname: String) {
        let known = &mut self.batch.names.profiles;
        if !nickname.is_empty() && !known.contains_key(id) {
            let nickname = shortened(nickname);
            self.batch.bytes += id.len() + nickname.len();
            known.insert(id.to_owned(), Profile { nickname });
        }
    }

    /// Names of conversations, which stand at the end.
    fn learn(&mut self, trailer: Trailer) -> bool {
        for count in trailer.conversations {
            let Ok(peer) = count.peer.parse::<Peer>() else { continue };
            self.batch.bytes += peer.id().len();
            self.batch.whole.extend((trailer.is_intact && count.whole).then(|| peer.clone()));
            let Some(name) = count.name else { continue };
            match peer.chat_type {
                ChatType::Single => self.name(peer.id(), name),
                ChatType::Group => {
                    let name = shortened(name);
                    self.batch.bytes += peer.id().len() + name.len();
                    self.batch.names.groups.insert(peer.id().to_owned(), Group { name, members: None });
                }
                ChatType::Room => {}
            }
        }
        self.batch.bytes < BATCH_BYTES || self.hand_on()
    }

    fn message(&mut self, peer: Peer, message: Message) -> bool {
        self.batch.bytes += message.raw.len();
        if self.is_hourly && !self.batch.whole.contains(&peer) {
            self.batch.whole.insert(peer.clone());
        }
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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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
    /// Conversations of which all is in the file that there is to look at: an export says so itself, and an hourly file
    /// is looked at for what it is.
    pub(super) whole: BTreeSet<Peer>,
}

/// Why a file was not read to its end.
pub(super) enum Broken {
    /// It is an export of this account; nothing of it was kept.
    Foreign(String),
    /// The archive failed.
    Archive(Failure),
    /// It was asked to stop.
    Stopped,
}

impl From<Failure> for Broken {
    fn from(failure: Failure) -> Self {
        Self::Archive(failure)
    }
}

/// Where files are read to.
pub(super) struct Intake<'a> {
    pub(super) archive: &'a Archive,
    /// Whose messages; those of everybody where nobody is named.
    pub(super) user: Option<&'a UserId>,
    pub(super) app: &'a AppKey,
    pub(super) clock: &'a dyn Clock,
    /// Names in the file are kept too.
    pub(super) with_names: bool,
    /// Set once reading is to stop.
    pub(super) stop: &'a AtomicBool,
}

impl Intake<'_> {
    /// Reads a file; `told` hears of the first lines that cannot be used, and the rest is read all the same. A person's
    /// interrupt is heard meanwhile. `grows` hears how many messages are kept.
    pub(super) async fn read(
        &self,
        from: Source,
        mut told: impl FnMut(&ReadError),
        mut grows: impl FnMut(usize),
    ) -> Result<Count, Broken> {
        let (to, mut batches) = mpsc::channel(1);
        let (user, app) = (self.user.cloned(), self.app.clone());
        let reading = tokio::task::spawn_blocking(move || from.read(user.as_ref(), &app, to));
        let mut count = Count::default();
        while let Some(batch) = batches.recv().await {
            batch.told.iter().for_each(&mut told);
            count.unusable += batch.unusable;
            count.cut |= batch.cut;
            count.whole.extend(batch.whole);
            if let Some(header) = &batch.header {
                self.check(header)?;
            }
            if !batch.messages.is_empty() {
                count.messages += batch.messages.len();
                let (new, changed) = self.archive.import(batch.messages, self.clock.now()).await?;
                (count.new, count.changed) = (count.new + new, count.changed + changed);
            }
            if self.with_names {
                self.archive.keep_names(&batch.names.profiles, &batch.names.groups).await;
            }
            grows(count.messages);
            if self.stop.load(Ordering::Acquire) {
                return Err(Broken::Stopped);
            }
        }
        reading.await.map_err(|_| Failure::local(FailureKind::Local, "reading the file broke off"))?;
        Ok(count)
    }

    fn check(&self, header: &Header) -> Result<(), Broken> {
        let Some(user) = self.user else { return Ok(()) };
        match &header.app_key {
            _ if header.account != user.as_str() => Err(Broken::Foreign(header.account.clone())),
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
