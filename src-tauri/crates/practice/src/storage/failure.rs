//! What SQLite and the disk say, as what it means: to the person who starts the service, and to whoever asks it for something.

use std::io;

use rusqlite::ErrorCode;

use crate::error::Error;
use crate::storage::data_dir;

/// Why the database did not do as it was asked, while the service runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// Nothing was changed.
    DiskFull,
    /// Nothing was changed: the rest is ours to mend.
    Internal,
    /// The disk failed, and what is on it is not certain: the same request sent again tells.
    OutcomeUnknown,
}

/// The transaction is rolled back.
impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        if is_disk_full(&error) { Self::DiskFull } else { Self::Internal }
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        use ErrorCode::{
            CannotOpen, DatabaseBusy, DatabaseLocked, OutOfMemory, PermissionDenied, ReadOnly, SystemIoFailure,
        };
        if is_disk_full(&error) {
            return Self::DiskFull;
        }
        match error.sqlite_error_code() {
            // It has a lock of its own on the database, but not ours on the directory.
            Some(DatabaseBusy | DatabaseLocked) => Self::DataInUse { path: data_dir::DATABASE.into() },
            Some(CannotOpen | OutOfMemory | PermissionDenied | ReadOnly | SystemIoFailure) => {
                Self::DataUnwritable { path: data_dir::DATABASE.into(), source: io::Error::other(error) }
            }
            _ => Self::DatabaseDamaged { detail: error.to_string() },
        }
    }
}

impl From<private_files::Error> for Error {
    fn from(error: private_files::Error) -> Self {
        use private_files::Error as File;
        match error {
            File::DiskFull => Self::DiskFull,
            File::Exists(path) => Self::DataUnwritable { path, source: io::ErrorKind::AlreadyExists.into() },
            File::Failed { path, source, .. } => Self::DataUnwritable { path, source },
            File::InUse(path) => Self::DataInUse { path },
            File::TooLarge(path) => Self::DataUnwritable { path, source: io::ErrorKind::FileTooLarge.into() },
            File::Unsafe { path, problem } => Self::DataUnsafe { path, reason: problem.why() },
        }
    }
}

fn is_disk_full(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::DiskFull)
}

#[cfg(test)]
mod tests {
    use rusqlite::ffi;

    use super::*;

    #[test]
    fn what_sqlite_says_becomes_what_a_person_can_act_on() {
        for (code, expected) in [
            (ffi::SQLITE_FULL, "practice-disk-full"),
            (ffi::SQLITE_IOERR_WRITE, "practice-data-unwritable"),
            (ffi::SQLITE_READONLY, "practice-data-unwritable"),
            (ffi::SQLITE_CANTOPEN, "practice-data-unwritable"),
            (ffi::SQLITE_CORRUPT, "practice-database-damaged"),
            (ffi::SQLITE_NOTADB, "practice-database-damaged"),
        ] {
            let error = rusqlite::Error::SqliteFailure(ffi::Error::new(code), None);
            assert_eq!(Error::from(error).code(), expected, "{code}");
        }
    }
}
