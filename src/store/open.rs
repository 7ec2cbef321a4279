//! Opening an archive: whose it is, and which format.

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, OptionalExtension};

use super::error::{StoreError, StoreResult};
use super::index;

/// Forward only; the place in the list is the format's number less one.
const MIGRATIONS: [&str; 4] = [
    include_str!("../../assets/migrations/0001_archive.sql"),
    include_str!("../../assets/migrations/0002_packed.sql"),
    include_str!("../../assets/migrations/0003_bookmarks.sql"),
    include_str!("../../assets/migrations/0004_zstd.sql"),
];

/// Formats from this on are read as they are: nobody waits for the file to be brought up to date.
const READABLE: i64 = 1;

/// How long a write waits for another program's.
pub(super) const BUSY: Duration = Duration::from_secs(5);

/// Memory the writer keeps pages in; negative, as SQLite counts KiB.
const CACHE_KIB: i64 = -8_192;

/// Pages of 4 KiB in the log of changes before they are written back.
const LOG_PAGES: i64 = 4_000;

/// The format this program writes.
pub(super) const FORMAT: i64 = MIGRATIONS.len() as i64;

/// Opens the file at `path` for writing, brings the format up to date and checks the owner. Each migration is one
/// transaction: whatever ends the program in it, the file is as before.
pub(super) fn writer(path: &Path, owner: &str) -> StoreResult<Connection> {
    let mut db =
        Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    db.busy_timeout(BUSY)?;
    plan_once(&db)?;
    let found = format(&db)?;
    if found > FORMAT {
        return Err(StoreError::Newer { found, known: FORMAT });
    }
    if found > 0 {
        check_owner(&db, owner)?;
    }
    keep_log(&db)?;
    db.pragma_update(None, "synchronous", "NORMAL")?;
    // What is deleted is overwritten, not only unlinked.
    db.pragma_update(None, "secure_delete", "ON")?;
    db.pragma_update(None, "temp_store", "MEMORY")?;
    // History comes newest first, so that the same pages of the file change again and again: they stay in memory, and
    // are written back seldom.
    db.pragma_update(None, "cache_size", CACHE_KIB)?;
    db.pragma_update(None, "wal_autocheckpoint", LOG_PAGES)?;
    db.set_prepared_statement_cache_capacity(64);
    migrate(&mut db, owner)?;
    let change = db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    index::check_version(&change)?;
    change.commit()?;
    Ok(db)
}

/// Statements are planned once, not anew for each id that is bound: the indexes that hold only some rows make SQLite
/// look at what is bound.
fn plan_once(db: &Connection) -> StoreResult<()> {
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

/// Changes go to a log beside the file. SQLite does not wait for others by itself while it switches to that.
fn keep_log(db: &Connection) -> StoreResult<()> {
    const PAUSE: Duration = Duration::from_millis(10);
    let mut left = BUSY;
    loop {
        match db.pragma_update(None, "journal_mode", "WAL").map_err(StoreError::from) {
            Err(StoreError::Busy) if left > PAUSE => std::thread::sleep(PAUSE),
            outcome => return outcome,
        }
        left -= PAUSE;
    }
}

/// Opens for reading only; nothing in the file is changed. `None` when it must be brought up to date first.
pub(super) fn reader(path: &Path, owner: &str) -> StoreResult<Option<Connection>> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = match Connection::open_with_flags(path, flags) {
        Ok(db) => db,
        Err(_) => Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?,
    };
    db.busy_timeout(BUSY)?;
    plan_once(&db)?;
    db.pragma_update(None, "query_only", "ON")?;
    db.set_prepared_statement_cache_capacity(32);
    match format(&db)? {
        0 => return Ok(None),
        found if found > FORMAT => return Err(StoreError::Newer { found, known: FORMAT }),
        found if found < READABLE => return Ok(None),
        _ => {}
    }
    check_owner(&db, owner)?;
    Ok(Some(db))
}

/// The format of the file; 0 before it has one.
pub(super) fn format(db: &Connection) -> StoreResult<i64> {
    Ok(db.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

fn check_owner(db: &Connection, owner: &str) -> StoreResult<()> {
    let found: Option<String> =
        db.query_row("SELECT value FROM facts WHERE key = 'owner'", [], |row| row.get(0)).optional()?;
    match found {
        Some(found) if found != owner => Err(StoreError::OtherAccount(found)),
        _ => Ok(()),
    }
}

/// The names of all that this format has, each with how it is made.
pub(super) fn made_anew() -> StoreResult<Vec<(String, String)>> {
    let db = Connection::open_in_memory()?;
    MIGRATIONS.iter().try_for_each(|sql| db.execute_batch(sql))?;
    made(&db)
}

/// The same of a file. The index of words is left out: it is made anew on its own.
pub(super) fn made(db: &Connection) -> StoreResult<Vec<(String, String)>> {
    let mut ask = db.prepare(
        "SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'search%' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
         ORDER BY name",
    )?;
    Ok(ask.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?)
}

fn migrate(db: &mut Connection, owner: &str) -> StoreResult<()> {
    loop {
        let step = db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        // Another program may have done it meanwhile.
        let found = format(&step)?;
        let Some(sql) = usize::try_from(found).ok().and_then(|n| MIGRATIONS.get(n)) else { return Ok(()) };
        step.execute_batch(sql)?;
        if found == 0 {
            step.execute("INSERT INTO facts (key, value) VALUES ('owner', ?1)", [owner])?;
        }
        step.pragma_update(None, "user_version", found + 1)?;
        step.commit()?;
    }
}
