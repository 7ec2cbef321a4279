//! The sandbox's data in one SQLite file. SQL takes parameters only; one connection, short transactions.

pub mod channels;
pub mod facts;
pub mod messages;
pub mod rooms;
pub mod seed;
pub mod users;
pub mod views;

use std::fs::OpenOptions;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, Transaction};

/// Result of anything that touches the database.
pub type DbResult<T> = rusqlite::Result<T>;

const SCHEMA: &str = include_str!("../../../assets/server/schema.sql");

/// A handle on the database; clones share the connection.
#[derive(Clone)]
pub struct Db(Arc<Mutex<Connection>>);

impl Db {
    /// Opens or makes the file; `None` keeps everything in memory.
    ///
    /// # Errors
    /// When SQLite cannot open the file or it is not ours.
    pub fn open(path: Option<&Path>) -> DbResult<Self> {
        let db = match path {
            Some(path) => {
                make_private(path)?;
                Connection::open(path)?
            }
            None => Connection::open_in_memory()?,
        };
        db.pragma_update(None, "journal_mode", "WAL")?;
        db.pragma_update(None, "synchronous", "OFF")?;
        db.set_prepared_statement_cache_capacity(64);
        if db.pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0))? == 0 {
            db.execute_batch(&format!("BEGIN; {SCHEMA} PRAGMA user_version = 1; COMMIT;"))?;
        }
        Ok(Self(Arc::new(Mutex::new(db))))
    }

    /// The connection, for reading or for one statement.
    pub fn get(&self) -> MutexGuard<'_, Connection> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs `work` in one transaction: all of it happens, or nothing.
    ///
    /// # Errors
    /// Whatever `work` or the commit fails with.
    pub fn write<T>(&self, work: impl FnOnce(&Transaction<'_>) -> DbResult<T>) -> DbResult<T> {
        let mut db = self.get();
        let change = db.transaction()?;
        let out = work(&change)?;
        change.commit()?;
        Ok(out)
    }
}

/// Makes the file its owner's alone: it holds passwords and messages. SQLite gives its other files the same rights.
fn make_private(path: &Path) -> DbResult<()> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let unusable = || rusqlite::Error::InvalidPath(path.to_owned());
    options.open(path).map(drop).map_err(|_| unusable())
}
