//! The file of an archive and what lies beside it: that it is there, is a file, and is readable for its owner alone.

use std::fs::{self, Metadata, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::error::{StoreError, StoreResult};

/// Rights of everybody but the owner.
const OTHERS: u32 = 0o077;

/// Which file it is: another one at the same place is another archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark(u64, u64);

/// The file at `path`, with nobody but the owner allowed to read it or what lies beside it; `None` where there is none.
pub(super) fn look(path: &Path) -> StoreResult<Option<Mark>> {
    let failed = |source| StoreError::Io { path: path.to_owned(), source };
    let found = match fs::symlink_metadata(path) {
        Ok(found) => found,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
    };
    if found.is_symlink() {
        return Err(StoreError::Link(path.to_owned()));
    }
    if !found.is_file() {
        return Err(StoreError::Damaged);
    }
    // On a medium that can only be read this fails, and what is there can still be read.
    if let Some(folder) = path.parent() {
        _ = tighten(folder, 0o700);
    }
    if tighten(path, 0o600).is_ok_and(|was_open| was_open) {
        companions(path).into_iter().for_each(|beside| _ = tighten(&beside, 0o600));
    }
    Ok(Some(mark(&found)))
}

/// Makes the folder and the file where they are missing.
pub(super) fn make(path: &Path) -> StoreResult<Mark> {
    if let Some(folder) = path.parent() {
        let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(folder);
        made.map_err(|source| StoreError::Io { path: folder.to_owned(), source })?;
    }
    if let Some(mark) = look(path)? {
        return Ok(mark);
    }
    let made = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    match made.and_then(|file| file.metadata()) {
        Ok(made) => Ok(mark(&made)),
        // Another program made it just now.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => look(path)?.ok_or(StoreError::Damaged),
        Err(source) => Err(StoreError::Io { path: path.to_owned(), source }),
    }
}

/// Puts a file that is no sound archive aside, with its companions, as `NAME.damaged`, `NAME.damaged-2` and so on.
pub(super) fn set_aside(path: &Path) -> StoreResult<PathBuf> {
    let named = |n: u32| beside(path, &if n == 1 { ".damaged".to_owned() } else { format!(".damaged-{n}") });
    let aside = (1..10_000).map(named).find(|p| p.symlink_metadata().is_err()).unwrap_or_else(|| named(0));
    fs::rename(path, &aside).map_err(|source| StoreError::Io { path: path.to_owned(), source })?;
    for (from, to) in companions(path).into_iter().zip(companions(&aside)) {
        _ = fs::rename(from, to);
    }
    Ok(aside)
}

/// Files that were put aside.
pub(super) fn put_aside(path: &Path) -> Vec<PathBuf> {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { return Vec::new() };
    let begins = format!("{}.damaged", name.to_string_lossy());
    let is_one = |entry: &fs::DirEntry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        let rest = name.strip_prefix(&begins).map(|rest| rest.strip_prefix('-').unwrap_or(rest));
        rest.is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let found = fs::read_dir(folder).into_iter().flatten().flatten().filter(is_one);
    let mut found: Vec<PathBuf> = found.map(|entry| entry.path()).collect();
    found.sort();
    found
}

/// Removes a file that was put aside, and its companions. A folder that stood in the place stays: it was none of ours.
pub(super) fn remove_aside(path: &Path) -> StoreResult<()> {
    let is_gone = |error: &io::Error| error.kind() == io::ErrorKind::NotFound;
    companions(path).into_iter().chain([path.to_owned()]).filter(|path| !path.is_dir()).try_for_each(|path| {
        let removed = fs::remove_file(&path);
        removed.or_else(|source| if is_gone(&source) { Ok(()) } else { Err(StoreError::Io { path, source }) })
    })
}

/// Bytes of the file and of the log beside it; 0 where they are not there.
pub(super) fn sizes(path: &Path) -> (u64, u64) {
    let size = |path: &Path| fs::metadata(path).map_or(0, |found| found.len());
    (size(path), size(&beside(path, "-wal")))
}

/// Takes the rights of others away; says whether they had any.
fn tighten(path: &Path, mode: u32) -> io::Result<bool> {
    let is_open = fs::metadata(path)?.permissions().mode() & OTHERS != 0;
    if is_open {
        fs::set_permissions(path, Permissions::from_mode(mode))?;
    }
    Ok(is_open)
}

fn mark(found: &Metadata) -> Mark {
    Mark(found.dev(), found.ino())
}

/// What SQLite keeps beside a database.
fn companions(path: &Path) -> [PathBuf; 2] {
    ["-wal", "-shm"].map(|ending| beside(path, ending))
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}
