//! The archive of one account: every message a server has shown, in one SQLite file.
//!
//! [`Store`] is the handle. What is here was on the server once; [`Store::take`] keeps a page and learns from it what
//! the server no longer has, [`Store::read`] gives pages back without asking anybody. No network, no clock.

mod around;
mod bookmarks;
mod codec;
mod compact;
mod coverage;
mod discard;
mod error;
mod extent;
mod facts;
#[cfg(test)]
mod full_tests;
mod holes;
mod index;
mod judge;
mod keep;
mod key;
mod list;
mod mend;
mod open;
mod pack;
mod peers;
mod place;
mod purge;
mod put;
mod read;
mod repack;
mod scrub;
mod search;
mod status;
mod stretch;
mod sync;
mod take;
mod verify;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, Transaction, TransactionBehavior};

pub use around::LocalAround;
pub use codec::Packed;
pub use compact::Compacted;
pub use discard::{Discard, Going};
pub use error::{StoreError, StoreResult};
pub use holes::Hole;
pub use list::{KeptList, KeptNames};
pub use read::{At, Local, LocalEnd};
pub use search::{Hits, SearchScope};
pub use status::{Kept, Status};
pub use sync::Front;
pub use take::{Fetched, Taken};
pub use verify::{Fault, Finding, Verified};

use self::place::Mark;
use crate::domain::{AppKey, UserId};

/// Readers kept open for the next reading.
const READERS: usize = 4;

/// Whose archive it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// REST address of the service.
    pub api: String,
    /// The app.
    pub app_key: AppKey,
    /// The user whose view it is.
    pub user: UserId,
}

impl Owner {
    fn text(&self) -> String {
        format!("{} {} {}", self.user.as_str(), self.app_key, self.api.trim_end_matches('/'))
    }

    /// The name of the file: readable, and different for every account.
    #[must_use]
    pub fn file_name(&self) -> String {
        use sha2::{Digest, Sha256};
        let print = Sha256::digest(self.text().as_bytes());
        let [a, b, c, d, ..] = print[..] else { return "archive.db".to_owned() };
        let print = u32::from_be_bytes([a, b, c, d]);
        format!("{}@{}-{}-{print:08x}.db", self.user.as_str(), self.app_key.org(), self.app_key.app())
    }
}

/// A handle on the archive; clones share it. One writer, several readers that never wait for it.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    path: PathBuf,
    owner: Owner,
    writer: Mutex<Option<Opened>>,
    readers: Mutex<Vec<Opened>>,
    /// Where a damaged archive was put, until that is told.
    aside: Mutex<Option<PathBuf>>,
    /// Reading met something damaged.
    is_suspect: AtomicBool,
    /// What was deleted may still stand in the log of changes.
    is_stained: AtomicBool,
    /// What a page brings that was sent before this, in ms, is not kept.
    since: AtomicI64,
}

/// A connection and the file it was made to.
struct Opened {
    db: Connection,
    file: Mark,
}

impl Store {
    /// Whose it is.
    #[must_use]
    pub fn owner(&self) -> &Owner {
        &self.0.owner
    }

    /// The archive of `owner` below `folder`. Touches nothing yet: reading opens it if it is there, writing makes it.
    #[must_use]
    pub fn at(folder: &Path, owner: Owner) -> Self {
        let path = folder.join(owner.file_name());
        Self(Arc::new(Inner {
            path,
            owner,
            writer: Mutex::default(),
            readers: Mutex::default(),
            aside: Mutex::default(),
            is_suspect: AtomicBool::default(),
            is_stained: AtomicBool::default(),
            since: AtomicI64::default(),
        }))
    }

