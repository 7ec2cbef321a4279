//! The folder everything of a demo, or of a file that is looked at, lives in: its owner's alone, and gone when that is.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, OFlags, flock};
use rustix::process::geteuid;

/// Of a demo.
const DEMO: &str = "manyou-demo-";
/// Of a file that is looked at.
const FILE: &str = "manyou-open-";
const LOCK: &str = "lock";

/// A folder of this process. Dropping it removes it unless the person keeps it.
#[derive(Debug)]
pub struct OwnFolder {
    path: PathBuf,
    /// Held while the process lives: how others see that the folder is in use.
    _lock: File,
    is_kept: bool,
}

impl OwnFolder {
    /// The folder of a demo: `keep`, or a new one below `temp`.
    ///
    /// # Errors
    /// The folder cannot be made, or `keep` is in use by another demo.
    pub fn of_demo(keep: Option<&Path>, temp: &Path) -> io::Result<Self> {
        let Some(path) = keep else { return Self::below(temp, DEMO) };
        sweep(temp);
        private_folder(path)?;
        Self::locked(path.to_owned(), true)
    }

    /// A new folder below `temp` for what a file holds.
    ///
    /// # Errors
    /// The folder cannot be made.
    pub fn of_file(temp: &Path) -> io::Result<Self> {
        Self::below(temp, FILE)
    }

    /// A new 0700 folder named after this process. Those of processes that are no longer running are removed first.
    fn below(temp: &Path, prefix: &str) -> io::Result<Self> {
        sweep(temp);
        let prefix = format!("{prefix}{}-", std::process::id());
        let private = fs::Permissions::from_mode(0o700);
        Self::locked(tempfile::Builder::new().prefix(&prefix).permissions(private).tempdir_in(temp)?.keep(), false)
    }

    fn locked(path: PathBuf, is_kept: bool) -> io::Result<Self> {
        let lock = File::create(path.join(LOCK))?;
        flock(&lock, FlockOperation::NonBlockingLockExclusive)?;
        Ok(Self { path, _lock: lock, is_kept })
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for OwnFolder {
    fn drop(&mut self) {
        if !self.is_kept
            && let Err(error) = fs::remove_dir_all(&self.path)
        {
            tracing::warn!(%error, "the folder stays; the next demo removes it");
        }
    }
}

/// Removes what dead processes left. Only our own folders can be removed; a failure leaves one for the next start.
fn sweep(temp: &Path) {
    for entry in fs::read_dir(temp).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let is_ours = [DEMO, FILE].iter().any(|prefix| name.to_string_lossy().starts_with(prefix));
        let is_mine = entry.metadata().is_ok_and(|found| found.is_dir() && found.uid() == geteuid().as_raw());
        if is_ours && is_mine && is_dead(&entry.path()) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// Nobody holds the lock. A folder without one is just being made. A pipe in its place is not waited for.
fn is_dead(folder: &Path) -> bool {
    let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed();
    let lock = File::options().read(true).custom_flags(flags).open(folder.join(LOCK));
    lock.is_ok_and(|lock| flock(&lock, FlockOperation::NonBlockingLockExclusive).is_ok())
}

fn private_folder(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_of_the_dead_are_removed_and_those_of_running_ones_stay() {
        let temp = tempfile::tempdir().expect("temp");
        let dead = temp.path().join("manyou-demo-1-dead");
        fs::create_dir(&dead).expect("folder");
        File::create(dead.join(LOCK)).expect("lock");
        let running = OwnFolder::of_demo(None, temp.path()).expect("first");
        let second = OwnFolder::of_file(temp.path()).expect("second");
        assert!(!dead.exists() && running.path().exists());
        let path = second.path().to_owned();
        drop(second);
        assert!(!path.exists() && running.path().exists());
    }

    #[test]
    fn a_pipe_in_place_of_the_lock_holds_nobody_up() {
        use rustix::fs::{CWD, FileType, Mode, mknodat};
        let temp = tempfile::tempdir().expect("temp");
        let trap = temp.path().join("manyou-open-1-trap");
        fs::create_dir(&trap).expect("folder");
        mknodat(CWD, trap.join(LOCK), FileType::Fifo, Mode::RWXU, 0).expect("a pipe");
        assert!(OwnFolder::of_file(temp.path()).is_ok());
    }

    #[test]
    fn a_kept_folder_stays() {
        let temp = tempfile::tempdir().expect("temp");
        let keep = temp.path().join("mine");
        drop(OwnFolder::of_demo(Some(&keep), temp.path()).expect("open"));
        assert!(keep.exists());
    }
}
