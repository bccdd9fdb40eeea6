//! The database file: how it is made, opened and laid out.

use std::path::Path;
use std::{fs, io};

use rusqlite::config::DbConfig;
use rusqlite::types::Type;
use rusqlite::{Connection, OpenFlags, Row};
use serde::de::DeserializeOwned;

use crate::account::examination::examine;
use crate::error::Error;
use crate::storage::data_dir;
use crate::storage::seal::Sealer;

/// The layout this program writes; kept in `PRAGMA user_version`.
const VERSION: i64 = 1;

const TABLES: &str = "
    CREATE TABLE account (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        otp_secret BLOB NOT NULL,            -- sealed
        last_step INTEGER NOT NULL,
        recent_failures_ms TEXT NOT NULL,    -- JSON array
        failures_in_a_row INTEGER NOT NULL,
        locked_until_ms INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE tokens (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        api_key TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        secret BLOB,                         -- sealed; system generated
        public_key BLOB,                     -- SPKI DER; self generated
        trusted_ips TEXT NOT NULL,           -- JSON array, canonical
        permissions TEXT NOT NULL,           -- JSON array
        created_at_ms INTEGER NOT NULL,
        request_fingerprint TEXT NOT NULL,
        CHECK ((secret IS NULL) <> (public_key IS NULL))
    ) STRICT;
    CREATE TABLE answers (
        fingerprint TEXT PRIMARY KEY,
        request_hash BLOB NOT NULL,
        body BLOB NOT NULL,                  -- sealed under the Idempotency-Key
        created_at_ms INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX answers_by_age ON answers (created_at_ms);
";

/// Opens the database of a data directory that is prepared and locked; makes it if it is missing. What is refused is left
/// as it is, every byte of it. `sealer` as for [`examine`].
pub(crate) fn open(data: &Path, sealer: Option<&Sealer>) -> Result<Connection, Error> {
    let path = data.join(data_dir::DATABASE);
    let (is_there, log) = (data_dir::keep_private(&path)?, data.join(data_dir::LOG));
    let has_log = data_dir::keep_private(&log)?;
    if length(&path)? == 0 && length(&log)? > 0 {
        // SQLite would take it for a leftover, and delete it. But it begins a log only once a database has its first page.
        return Err(Error::DatabaseDamaged { detail: "it is empty or gone, its log is not".into() });
    }
    if !is_there {
        // Left to SQLite, the file and its -wal would be readable by everyone.
        match data_dir::create_private(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            made => drop(made.map_err(Error::writing(&path))?),
        }
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(&path, flags)?;
    let found = inspect(&connection, has_log, sealer)?;
    configure(&connection)?;
    if found == Found::Empty {
        lay_out(&mut connection)?;
    }
    data_dir::sync(data).map_err(Error::writing(data))?;
    Ok(connection)
}

/// A transaction that changes nothing, and is on disk once this returns.
pub(crate) fn write_again(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "user_version", VERSION)
}

/// Takes the log into the database, and leaves nothing in it: what was deleted since would else stay readable there.
pub(crate) fn fold_log(connection: &Connection) -> rusqlite::Result<()> {
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
}

/// A column that holds JSON.
pub(crate) fn json_column<T: DeserializeOwned>(row: &Row<'_>, index: usize) -> rusqlite::Result<T> {
    serde_json::from_str(row.get_ref(index)?.as_str()?)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(index, Type::Text, error.into()))
}

/// An answered creation is on disk: WAL alone may lose it at a power cut, FULL syncs every commit
/// (and on macOS only F_FULLFSYNC reaches the platter).
fn configure(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get::<_, String>(0))?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "fullfsync", true)?;
    connection.pragma_update(None, "checkpoint_fullfsync", true)?;
    // What is purged shall not stay readable in free pages.
    connection.pragma_update(None, "secure_delete", true)?;
    connection.pragma_update(None, "trusted_schema", false)
}

/// What a file holds that may be opened.
#[derive(Debug, PartialEq, Eq)]
enum Found {
    Empty,
    Ours,
}

