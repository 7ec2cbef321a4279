//! Opening an archive: whose it is, which format, and what to do with a file that is not sound.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, OptionalExtension};

use super::error::{StoreError, StoreResult};
use super::index;

/// Forward only; the place in the list is the format's number less one.
const MIGRATIONS: [&str; 1] = [include_str!("../../assets/migrations/0001_archive.sql")];

/// How long a write waits for another program's.
const BUSY: Duration = Duration::from_secs(5);

/// The format this program writes.
pub(super) const FORMAT: i64 = MIGRATIONS.len() as i64;

/// Opens for writing, makes what is missing, brings the format up to date and checks the owner. Each migration is one
/// transaction: whatever ends the program in it, the file is as before.
pub(super) fn writer(path: &Path, owner: &str) -> StoreResult<Connection> {
    if let Some(folder) = path.parent() {
        make_private(folder).map_err(|source| StoreError::Io { path: folder.to_owned(), source })?;
    }
    make_file(path).map_err(|source| StoreError::Io { path: path.to_owned(), source })?;
    let mut db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    db.busy_timeout(BUSY)?;
    let found = format(&db)?;
    if found > FORMAT {
        return Err(StoreError::Newer { found, known: FORMAT });
    }
    if found > 0 {
        check_owner(&db, owner)?;
    }
    db.pragma_update(None, "journal_mode", "WAL")?;
    db.pragma_update(None, "synchronous", "NORMAL")?;
    // What is deleted is overwritten, not only unlinked.
    db.pragma_update(None, "secure_delete", "ON")?;
    db.pragma_update(None, "temp_store", "MEMORY")?;
    db.set_prepared_statement_cache_capacity(64);
    migrate(&mut db, owner)?;
    let change = db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    index::check_version(&change)?;
    change.commit()?;
    Ok(db)
}

/// Opens for reading only; nothing is made or changed. `None` when there is no archive yet, or one that must be
/// brought up to date first.
pub(super) fn reader(path: &Path, owner: &str) -> StoreResult<Option<Connection>> {
    if !path.exists() {
        return Ok(None);
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = match Connection::open_with_flags(path, flags) {
        Ok(db) => db,
        Err(_) => Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?,
    };
    db.busy_timeout(BUSY)?;
    db.pragma_update(None, "query_only", "ON")?;
    db.set_prepared_statement_cache_capacity(32);
    match format(&db)? {
        0 => return Ok(None),
        found if found > FORMAT => return Err(StoreError::Newer { found, known: FORMAT }),
        found if found < FORMAT => return Ok(None),
        _ => {}
    }
    check_owner(&db, owner)?;
    Ok(Some(db))
}

/// Puts a file that is no sound archive aside, with its companions, as `NAME.damaged`, `NAME.damaged-2` and so on.
pub(super) fn set_aside(path: &Path) -> StoreResult<PathBuf> {
    let named = |n: u32| {
        let mut name = path.as_os_str().to_owned();
        name.push(if n == 1 { ".damaged".to_owned() } else { format!(".damaged-{n}") });
        PathBuf::from(name)
    };
    let aside = (1..10_000).map(named).find(|p| !p.exists()).unwrap_or_else(|| named(0));
    fs::rename(path, &aside).map_err(|source| StoreError::Io { path: path.to_owned(), source })?;
    for companion in ["-wal", "-shm"] {
        let (mut from, mut to) = (path.as_os_str().to_owned(), aside.as_os_str().to_owned());
        from.push(companion);
        to.push(companion);
        _ = fs::rename(from, to);
    }
    Ok(aside)
}

fn format(db: &Connection) -> StoreResult<i64> {
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

fn make_private(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let found = fs::metadata(folder)?.permissions().mode() & 0o777;
    if found & 0o077 != 0 {
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

fn make_file(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    fs::OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(path).map(drop)
}
