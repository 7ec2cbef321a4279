//! `import`: exports and the service's hourly history files, read into the archive.

use std::fs::File;
use std::io::{self, BufReader, Cursor, Read};
use std::path::{Path, PathBuf};

use serde_json::json;

use super::output::{Mode, Printer, Trouble, note};
use super::{Context, archive, session};
use crate::domain::{ChatType, Failure, Message, Peer, UserId};
use crate::engine::Archive;
use crate::export::{ReadError, ReadItem, SCHEMA, read_hourly, read_ndjson, unpacked};
use crate::report::exit;

/// Messages kept in one transaction.
const BATCH: usize = 5_000;
/// Bytes in which an export says that it is one.
const HEAD: u64 = 4096;
/// Unusable lines that are told one by one.
const TOLD: usize = 5;

/// Reads each file; what is unusable is told, counted and left out.
pub(super) async fn import(context: &Context, files: &[PathBuf]) -> Result<u8, Trouble> {
    let target = session::unconnected(context)?;
    let no_home = || Trouble::Said(context.texts.t("config-no-home"), exit::OTHER);
    let archive = session::archive(&target.profile).ok_or_else(no_home)?;
    let mut printer =
        Printer::start(context.mode(), json!({"schema": "manyou.import/1", "user": target.profile.user}))?;
    let mut bad = 0;
    for path in files {
        let mut intake =
            Intake { context, path, archive: &archive, user: &target.profile.user, count: Count::default() };
        intake.file(&target.profile.app_key).await?;
        let Count { messages, new, changed, unusable, .. } = intake.count;
        bad += unusable;
        let record = || {
            json!({"path": path.display().to_string(), "messages": messages, "new": new, "changed": changed,
                   "unusable": unusable})
        };
        let args = [
            ("path", path.display().to_string().into()),
            ("n", messages.to_string().into()),
            ("new", new.to_string().into()),
            ("changed", changed.to_string().into()),
            ("bad", unusable.to_string().into()),
        ];
        printer.record(record, || context.texts.tr("import-done", &args))?;
    }
    archive.index().await;
    let aside = archive::tell_put_aside(context, &archive);
    printer.end(json!({"count": files.len(), "unusable": bad, "complete": bad == 0, "put_aside": aside}))?;
    Ok(if bad == 0 { exit::DONE } else { exit::PARTLY })
}

#[derive(Default)]
struct Count {
    messages: usize,
    new: usize,
    changed: usize,
    unusable: usize,
    ended: bool,
}

struct Intake<'a> {
    context: &'a Context,
    path: &'a Path,
    archive: &'a Archive,
    user: &'a UserId,
    count: Count,
}

impl Intake<'_> {
    async fn file(&mut self, app: &crate::domain::AppKey) -> Result<(), Trouble> {
        let unreadable = |e: io::Error| Trouble::Said(format!("{}: {e}", self.path.display()), exit::OTHER);
        let mut from = unpacked(File::open(self.path).map_err(unreadable)?).map_err(unreadable)?;
        let mut head = Vec::new();
        from.by_ref().take(HEAD).read_to_end(&mut head).map_err(unreadable)?;
        let is_export = head.windows(SCHEMA.len()).any(|part| part == SCHEMA.as_bytes());
        let from = BufReader::new(Cursor::new(head).chain(from));
        let mut batch = Vec::with_capacity(BATCH);
        if is_export {
            for item in read_ndjson(from) {
                match item {
                    Ok(ReadItem::Header(header)) if header.account != self.user.as_str() => {
                        return Err(self.foreign(&header.account));
                    }
                    Ok(ReadItem::Header(header)) if header.app_key.as_ref().is_some_and(|other| other != app) => {
                        let other = header.app_key.map(|other| other.to_string()).unwrap_or_default();
                        return Err(self.foreign(&format!("{}@{other}", header.account)));
                    }
                    Ok(ReadItem::Header(_)) => self.count.ended = false,
                    Ok(ReadItem::Message(read)) => batch.push((read.peer, read.message)),
                    Ok(ReadItem::Trailer(_)) => self.count.ended = true,
                    Err(error) => self.unusable(&error),
                }
                self.keep(&mut batch, BATCH).await?;
            }
        } else {
            self.count.ended = true;
            for message in read_hourly(app, from) {
                match message {
                    Ok(message) => batch.extend(self.peer(&message).map(|peer| (peer, message))),
                    Err(error) => self.unusable(&error),
                }
                self.keep(&mut batch, BATCH).await?;
            }
        }
        self.keep(&mut batch, 1).await?;
        if !self.count.ended && self.context.mode() == Mode::Plain {
            let args = [("path", self.path.display().to_string().into())];
            note(&self.context.global, &self.context.texts.tr("import-cut", &args));
        }
        Ok(())
    }

    /// Keeps what came, once it is enough.
    async fn keep(&mut self, batch: &mut Vec<(Peer, Message)>, enough: usize) -> Result<(), Trouble> {
        if batch.len() < enough {
            return Ok(());
        }
        let (at, came) = (self.context.clock.now(), std::mem::take(batch));
        self.count.messages += came.len();
        let failed = |failure: Failure| Trouble::failed(failure, self.user.to_string());
        let (new, changed) = self.archive.import(came, at).await.map_err(failed)?;
        (self.count.new, self.count.changed) = (self.count.new + new, self.count.changed + changed);
        Ok(())
    }

    /// In whose conversation a message of the app's own history stands; none where it is of other people.
    fn peer(&self, message: &Message) -> Option<Peer> {
        let me = self.user.as_str();
        match message.chat_type {
            ChatType::Single if message.from == me => Peer::new(ChatType::Single, &message.to).ok(),
            ChatType::Single if message.to == me => Peer::new(ChatType::Single, &message.from).ok(),
            ChatType::Single => None,
            kind @ (ChatType::Group | ChatType::Room) => Peer::new(kind, &message.to).ok(),
        }
    }

    fn foreign(&self, account: &str) -> Trouble {
        let args = [("path", self.path.display().to_string().into()), ("account", account.into())];
        Trouble::Said(self.context.texts.tr("import-foreign", &args), exit::IDENTITY)
    }

    fn unusable(&mut self, error: &ReadError) {
        self.count.unusable += 1;
        if self.count.unusable <= TOLD {
            let args = [
                ("path", self.path.display().to_string().into()),
                ("line", error.line.to_string().into()),
                ("why", error.kind.to_string().into()),
            ];
            note(&self.context.global, &self.context.texts.tr("import-line", &args));
        }
    }
}
