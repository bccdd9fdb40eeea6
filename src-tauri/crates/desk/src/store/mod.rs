//! What the app remembers, in one SQLite file. Secrets are not among it.

pub(crate) mod attempt;
pub(crate) mod checks;
mod examination;
mod installation;
mod journal;
pub(crate) mod lost;
mod migrations;
mod settings;
mod tokens;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, OpenFlags};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::data_dir::DataDir;
use crate::error::Error;
use crate::private_fs;
use crate::store::examination::Found;

pub use attempt::{Attempt, Stage};
pub use checks::{Check, Outcome};
pub use lost::Lost;
pub(crate) use tokens::json as as_json;

const DATABASE: &str = "desk.sqlite3";
/// What SQLite keeps beside a database: the log, its index, and the journal of the time before there is a log.
const COMPANIONS: [&str; 3] = ["-wal", "-shm", "-journal"];

/// The app's database, for use by one process. Calls block; keep them off async threads.
#[derive(Debug)]
pub struct Store {
    connection: Mutex<Connection>,
}

/// An opened database, and what it was opened with.
#[derive(Debug)]
pub struct Opened {
    /// The database.
    pub store: Store,
    /// What tells this installation's keyring items from those of another data directory.
    pub installation: Uuid,
    /// What became of the database before this one, until [`recovery::rebuild`](crate::recovery::rebuild) has dealt with it.
    pub lost: Option<Lost>,
}

impl Store {
    /// Opens or makes `desk.sqlite3` and brings its schema up to date, with a copy of the old one kept beside it.
    ///
    /// The file is read to the end first. One that is damaged is set aside as `desk.sqlite3.damaged-<UTC>` and an empty one
    /// takes its place; one of a newer version of the app is [`Error::DatabaseNewer`] and left exactly as it is.
    pub fn open(data: &DataDir, now: OffsetDateTime) -> Result<Opened, Error> {
        Self::open_in(data, now).map_err(|error| match error {
            // SQLite cannot know the directory that the person can do something about.
            Error::DataDirUnwritable { path, source } if path.as_os_str().is_empty() => {
                Error::DataDirUnwritable { path: data.path().to_owned(), source }
            }
            other => other,
        })
    }

    fn open_in(data: &DataDir, now: OffsetDateTime) -> Result<Opened, Error> {
        let mut lost = lost::noted(data)?;
        let known = installation::read(data)?;
        let path = data.join(DATABASE);
        for suffix in COMPANIONS.into_iter().chain([""]) {
            private_fs::existing_file(&companion(&path, suffix))?;
        }
        match examination::examine(&path)? {
            Found::Sound => {}
            Found::Nothing if lost.is_some() || known.is_none() => {}
            // The name is written after the first database is: there was one.
            Found::Nothing => lost = Some(lost::gone(data)?),
            Found::Damaged { .. } => lost = Some(lost::set_aside(data, known.is_some(), now)?),
        }
        let store = Self::at(&path)?;
        let installation = store.installation(known)?;
        if known != Some(installation) {
            installation::write(data, installation)?;
        }
        Ok(Opened { store, installation, lost })
    }

    fn at(path: &Path) -> Result<Self, Error> {
        // Left to SQLite, the file and those beside it would be readable by everyone.
        drop(private_fs::file(path)?);
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(path, flags)?;
        // An answered creation must be on disk, power cut or not (design section 8; fullfsync matters on macOS only).
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "fullfsync", true)?;
        connection.pragma_update(None, "checkpoint_fullfsync", true)?;
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.pragma_update(None, "trusted_schema", false)?;
        migrations::run(&mut connection, path, &migrations::MIGRATIONS)?;
        private_fs::sync_directory_of(path)?;
        Ok(Self { connection: Mutex::new(connection) })
    }

    /// A panic elsewhere cannot leave a transaction open: rusqlite rolls it back on drop.
    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A file whose name is that of `path` and more.
fn companion(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

#[cfg(test)]
pub(crate) fn temporary() -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().expect("temporary directory");
    let store = Store::at(&dir.path().join(DATABASE)).expect("new database");
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
}
