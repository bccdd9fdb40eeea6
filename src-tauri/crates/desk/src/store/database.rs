//! The file, and how it is opened.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, OpenFlags};

use crate::error::Error;

pub(super) const DATABASE: &str = "desk.sqlite3";
/// What SQLite keeps beside a database: the log, its index, and the journal of the time before there is a log.
pub(super) const COMPANIONS: [&str; 3] = ["-wal", "-shm", "-journal"];

/// The app's database, for use by one process. Calls block; keep them off async threads.
#[derive(Debug)]
pub struct DeskStore {
    connection: Mutex<Connection>,
}

impl DeskStore {
    /// Over a connection to a database that has the form of this version.
    pub(super) fn over(connection: Connection) -> Self {
        Self { connection: Mutex::new(connection) }
    }

    /// A panic elsewhere cannot leave a transaction open: rusqlite rolls it back on drop.
    pub(super) fn connection(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Opens or makes a file that is for this person alone, whatever the form of the database in it.
pub(super) fn connect(path: &Path) -> Result<Connection, Error> {
    // Left to SQLite, the file and those beside it would be readable by everyone.
    drop(private_files::open_or_make(path)?);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    // An answered creation must be on disk, power cut or not (fullfsync matters on macOS only).
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "fullfsync", true)?;
    connection.pragma_update(None, "checkpoint_fullfsync", true)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    Ok(connection)
}

/// A file whose name is that of `path` and more.
pub(super) fn companion(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answered_write_is_on_disk() {
        let dir = tempfile::tempdir().unwrap();
        let connection = connect(&dir.path().join(DATABASE)).unwrap();
        let synchronous: i64 = connection.pragma_query_value(None, "synchronous", |row| row.get(0)).unwrap();
        assert_eq!(synchronous, 2, "FULL");
    }

    #[test]
    fn sqlite_has_the_fix_of_the_wal_reset_race() {
        assert!(rusqlite::version_number() >= 3_051_003, "{}", rusqlite::version());
    }
}
