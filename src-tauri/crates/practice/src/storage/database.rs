//! The open database, and whether it shows what a next start would find.

use rusqlite::{Connection, ffi};

use crate::storage::failure::Failure;
use crate::storage::migrations;

/// Belongs to the database thread.
#[derive(Debug)]
pub(crate) struct Database {
    pub(crate) connection: Connection,
    /// A commit failed that may lie on disk all the same. This process does not see it; a next one might.
    is_in_doubt: bool,
}

impl Database {
    pub(crate) fn new(connection: Connection) -> Self {
        Self { connection, is_in_doubt: false }
    }

    /// What to answer where a commit failed. Where only its sync did, the change lies whole in the log, and the next start
    /// would take it for done.
    pub(crate) fn not_committed(&mut self, error: rusqlite::Error) -> Failure {
        let code = error.sqlite_error().map(|error| error.extended_code);
        // After these it is not whole.
        self.is_in_doubt |= !matches!(code, Some(ffi::SQLITE_FULL | ffi::SQLITE_IOERR_WRITE));
        self.settle().err().unwrap_or_else(|| error.into())
    }

    /// To be called before anything is read: as long as the commit in doubt can be neither cut off the log nor written over,
    /// nobody may be told that it is not there. A log ends before what does not follow from what stands before it.
    pub(crate) fn settle(&mut self) -> Result<(), Failure> {
        if self.is_in_doubt {
            // What is cut off is gone for good only once the log is synced again, which the write does.
            let _ = self.fold_log();
            self.write_again().map_err(|_| Failure::OutcomeUnknown)?;
            self.is_in_doubt = false;
        }
        Ok(())
    }

    /// Takes the log into the database, and leaves nothing in it: what was deleted since would else stay readable there.
    pub(crate) fn fold_log(&self) -> rusqlite::Result<()> {
        self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
    }

    /// A transaction that changes nothing, and is on disk once this returns.
    fn write_again(&self) -> rusqlite::Result<()> {
        let version = migrations::version(&self.connection)?;
        migrations::set_version(&self.connection, version)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commit_that_may_be_whole_is_in_doubt_until_something_else_is_written() {
        let mut database = Database::new(Connection::open_in_memory().unwrap());
        let failed = |code| rusqlite::Error::SqliteFailure(ffi::Error::new(code), None);
        for (can_write, code, answered) in [
            (false, ffi::SQLITE_FULL, Failure::DiskFull),
            (false, ffi::SQLITE_IOERR_WRITE, Failure::Internal),
            (true, ffi::SQLITE_IOERR_FSYNC, Failure::Internal),
            (false, ffi::SQLITE_IOERR_FSYNC, Failure::OutcomeUnknown),
        ] {
            database.connection.pragma_update(None, "query_only", !can_write).unwrap();
            assert_eq!(database.not_committed(failed(code)), answered);
        }
        assert_eq!(database.settle(), Err(Failure::OutcomeUnknown));
        database.connection.pragma_update(None, "query_only", false).unwrap();
        database.settle().unwrap();
    }
}
