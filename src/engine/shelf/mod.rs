//! Files of mirrored messages, in a folder beside the archive: each once, with a manifest of what they are.
//!
//! `manifest.ndjson` has one object for each message that has a file: see [`manifest::Entry`]. A file counts as here
//! when the manifest has it and its length is right. What is taken out of the archive because the server deleted it
//! takes its files along, unless another message has the same file. Several programs may work in one folder.

mod manifest;
mod place;

use std::collections::{HashMap, HashSet};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use thiserror::Error;

use self::manifest::{Entry, Kept, Manifest, Mark};
use crate::domain::{Failure, FailureKind, Message, MessageId, Peer, ServerTime};
use crate::export::{file_name, free_name, sha256};

/// Why a file could not be kept or taken out.
#[derive(Debug, Error)]
pub enum ShelfError {
    /// A link, a pipe or anything else stands where a folder or a file of ours should; it was not touched.
    #[error("{0} is in the way")]
    InTheWay(PathBuf),
    /// The system said so.
    #[error("{path}: {source}")]
    Io {
        /// Of which file or folder.
        path: PathBuf,
        /// What it said.
        source: io::Error,
    },
}

impl From<ShelfError> for Failure {
    fn from(error: ShelfError) -> Self {
        let kind = match &error {
            ShelfError::Io { source, .. } if source.kind() == io::ErrorKind::StorageFull => FailureKind::DiskFull,
            ShelfError::Io { .. } | ShelfError::InTheWay(_) => FailureKind::Local,
        };
        Self::local(kind, error.to_string())
    }
}

/// What is known of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// It is here.
    Here,
    /// The server had it no more when it was asked then.
    Expired(ServerTime),
    /// It was not asked for yet, or is lost.
    Nowhere,
}

/// A file that is here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptFile {
    /// Where it lies.
    pub at: PathBuf,
    /// The same from the folder, with `/`.
    pub path: String,
    /// Its length.
    pub bytes: u64,
    /// Its hash, as hexadecimal digits.
    pub sha256: String,
}

/// A file of a message.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// Its id.
    pub file: &'a str,
    /// Of which conversation.
    pub peer: &'a Peer,
    /// Of which message.
    pub message: &'a Message,
    /// The time now.
    pub now: ServerTime,
}

/// Messages whose files go.
#[derive(Clone, Copy, Debug)]
pub(super) enum Going<'a> {
    /// These.
    Ids(&'a [MessageId]),
    /// All at or before a time.
    Through(ServerTime),
    /// All.
    All,
}

/// The folder beside an archive; clones share it.
#[derive(Clone)]
pub struct Shelf(Arc<Inner>);

struct Inner {
    folder: PathBuf,
    /// Nobody else has anything to do with it.
    is_ours: bool,
    state: Mutex<State>,
}

/// The manifest as it was read last.
#[derive(Default)]
struct State {
    manifest: Manifest,
    /// What of the file has been read.
    read: Option<Mark>,
    /// Names in use, in lower case, by folder.
    names: HashMap<String, HashSet<String>>,
}

impl Shelf {
    /// The folder that belongs to the archive at `archive`. Touches nothing yet.
    pub(super) fn beside(archive: &Path) -> Self {
        Self::new(archive.with_extension("files"), true)
    }

    /// Any folder, for files that are taken along; one that is there keeps its rights. Touches nothing yet.
    #[must_use]
    pub fn at(folder: PathBuf) -> Self {
        Self::new(folder, false)
    }

    fn new(folder: PathBuf, is_ours: bool) -> Self {
        Self(Arc::new(Inner { folder, is_ours, state: Mutex::default() }))
    }

