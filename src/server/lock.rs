//! One server to a data folder: two would hand out the same ids and overwrite each other.

use std::fs::{File, TryLockError};
use std::path::Path;

use super::StartError;

/// Beside the demo's own lock, which its folder has too.
const NAME: &str = "sandbox.lock";

/// Holds a data folder while it lives; the system lets go when the process ends, however it ends.
#[derive(Debug)]
pub(super) struct FolderLock {
    _file: File,
}

impl FolderLock {
    /// Makes the folder where it is missing, and takes it.
    ///
    /// # Errors
    /// [`StartError::InUse`] when another server has it.
    pub(super) fn take(folder: &Path) -> Result<Self, StartError> {
        std::fs::create_dir_all(folder)?;
        let file = File::create(folder.join(NAME))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(StartError::InUse(folder.to_owned())),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }
}
