//! A look at a database file before it is used, which changes neither the file nor its write-ahead log.

use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::error::Error;
use crate::store::database::companion;
use crate::store::schema::TABLES;
use crate::store::{checks, journal, migrations, settings, tokens};

/// What lies in the place of the database.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Examined {
    /// Something that is not our database, or was once.
    Damaged {
        /// For the log: what SQLite says of it.
        detail: String,
    },
    /// A newer version of the app wrote it.
    Newer,
    /// No file, or one in which nothing was ever written.
    Nothing,
    /// A database that can be read to the end.
    Sound,
}

/// Reads the whole file: the structure of its pages, the references between rows, and every row that the app relies on.
///
/// Failures of the disk or of memory are errors: they say nothing about the file.
pub(super) fn examine(path: &Path) -> Result<Examined, Error> {
    let has_log = size(&companion(path, "-wal")) > 0;
    match size(path) {
        // SQLite would take a log beside an empty file for a leftover, and delete it.
        0 if has_log => return Ok(damaged("empty, with a log beside it")),
        0 => return Ok(Examined::Nothing),
        _ => {}
    }
    match open(path, has_log).and_then(|connection| look(&connection)) {
        Err(error) if is_of_the_surroundings(&error) => Err(error.into()),
        Err(error) => Ok(damaged(error.to_string())),
        Ok(examined) => Ok(examined),
    }
}

fn damaged(detail: impl Into<String>) -> Examined {
    Examined::Damaged { detail: detail.into() }
}

fn open(path: &Path, has_log: bool) -> Result<Connection, rusqlite::Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    // Closing must not move the log into the file, but take away one that was empty or not there; and alone with the file
    // SQLite needs no index of the log on disk.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, has_log)?;
    connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    connection.pragma_update(None, "query_only", true)?;
    // What another hand put into the schema must not be run.
    connection.pragma_update(None, "trusted_schema", false)?;
    Ok(connection)
}

fn look(connection: &Connection) -> Result<Examined, rusqlite::Error> {
    let (version, latest) = (migrations::version(connection)?, migrations::latest(&TABLES));
    if version > latest {
        return Ok(Examined::Newer);
    }
    if version == 0 {
        // A first start may have been cut short before it made the tables; tables of others are not touched.
        let tables: u32 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
        return Ok(if tables == 0 { Examined::Nothing } else { damaged("a database of another program") });
    }
    let structure: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if structure != "ok" {
        return Ok(damaged(structure));
    }
    if connection.prepare("PRAGMA foreign_key_check")?.exists([])? {
        return Ok(damaged("a row refers to none"));
    }
    // Rows of an older form can be read once they are migrated.
    if version == latest {
        tokens::read_all(connection)?;
        checks::read_all(connection)?;
        journal::read_all(connection)?;
        settings::read_installation(connection)?;
    }
    Ok(Examined::Sound)
}

/// Whether an error tells of the disk, of memory or of another program, not of what the file holds.
fn is_of_the_surroundings(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(
            ErrorCode::CannotOpen
                | ErrorCode::DatabaseBusy
                | ErrorCode::DatabaseLocked
                | ErrorCode::DiskFull
                | ErrorCode::FileLockingProtocolFailed
                | ErrorCode::NoLargeFileSupport
                | ErrorCode::OperationInterrupted
                | ErrorCode::OutOfMemory
                | ErrorCode::PermissionDenied
                | ErrorCode::ReadOnly
                | ErrorCode::SystemIoFailure
        )
    )
}

fn size(path: &Path) -> u64 {
    std::fs::symlink_metadata(path).map_or(0, |found| found.len())
}
