//! Folders and files of the shelf: what lies under their names must be one of ours, and readable for its owner alone.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

use rustix::fs::OFlags;
use tempfile::{Builder, NamedTempFile};

use super::ShelfError;

/// Rights of everybody but the owner.
const OTHERS: u32 = 0o077;

/// Makes a folder for its owner alone. From one that is there the rights of others are taken where it `is_ours`.
pub(super) fn make_private(folder: &Path, is_ours: bool) -> Result<(), ShelfError> {
    let failed = |source| ShelfError::Io { path: folder.to_owned(), source };
    match fs::symlink_metadata(folder) {
        Ok(found) if found.is_dir() => {
            if is_ours && found.permissions().mode() & OTHERS != 0 {
                fs::set_permissions(folder, Permissions::from_mode(0o700)).map_err(failed)?;
            }
            Ok(())
        }
        Ok(_) => Err(ShelfError::InTheWay(folder.to_owned())),
        Err(_) => DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(failed),
    }
}

/// What a file is called until it is whole.
const PART: &str = ".manyou-part-";

/// A file that gets its name when it is whole.
pub(super) fn part(folder: &Path) -> io::Result<NamedTempFile> {
    Builder::new().prefix(PART).tempfile_in(folder)
}

/// Removes what never got its name, here and one folder below.
pub(super) fn sweep(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let of_entry = |is: fn(&fs::FileType) -> bool| entry.file_type().is_ok_and(|kind| is(&kind));
        if of_entry(fs::FileType::is_dir) {
            fs::read_dir(entry.path()).into_iter().flatten().flatten().for_each(|inner| sweep_one(&inner));
        } else {
            sweep_one(&entry);
        }
    }
}

fn sweep_one(entry: &fs::DirEntry) {
    if entry.file_name().to_string_lossy().starts_with(PART) && entry.file_type().is_ok_and(|kind| kind.is_file()) {
        _ = fs::remove_file(entry.path());
    }
}

/// Opens a file for reading and appending, made where there is none. A link is not followed and a pipe not waited for.
pub(super) fn open(path: &Path) -> Result<File, ShelfError> {
    let failed = |source| ShelfError::Io { path: path.to_owned(), source };
    if fs::symlink_metadata(path).is_ok_and(|found| !found.is_file()) {
        return Err(ShelfError::InTheWay(path.to_owned()));
    }
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true).mode(0o600);
    options.custom_flags((OFlags::NOFOLLOW | OFlags::NONBLOCK).bits() as i32);
    let file = options.open(path).map_err(failed)?;
    let found = file.metadata().map_err(failed)?;
    if !found.is_file() {
        return Err(ShelfError::InTheWay(path.to_owned()));
    }
    if found.permissions().mode() & OTHERS != 0 {
        file.set_permissions(Permissions::from_mode(0o600)).map_err(failed)?;
    }
    Ok(file)
}

/// Waits until no other program holds the lock; it is given back when the file is dropped. A disk that knows no locks
/// is worked on without one.
pub(super) fn lock(path: &Path) -> Result<File, ShelfError> {
    let file = open(path)?;
    match file.lock() {
        Err(source) if source.kind() != io::ErrorKind::Unsupported => {
            Err(ShelfError::Io { path: path.to_owned(), source })
        }
        _ => Ok(file),
    }
}