    /// Where it lies.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.0.folder
    }

    /// Makes what is missing and takes the rights of others away, so that what stands in the way is told before
    /// anything is downloaded.
    ///
    /// # Errors
    /// [`ShelfError`].
    pub fn make(&self) -> Result<(), ShelfError> {
        self.working().map(drop)
    }

    /// What is known of a file. One that is here for another message counts for this one from now on too.
    ///
    /// # Errors
    /// [`ShelfError`].
    pub fn find(&self, wanted: &Wanted<'_>) -> Result<Found, ShelfError> {
        self.working()?.find(wanted)
    }

    /// A file that is here.
    ///
    /// # Errors
    /// [`ShelfError`].
    pub fn file(&self, wanted: &Wanted<'_>) -> Result<Option<KeptFile>, ShelfError> {
        // Nothing is made where nothing was ever kept.
        if !self.0.folder.exists() {
            return Ok(None);
        }
        let mut working = self.working()?;
        if working.find(wanted)? != Found::Here {
            return Ok(None);
        }
        let entries = working.state.manifest.of_file(wanted.file);
        let kept = entries.iter().filter_map(|entry| entry.kept.clone()).next_back();
        Ok(kept.map(|Kept { path, bytes, sha256 }| KeptFile { at: self.0.folder.join(&path), path, bytes, sha256 }))
    }

    /// Writes a file whole or not at all, under a name that nothing else has. `is_wanted` is asked last: a message that
    /// was deleted meanwhile must not get its file back; gives whether it was kept.
    ///
    /// # Errors
    /// [`ShelfError`].
    pub fn put(
        &self,
        wanted: &Wanted<'_>,
        name: &str,
        bytes: &[u8],
        is_wanted: impl FnOnce() -> bool,
    ) -> Result<bool, ShelfError> {
        let mut working = self.working()?;
        if !is_wanted() {
            return Ok(false);
        }
        // Another program may have been quicker.
        if working.find(wanted)? != Found::Here {
            working.write(wanted, name, bytes)?;
        }
        Ok(true)
    }

    /// Notes that the server had the file no more at `at`.
    ///
    /// # Errors
    /// [`ShelfError`].
    pub fn expired(&self, wanted: &Wanted<'_>, at: ServerTime) -> Result<(), ShelfError> {
        self.working()?.note(Entry::of(wanted, None, Some(at)))
    }

    /// Takes out the files of messages, of one conversation or of all, and what the manifest says of them. Nothing is
    /// made where nothing was ever kept.
    pub(super) fn forget(&self, peer: Option<&Peer>, going: Going<'_>) -> Result<(), ShelfError> {
        let peer = peer.map(ToString::to_string);
        self.forget_each(|entry| peer.as_ref().is_none_or(|peer| entry.peer == *peer) && entry.is_of(going))
    }

    /// Takes out the files of messages that were deleted. A run that was killed, or a file that could not be removed,
    /// leaves some.
    pub(super) fn tidy(&self, is_deleted: impl Fn(&Peer, MessageId, ServerTime) -> bool) -> Result<(), ShelfError> {
        self.forget_each(|entry| match (entry.peer.parse(), entry.id.parse()) {
            (Ok(peer), Ok(id)) => is_deleted(&peer, id, ServerTime(entry.time)),
            _ => false,
        })
    }

    fn forget_each(&self, goes: impl Fn(&Entry) -> bool) -> Result<(), ShelfError> {
        if fs::symlink_metadata(&self.0.folder).is_err_and(|error| error.kind() == io::ErrorKind::NotFound) {
            return Ok(());
        }
        self.working()?.forget(goes)
    }

    /// Waits until no other program works in the folder, and reads what one may have changed.
    fn working(&self) -> Result<Working<'_>, ShelfError> {
        let folder = &self.0.folder;
        let mut state = self.0.state.lock().unwrap_or_else(PoisonError::into_inner);
        place::make_private(folder, self.0.is_ours)?;
        let lock = place::lock(&folder.join(manifest::LOCK))?;
        let path = folder.join(manifest::NAME);
        let (file, mark) = manifest::open(&path)?;
        if state.read.is_none() {
            // Whoever holds the lock is the only one that writes: what a run left that was killed is nobody's.
            place::sweep(folder);
        }
        if state.read != Some(mark) {
            let (manifest, mark) = Manifest::read(file, &path)?;
            *state = State { manifest, read: Some(mark), names: HashMap::new() };
        }
        Ok(Working { folder, state, _lock: lock })
    }
}

/// One at work in the folder.
struct Working<'a> {
    folder: &'a Path,
    state: MutexGuard<'a, State>,
    _lock: fs::File,
}