/// To be called first: nothing is written until the file is known to be whole and ours. So a log beside it is read, but
/// neither indexed on disk (nobody else has the file open) nor folded into it where the connection is closed again.
fn inspect(connection: &Connection, has_log: bool, sealer: Option<&Sealer>) -> Result<Found, Error> {
    connection.pragma_update_and_check(None, "locking_mode", "EXCLUSIVE", |row| row.get::<_, String>(0))?;
    // A log that reading makes is empty, and shall go.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, has_log)?;
    // Its quick form does not hold the indexes against their tables.
    let check: String = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if check != "ok" {
        return Err(Error::DatabaseDamaged { detail: check });
    }
    let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let parts: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    let found = match (version, parts) {
        (0, 0) => Found::Empty,
        (0, _) => return Err(Error::DatabaseDamaged { detail: "it is the database of another program".into() }),
        (VERSION, _) => {
            examine(connection, sealer)?;
            Found::Ours
        }
        (found, _) => return Err(Error::DatabaseNewer { found, known: VERSION }),
    };
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    Ok(found)
}

/// Of a file; 0 where there is none.
fn length(path: &Path) -> Result<u64, Error> {
    match fs::symlink_metadata(path) {
        Ok(found) => Ok(found.len()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
        Err(error) => Err(Error::writing(path)(error)),
    }
}

fn lay_out(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction()?;
    transaction.execute_batch(TABLES)?;
    transaction.pragma_update(None, "user_version", VERSION)?;
    transaction.commit()
}

#[cfg(test)]
pub(crate) fn in_memory() -> Connection {
    let mut connection = Connection::open_in_memory().unwrap();
    lay_out(&mut connection).unwrap();
    connection
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pragma(connection: &Connection, name: &str) -> String {
        connection
            .query_row(&format!("PRAGMA {name}"), [], |row| {
                row.get(0).map(|value: rusqlite::types::Value| format!("{value:?}"))
            })
            .unwrap()
    }

    #[test]
    fn sqlite_has_the_fix_of_the_wal_reset_race() {
        assert!(rusqlite::version_number() >= 3_051_003, "{}", rusqlite::version());
    }

    #[test]
    fn every_commit_is_synced() {
        let data = tempfile::tempdir().unwrap();
        let connection = open(data.path(), None).unwrap();
        assert_eq!(pragma(&connection, "synchronous"), "Integer(2)");
        assert_eq!(pragma(&connection, "journal_mode"), "Text(\"wal\")");
        assert_eq!(pragma(&connection, "fullfsync"), "Integer(1)");
        assert_eq!(pragma(&connection, "secure_delete"), "Integer(1)");
    }

    #[test]
    fn a_database_of_a_later_version_is_left_alone() {
        let data = tempfile::tempdir().unwrap();
        open(data.path(), None).unwrap().pragma_update(None, "user_version", 2).unwrap();
        assert_eq!(open(data.path(), None).unwrap_err().code(), "practice-database-newer");
    }

    #[test]
    fn the_database_of_another_program_is_left_alone() {
        let data = tempfile::tempdir().unwrap();
        let path = data.path().join(data_dir::DATABASE);
        Connection::open(&path).unwrap().execute_batch("CREATE TABLE notes (text TEXT)").unwrap();
        let before = fs::read(&path).unwrap();
        assert_eq!(open(data.path(), None).unwrap_err().code(), "practice-database-damaged");
        assert_eq!(fs::read(&path).unwrap(), before);
    }

    #[test]
    fn what_is_no_database_is_said_to_be_damaged_and_left_alone() {
        let data = tempfile::tempdir().unwrap();
        let path = data.path().join(data_dir::DATABASE);
        let text = "no database at all, ".repeat(100);
        fs::write(&path, &text).unwrap();
        assert_eq!(open(data.path(), None).unwrap_err().code(), "practice-database-damaged");
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
    }

    #[cfg(unix)]
    #[test]
    fn every_file_of_the_database_is_private() {
        use std::os::unix::fs::PermissionsExt;
        let data = tempfile::tempdir().unwrap();
        let _connection = open(data.path(), None).unwrap();
        let modes: Vec<_> = fs::read_dir(data.path())
            .unwrap()
            .map(|entry| entry.unwrap().metadata().unwrap().permissions().mode() & 0o777)
            .collect();
        assert_eq!(modes, [0o600; 2], "database and -wal");
    }
}
