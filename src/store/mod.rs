//! The archive of one account: every message a server has shown, in one SQLite file.
//!
//! [`Store`] is the handle. What is here was on the server once; [`Store::take`] keeps a page and learns from it what
//! the server no longer has, [`Store::read`] gives pages back without asking anybody. No network, no clock.

mod around;
mod codec;
mod coverage;
mod error;
mod extent;
mod index;
mod key;
mod list;
mod open;
mod peers;
mod purge;
mod read;
mod search;
mod stretch;
mod take;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, Transaction, TransactionBehavior};

pub use around::LocalAround;
pub use error::{StoreError, StoreResult};
pub use extent::Horizon;
pub use list::{KeptList, KeptNames};
pub use read::{At, Local, LocalEnd};
pub use search::{Hit, Hits, SearchScope};
pub use take::{Fetched, Taken};

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
    writer: Mutex<Option<Connection>>,
    readers: Mutex<Vec<Connection>>,
}

impl Store {
    /// The archive of `owner` below `folder`. Touches nothing yet: reading opens it if it is there, writing makes it.
    #[must_use]
    pub fn at(folder: &Path, owner: Owner) -> Self {
        let path = folder.join(owner.file_name());
        Self(Arc::new(Inner { path, owner, writer: Mutex::default(), readers: Mutex::default() }))
    }

    /// Where the file lies.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0.path
    }

    /// Opens for writing and makes what is missing. A file that is not sound is put aside first; says where it is then.
    ///
    /// # Errors
    /// [`StoreError`]; a file of a later format or of another account is not touched.
    pub fn open(&self) -> StoreResult<Option<PathBuf>> {
        let mut writer = self.writer();
        if writer.is_some() {
            return Ok(None);
        }
        match open::writer(&self.0.path, &self.0.owner.text()) {
            Ok(db) => {
                *writer = Some(db);
                Ok(None)
            }
            Err(StoreError::Damaged) => self.renew(&mut writer).map(Some),
            Err(error) => Err(error),
        }
    }

    /// Puts the damaged file aside and begins a new one; gives where the old one is.
    fn renew(&self, writer: &mut Option<Connection>) -> StoreResult<PathBuf> {
        *writer = None;
        self.0.readers.lock().unwrap_or_else(PoisonError::into_inner).clear();
        let aside = open::set_aside(&self.0.path)?;
        tracing::warn!(path = %aside.display(), "the archive was damaged and has been put aside");
        *writer = Some(open::writer(&self.0.path, &self.0.owner.text())?);
        Ok(aside)
    }

    fn writer(&self) -> MutexGuard<'_, Option<Connection>> {
        self.0.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs `work` in one transaction: all of it happens, or nothing.
    fn write<T>(&self, work: impl FnOnce(&Transaction<'_>) -> StoreResult<T>) -> StoreResult<T> {
        self.open()?;
        let mut writer = self.writer();
        let db = writer.as_mut().ok_or(StoreError::ReadOnly)?;
        let change = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let out = work(&change)?;
        change.commit()?;
        Ok(out)
    }

    /// Runs `work` on a reader, all of it on one state of the archive; `None` when there is no archive yet.
    fn reading<T>(&self, work: impl FnOnce(&Connection) -> StoreResult<T>) -> StoreResult<Option<T>> {
        let kept = self.0.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let db = match kept {
            Some(db) => Some(db),
            None => open::reader(&self.0.path, &self.0.owner.text())?,
        };
        let Some(db) = db else { return Ok(None) };
        let moment = db.unchecked_transaction()?;
        let out = work(&moment)?;
        moment.finish()?;
        let mut readers = self.0.readers.lock().unwrap_or_else(PoisonError::into_inner);
        if readers.len() < READERS {
            readers.push(db);
        }
        Ok(Some(out))
    }
}
