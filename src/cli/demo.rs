//! The folder everything of a demo lives in: its owner's alone, and gone when the demo is.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};

const PREFIX: &str = "manyou-demo-";
const LOCK: &str = "lock";

/// A demo's folder. Dropping it removes it unless the person keeps it.
#[derive(Debug)]
pub struct DemoFolder {
    path: PathBuf,
    /// Held while the process lives: how others see that the folder is in use.
    _lock: File,
    is_kept: bool,
}

impl DemoFolder {
    /// `keep`, or a new 0700 folder below `temp` named after this process. Folders of demos that are no longer running
    /// are removed first.
    ///
    /// # Errors
    /// The folder cannot be made, or `keep` is in use by another demo.
    pub fn open(keep: Option<&Path>, temp: &Path) -> io::Result<Self> {
        sweep(temp);
        let path = if let Some(path) = keep {
            private_folder(path)?;
            path.to_owned()
        } else {
            let prefix = format!("{PREFIX}{}-", std::process::id());
            let private = fs::Permissions::from_mode(0o700);
            tempfile::Builder::new().prefix(&prefix).permissions(private).tempdir_in(temp)?.keep()
        };
        let lock = File::create(path.join(LOCK))?;
        flock(&lock, FlockOperation::NonBlockingLockExclusive)?;
        Ok(Self { path, _lock: lock, is_kept: keep.is_some() })
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for DemoFolder {
    fn drop(&mut self) {
        if !self.is_kept
            && let Err(error) = fs::remove_dir_all(&self.path)
        {
            tracing::warn!(%error, "the demo folder stays; the next demo removes it");
        }
    }
}

/// Removes what dead demos left. Only our own folders can be removed; a failure leaves one for the next start.
fn sweep(temp: &Path) {
    for entry in fs::read_dir(temp).into_iter().flatten().flatten() {
        let is_ours = entry.file_name().to_string_lossy().starts_with(PREFIX);
        if is_ours && entry.file_type().is_ok_and(|kind| kind.is_dir()) && is_dead(&entry.path()) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// Nobody holds the lock. A folder without one is just being made.
fn is_dead(folder: &Path) -> bool {
    let lock = File::open(folder.join(LOCK));
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
    fn folders_of_dead_demos_are_removed_and_those_of_running_ones_stay() {
        let temp = tempfile::tempdir().expect("temp");
        let dead = temp.path().join("manyou-demo-1-dead");
        fs::create_dir(&dead).expect("folder");
        File::create(dead.join(LOCK)).expect("lock");
        let running = DemoFolder::open(None, temp.path()).expect("first");
        let second = DemoFolder::open(None, temp.path()).expect("second");
        assert!(!dead.exists() && running.path().exists());
        let path = second.path().to_owned();
        drop(second);
        assert!(!path.exists() && running.path().exists());
    }

    #[test]
    fn a_kept_folder_stays() {
        let temp = tempfile::tempdir().expect("temp");
        let keep = temp.path().join("mine");
        drop(DemoFolder::open(Some(&keep), temp.path()).expect("open"));
        assert!(keep.exists());
    }
}
