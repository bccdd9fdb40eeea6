//! The database file: how it is made, examined and opened.

use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::error::Error;
use crate::storage::data_dir;
use crate::storage::database::Database;
use crate::storage::migrations::{self, Migration};

/// Opens the database of a data directory that is prepared and locked; makes it if it is missing. What is refused is left
/// as it is, every byte of it. `examine` says whether what a database of the latest version holds can be used; one of an
/// earlier version is examined as what it will be.
pub(crate) fn open(
    data: &Path,
    migrations: &[Migration<'_>],
    examine: impl FnOnce(&Connection) -> Result<(), Error>,
) -> Result<Database, Error> {
    let path = data.join(data_dir::DATABASE);
    let has_log = look(data)?;
    // Left to SQLite, the file and its -wal would be readable by everyone.
    drop(private_files::open_or_make(&path)?);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(&path, flags)?;
    inspect(&connection, has_log, migrations, examine)?;
    configure(&connection)?;
    migrations::run(&mut connection, &path, migrations)?;
    private_files::sync_directory_of(&path)?;
    Ok(Database::new(connection))
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

/// To be called first: nothing is written until the file is known to be whole and ours. So a log beside it is read, but
/// neither indexed on disk (nobody else has the file open) nor folded into it where the connection is closed again.
fn inspect(
    connection: &Connection,
    has_log: bool,
    migrations: &[Migration<'_>],
    examine: impl FnOnce(&Connection) -> Result<(), Error>,
) -> Result<(), Error> {
    connection.pragma_update_and_check(None, "locking_mode", "EXCLUSIVE", |row| row.get::<_, String>(0))?;
    // A log that reading makes is empty, and shall go.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, has_log)?;
    // Its quick form does not hold the indexes against their tables.
    let check: String = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if check != "ok" {
        return Err(Error::DatabaseDamaged { detail: check });
    }
    let (found, known) = (migrations::version(connection)?, migrations::latest(migrations));
    let parts: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    match found {
        0 if parts == 0 => {}
        i64::MIN..=0 => return Err(Error::DatabaseDamaged { detail: "it is the database of another program".into() }),
        _ if found == known => examine(connection)?,
        _ if found < known => examine(&migrations::rehearse(connection, migrations)?)?,
        _ => return Err(Error::DatabaseNewer { found, known }),
    }
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    Ok(())
}

/// Looks at all files of the database: those that others could have written are refused. Says whether there is a log.
///
/// None stays open: closing one later would undo SQLite's locks on it (fcntl(2)).
fn look(data: &Path) -> Result<bool, Error> {
    for name in data_dir::OTHERS {
        drop(private_files::open(&data.join(name))?);
    }
    let [length, of_log] = [data_dir::DATABASE, data_dir::LOG].map(|name| length(&data.join(name)));
    let (length, of_log) = (length?.unwrap_or(0), of_log?);
    if length == 0 && of_log.unwrap_or(0) > 0 {
        // SQLite would take it for a leftover, and delete it. But it begins a log only once a database has its first page.
        return Err(Error::DatabaseDamaged { detail: "it is empty or gone, its log is not".into() });
    }
    Ok(of_log.is_some())
}

fn length(path: &Path) -> Result<Option<u64>, Error> {
    let Some(file) = private_files::open(path)? else { return Ok(None) };
    Ok(Some(file.metadata().map_err(Error::writing(path))?.len()))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const FIRST: Migration<'_> = &["CREATE TABLE notes (text TEXT) STRICT"];

    fn open(data: &Path) -> Result<Database, Error> {
        super::open(data, &[FIRST], |_| Ok(()))
    }

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
        let Database { connection, .. } = open(data.path()).unwrap();
        assert_eq!(pragma(&connection, "synchronous"), "Integer(2)");
        assert_eq!(pragma(&connection, "journal_mode"), "Text(\"wal\")");
        assert_eq!(pragma(&connection, "fullfsync"), "Integer(1)");
        assert_eq!(pragma(&connection, "secure_delete"), "Integer(1)");
    }

    #[test]
    fn a_database_of_a_later_version_is_left_alone() {
        let data = tempfile::tempdir().unwrap();
        let path = data.path().join(data_dir::DATABASE);
        migrations::set_version(&open(data.path()).unwrap().connection, 2).unwrap();
        let before = fs::read(&path).unwrap();
        let error = open(data.path()).unwrap_err();
        assert!(matches!(error, Error::DatabaseNewer { found: 2, known: 1 }), "{error}");
        assert_eq!(fs::read(&path).unwrap(), before);
    }

    #[test]
    fn a_database_of_an_earlier_version_is_examined_as_what_it_will_be_and_brought_forward() {
        const SECOND: Migration<'_> = &["ALTER TABLE notes ADD COLUMN author TEXT NOT NULL DEFAULT 'nobody'"];
        let data = tempfile::tempdir().unwrap();
        let path = data.path().join(data_dir::DATABASE);
        let Database { connection, .. } = open(data.path()).unwrap();
        connection.execute("INSERT INTO notes VALUES ('kept')", []).unwrap();
        drop(connection);
        let before = fs::read(&path).unwrap();
        let author = |connection: &Connection| {
            let author: String = connection.query_row("SELECT author FROM notes", [], |row| row.get(0)).unwrap();
            assert_eq!(author, "nobody");
        };

        let refused = super::open(data.path(), &[FIRST, SECOND], |connection| {
            author(connection);
            Err(Error::StateKeyWrong)
        });
        assert_eq!(refused.unwrap_err().code(), "practice-state-key-wrong");
        assert_eq!(fs::read(&path).unwrap(), before, "what is refused stays as it is");
        assert_eq!(fs::read_dir(data.path()).unwrap().count(), 1, "and nothing is laid beside it");

        let opened = super::open(data.path(), &[FIRST, SECOND], |_| Ok(())).unwrap();
        author(&opened.connection);
        assert!(data.path().join("practice.db.before-v2").exists());
        drop(opened);
        assert_eq!(open(data.path()).unwrap_err().code(), "practice-database-newer", "to who knows the first only");
    }

    #[test]
    fn the_database_of_another_program_is_left_alone() {
        for version in [0, -1] {
            let data = tempfile::tempdir().unwrap();
            let path = data.path().join(data_dir::DATABASE);
            let connection = Connection::open(&path).unwrap();
            // Ours could be laid out beside it.
            connection.execute_batch("CREATE TABLE recipes (text TEXT)").unwrap();
            migrations::set_version(&connection, version).unwrap();
            drop(connection);
            let before = fs::read(&path).unwrap();
            let said = open(data.path()).unwrap_err().to_string();
            assert!(said.ends_with("it is the database of another program"), "{version}: {said}");
            assert_eq!(fs::read(&path).unwrap(), before);
        }
    }

    #[test]
    fn what_is_no_database_is_said_to_be_damaged_and_left_alone() {
        let data = tempfile::tempdir().unwrap();
        let path = data.path().join(data_dir::DATABASE);
        let text = "no database at all, ".repeat(100);
        fs::write(&path, &text).unwrap();
        assert_eq!(open(data.path()).unwrap_err().code(), "practice-database-damaged");
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
    }

    #[cfg(unix)]
    #[test]
    fn every_file_of_the_database_is_private() {
        use std::os::unix::fs::PermissionsExt;
        let data = tempfile::tempdir().unwrap();
        let _database = open(data.path()).unwrap();
        let modes: Vec<_> = fs::read_dir(data.path())
            .unwrap()
            .map(|entry| entry.unwrap().metadata().unwrap().permissions().mode() & 0o777)
            .collect();
        assert_eq!(modes, [0o600; 2], "database and -wal");
    }
    #[cfg(unix)]
    #[test]
    fn a_database_that_others_can_write_or_own_is_refused_as_unsafe() {
        use std::os::unix::fs::PermissionsExt;
        let data = tempfile::tempdir().unwrap();
        let path = data.path().join(data_dir::DATABASE);
        drop(open(data.path()).unwrap());
        fs::set_permissions(&path, fs::Permissions::from_mode(0o666)).unwrap();
        assert_eq!(open(data.path()).unwrap_err().code(), "practice-data-unsafe");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        drop(open(data.path()).unwrap());
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600,
            "what others could read is narrowed"
        );
        if permitted::give_away(&path) {
            assert_eq!(open(data.path()).unwrap_err().code(), "practice-data-unsafe");
        }
    }
}
