//! What the app remembers, in one SQLite file. Secrets are not among it.

mod checks;
mod journal;
mod migrations;
mod settings;
mod tokens;

use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;

use crate::{DataDir, Error};

pub use checks::{Check, Outcome};
pub(crate) use tokens::json as as_json;

/// The app's database, for use by one process. Calls block; keep them off async threads.
#[derive(Debug)]
pub struct Store {
    connection: Mutex<Connection>,
}

impl Store {
    /// Opens or makes `desk.sqlite3` and brings its schema up to date.
    pub fn open(data: &DataDir) -> Result<Self, Error> {
        let path = data.private_file("desk.sqlite3")?;
        let opened = Self::at(&path);
        // SQLite cannot know the directory that the person can do something about.
        opened.map_err(|error| match error {
            Error::DataDirUnwritable { source, .. } => {
                Error::DataDirUnwritable { path: data.path().to_owned(), source }
            }
            other => other,
        })
    }

    fn at(path: &std::path::Path) -> Result<Self, Error> {
        let mut connection = Connection::open(path)?;
        // An answered creation must be on disk, power cut or not (design section 8; fullfsync matters on macOS only).
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "fullfsync", true)?;
        connection.pragma_update(None, "foreign_keys", true)?;
        migrations::run(&mut connection)?;
        Ok(Self { connection: Mutex::new(connection) })
    }

    /// A panic elsewhere cannot leave a transaction open: rusqlite rolls it back on drop.
    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
pub(crate) fn temporary() -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().expect("temporary directory");
    let store = Store::at(&dir.path().join("desk.sqlite3")).expect("new database");
    (dir, store)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answered_write_is_on_disk() {
        let (_dir, store) = temporary();
        let synchronous: i64 = store.connection().pragma_query_value(None, "synchronous", |row| row.get(0)).unwrap();
        assert_eq!(synchronous, 2, "FULL");
    }

    #[test]
    fn sqlite_has_the_fix_of_the_wal_reset_race() {
        assert!(rusqlite::version_number() >= 3_051_003, "{}", rusqlite::version());
    }

    #[test]
    fn a_file_that_is_no_database_is_said_to_be_damaged() {
        let dir = tempfile::tempdir().unwrap();
        let data = DataDir::own(dir.path()).unwrap();
        std::fs::write(dir.path().join("desk.sqlite3"), "not a database, only words that lie here".repeat(20)).unwrap();
        assert_eq!(Store::open(&data).unwrap_err().code(), crate::Code::DatabaseDamaged);
    }
}
