//! What can be wrong with an archive, told apart because each asks for something else.

use std::path::PathBuf;

use rusqlite::ErrorCode;
use thiserror::Error;

use crate::domain::{Failure, FailureKind};

/// Why the archive could not do what was asked. Nothing of the change was kept.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The folder or file cannot be made or opened.
    #[error("{path}: {source}")]
    Io {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A symbolic link stands in the place of the file; it was not followed.
    #[error("{0} is a symbolic link; put the archive itself there, or remove the link")]
    Link(PathBuf),
    /// A later version of the program wrote the file; it was not touched.
    #[error("the archive has format {found}, this program knows up to {known}")]
    Newer {
        /// The file's format.
        found: i64,
        /// Ours.
        known: i64,
    },
    /// The file is another account's; it was not touched.
    #[error("the archive belongs to {0}")]
    OtherAccount(String),
    /// Another program is writing and did not end.
    #[error("another program is writing to the archive")]
    Busy,
    /// No room left on the disk.
    #[error("no room left on the disk for the archive")]
    Full,
    /// The file or folder may not be written.
    #[error("the archive may only be read")]
    ReadOnly,
    /// The file is not a sound database.
    #[error("the archive is damaged")]
    Damaged,
    /// Anything else SQLite says.
    #[error("the archive: {0}")]
    Sql(rusqlite::Error),
}

/// Result of anything that touches the archive.
pub type StoreResult<T> = Result<T, StoreError>;

impl From<rusqlite::Error> for StoreError {
    /// All that is asked of an archive is written here and fits what the migrations make: where SQLite does not
    /// understand it, finds another type, or finds twice what is there once, the file is not what it was.
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::{Error, ffi};
        let is_not_as_made = match &error {
            Error::SqliteFailure(said, _) | Error::SqlInputError { error: said, .. } => {
                said.extended_code == ffi::SQLITE_ERROR || said.code == ErrorCode::ConstraintViolation
            }
            Error::QueryReturnedNoRows
            | Error::InvalidColumnType(..)
            | Error::FromSqlConversionFailure(..)
            | Error::IntegralValueOutOfRange(..)
            | Error::Utf8Error(..) => true,
            _ => false,
        };
        if is_not_as_made {
            tracing::warn!(code = ?error.sqlite_extended_error_code(), "the archive is not as it was made");
            return Self::Damaged;
        }
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => Self::ReadOnly,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged,
            _ => Self::Sql(error),
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let kind = match error {
            StoreError::Busy => FailureKind::Busy,
            StoreError::Full => FailureKind::DiskFull,
            _ => FailureKind::Local,
        };
        Self::local(kind, error.to_string())
    }
}