impl Working<'_> {
    fn find(&mut self, wanted: &Wanted<'_>) -> Result<Found, ShelfError> {
        let folder = self.folder;
        let is_here = |kept: &Kept| {
            let found = fs::symlink_metadata(folder.join(&kept.path));
            found.is_ok_and(|found| found.is_file() && found.len() == kept.bytes)
        };
        let entries = self.state.manifest.of_file(wanted.file);
        if let Some(kept) = entries.iter().filter_map(|entry| entry.kept.as_ref()).find(|kept| is_here(kept)) {
            let entry = Entry::of(wanted, Some(kept.clone()), None);
            if !entries.contains(&entry) {
                self.note(entry)?;
            }
            return Ok(Found::Here);
        }
        let expired = entries.iter().filter_map(|entry| entry.expired).max();
        Ok(expired.map_or(Found::Nowhere, |at| Found::Expired(ServerTime(at))))
    }

    /// The manifest names a file before it is there: whatever ends this, none lies here that nobody knows of.
    fn write(&mut self, wanted: &Wanted<'_>, name: &str, bytes: &[u8]) -> Result<(), ShelfError> {
        let inner = file_name(&wanted.peer.to_string());
        let inner = if inner.eq_ignore_ascii_case(manifest::NAME) { format!("_{inner}") } else { inner };
        let folder = self.folder.join(&inner);
        place::make_private(&folder, true)?;
        let failed = |source| ShelfError::Io { path: folder.clone(), source };
        if !self.state.names.contains_key(&inner) {
            let names = fs::read_dir(&folder).map_err(failed)?;
            let names = names.filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().to_lowercase()));
            self.state.names.insert(inner.clone(), names.collect());
        }
        let mut part = place::part(&folder).map_err(failed)?;
        part.write_all(bytes).and_then(|()| part.as_file().sync_all()).map_err(failed)?;
        let (bytes, sha256) = (bytes.len() as u64, sha256(bytes));
        loop {
            let taken = self.state.names.entry(inner.clone()).or_default();
            let name = free_name(&file_name(name), |name| taken.contains(&name.to_lowercase()));
            taken.insert(name.to_lowercase());
            let at = folder.join(&name);
            // Never one of another's that was put there since the names were read.
            if fs::symlink_metadata(&at).is_ok() {
                continue;
            }
            let kept = Kept { path: format!("{inner}/{name}"), bytes, sha256: sha256.clone() };
            self.note(Entry::of(wanted, Some(kept), None))?;
            match part.persist_noclobber(at) {
                Ok(_) => return Ok(()),
                Err(lost) if lost.error.kind() == io::ErrorKind::AlreadyExists => part = lost.file,
                Err(lost) => return Err(failed(lost.error)),
            }
        }
    }

    fn note(&mut self, entry: Entry) -> Result<(), ShelfError> {
        let mark = manifest::append(&self.folder.join(manifest::NAME), &entry)?;
        self.state.manifest.add(entry);
        self.state.read = Some(mark);
        Ok(())
    }

    /// Files go first: what the manifest does not name any more nobody finds again.
    fn forget(&mut self, goes: impl Fn(&Entry) -> bool) -> Result<(), ShelfError> {
        let gone = self.state.manifest.take(goes);
        if gone.is_empty() {
            return Ok(());
        }
        let (mut failed, still_used) = (None, self.state.manifest.paths());
        for entry in gone {
            let path = entry.kept.as_ref().map(|kept| &kept.path).filter(|path| !still_used.contains(*path));
            let path = path.map(|path| self.folder.join(path));
            let removed = path.as_deref().map_or(Ok(()), fs::remove_file);
            match (removed, path) {
                (Err(source), Some(path)) if source.kind() != io::ErrorKind::NotFound => {
                    failed = Some(ShelfError::Io { path, source });
                    self.state.manifest.add(entry);
                }
                (_, path) => {
                    // It goes with its last file.
                    path.as_deref().and_then(Path::parent).map(fs::remove_dir).into_iter().for_each(drop);
                }
            }
        }
        self.state.names.clear();
        // Whatever ends this, the file is read again.
        self.state.read = None;
        self.state.manifest.write(&self.folder.join(manifest::NAME))?;
        failed.map_or(Ok(()), Err)
    }
}