    /// Where the file lies.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0.path
    }

    /// Where an archive lies that was damaged and had to be put aside; told once.
    #[must_use]
    pub fn put_aside(&self) -> Option<PathBuf> {
        locked(&self.0.aside).take()
    }

    /// Damaged archives that lie beside this one, until somebody removes them; with their sizes in bytes.
    #[must_use]
    pub fn asides(&self) -> Vec<(PathBuf, u64)> {
        let found = place::put_aside(&self.0.path).into_iter().filter(|path| path.is_file());
        found.map(|path| (place::sizes(&path).0, path)).map(|(bytes, path)| (path, bytes)).collect()
    }

    /// Removes them for good.
    ///
    /// # Errors
    /// [`StoreError::Io`] for the first that stays.
    pub fn remove_asides(&self) -> StoreResult<()> {
        place::put_aside(&self.0.path).iter().try_for_each(|path| place::remove_aside(path))
    }

    /// Opens for writing and makes what is missing. A file that is not sound is put aside first.
    ///
    /// # Errors
    /// [`StoreError`]; a file of a later format or of another account is not touched.
    pub fn open(&self) -> StoreResult<()> {
        self.ready(&mut self.writer())
    }

    fn suspect(&self) {
        self.0.is_suspect.store(true, Ordering::Release);
    }

    fn writer(&self) -> MutexGuard<'_, Option<Opened>> {
        locked(&self.0.writer)
    }

    /// Makes sure that the writer is there, and writes to the file that lies at the path now.
    fn ready(&self, writer: &mut Option<Opened>) -> StoreResult<()> {
        let there = place::look(&self.0.path).ok().flatten();
        if there.is_none() || writer.as_ref().map(|opened| opened.file) != there {
            *writer = None;
            match self.connect() {
                Ok(opened) => *writer = Some(opened),
                Err(StoreError::Damaged) => self.renew(writer)?,
                Err(error) => return Err(error),
            }
        }
        if self.0.is_suspect.swap(false, Ordering::AcqRel) { self.repair(writer) } else { Ok(()) }
    }

    fn connect(&self) -> StoreResult<Opened> {
        let file = place::make(&self.0.path)?;
        let db = open::writer(&self.0.path, &self.0.owner.text())?;
        // A run that was killed leaves its log behind.
        self.0.is_stained.store(!scrub::empty_log(&db, Duration::ZERO)?, Ordering::Release);
        Ok(Opened { db, file })
    }

    /// Something is damaged: an index is made anew, any other file is put aside and a new one begun.
    fn repair(&self, writer: &mut Option<Opened>) -> StoreResult<()> {
        match writer.as_mut().map(|opened| mend::mend(&mut opened.db)) {
            Some(Ok(true)) => Ok(()),
            Some(Ok(false) | Err(StoreError::Damaged)) | None => self.renew(writer),
            Some(Err(error)) => Err(error),
        }
    }

    /// Puts the damaged file aside and begins a new one.
    fn renew(&self, writer: &mut Option<Opened>) -> StoreResult<()> {
        *writer = None;
        locked(&self.0.readers).clear();
        let aside = place::set_aside(&self.0.path)?;
        tracing::warn!(path = %aside.display(), "the archive was damaged and has been put aside");
        *locked(&self.0.aside) = Some(aside);
        *writer = Some(self.connect()?);
        Ok(())
    }

    /// Runs `work` in one transaction: all of it happens, or nothing. It runs again where the first time showed that
    /// the file was damaged.
    fn write<T>(&self, mut work: impl FnMut(&Transaction<'_>) -> StoreResult<T>) -> StoreResult<T> {
        let mut writer = self.writer();
        self.ready(&mut writer)?;
        let mut attempt = |writer: &mut Option<Opened>| {
            let db = &mut writer.as_mut().ok_or(StoreError::ReadOnly)?.db;
            let change = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let out = work(&change)?;
            change.commit()?;
            Ok(out)
        };
        let outcome = match attempt(&mut writer) {
            Err(StoreError::Damaged) => {
                self.repair(&mut writer)?;
                attempt(&mut writer)
            }
            outcome => outcome,
        };
        if self.0.is_stained.load(Ordering::Acquire) {
            self.0.scrub(writer.as_ref(), Duration::ZERO);
        }
        outcome
    }

    /// Runs `work` on a reader, all of it on one state of the archive; `None` when there is no archive yet. It runs again
    /// where the first time showed that the file was damaged and it could be put right.
    fn reading<T>(&self, mut work: impl FnMut(&Connection) -> StoreResult<T>) -> StoreResult<Option<T>> {
        let outcome = self.read_once(&mut work);
        if !matches!(outcome, Err(StoreError::Damaged)) {
            return outcome;
        }
        self.suspect();
        match self.open() {
            Ok(()) => self.read_once(&mut work),
            Err(_) => outcome,
        }
    }

    fn read_once<T>(&self, work: impl FnMut(&Connection) -> StoreResult<T>) -> StoreResult<Option<T>> {
        let Some(file) = place::look(&self.0.path)? else { return Ok(None) };
        let kept = locked(&self.0.readers).pop().filter(|kept| kept.file == file);
        let db = match kept {
            Some(kept) => Some(kept.db),
            None => open::reader(&self.0.path, &self.0.owner.text())?,
        };
        let Some(db) = db else { return Ok(None) };
        let outcome = whole(&db, work);
        let mut readers = locked(&self.0.readers);
        if readers.len() < READERS && !matches!(outcome, Err(StoreError::Damaged)) {
            readers.push(Opened { db, file });
        }
        outcome.map(Some)
    }
}

fn whole<T>(db: &Connection, mut work: impl FnMut(&Connection) -> StoreResult<T>) -> StoreResult<T> {
    let moment = db.unchecked_transaction()?;
    let out = work(&moment)?;
    moment.finish()?;
    Ok(out)
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
