//! How a database of an earlier version becomes one of this version.

use std::path::{Path, PathBuf};

use rusqlite::backup::Backup;
use rusqlite::{Connection, TransactionBehavior};

use crate::error::Error;
use crate::private_fs;
use crate::store::companion;

/// The version that this program reads and writes.
pub(super) const LATEST: u32 = 1;

/// Each entry brings the schema from its index to the next version, which SQLite keeps in `user_version`.
pub(super) const MIGRATIONS: [&str; LATEST as usize] = ["
    CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE tokens (
        id TEXT PRIMARY KEY,
        destination TEXT NOT NULL,
        token_type TEXT NOT NULL,
        name TEXT NOT NULL,
        api_key TEXT NOT NULL,
        trusted_ips TEXT NOT NULL,
        permissions TEXT NOT NULL,
        created_at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE checks (
        token TEXT PRIMARY KEY REFERENCES tokens (id) ON DELETE CASCADE,
        outcome TEXT NOT NULL,
        code TEXT NOT NULL,
        at TEXT NOT NULL,
        millis INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE journal (
        id TEXT PRIMARY KEY,
        destination TEXT NOT NULL,
        request TEXT NOT NULL,
        trusted_ips TEXT NOT NULL,
        fingerprint TEXT NOT NULL,
        stage TEXT NOT NULL,
        started_at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
"];

/// The version of a database; 0 for a new one.
pub(super) fn version(connection: &Connection) -> Result<u32, rusqlite::Error> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// Brings the database at `path` to the version that the migrations end in: all of them or none. One that holds anything is
/// copied first, to `<name>.before-v<that version>`.
pub(super) fn run(connection: &mut Connection, path: &Path, migrations: &[&str]) -> Result<(), Error> {
    let latest = u32::try_from(migrations.len()).map_err(|_| Error::DatabaseNewer)?;
    let found = version(connection)?;
    if found > latest {
        return Err(Error::DatabaseNewer);
    }
    if found == latest {
        return Ok(());
    }
    if found > 0 {
        let copy = companion(path, &format!(".before-v{latest}"));
        keep_copy(connection, &copy).map_err(|error| match error {
            Error::DiskFull => Error::DiskFull,
            source => Error::BackupFailed { path: copy, source: Box::new(source) },
        })?;
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for migration in migrations.iter().skip(found as usize) {
        transaction.execute_batch(migration)?;
    }
    transaction.pragma_update(None, "user_version", latest)?;
    transaction.commit()?;
    Ok(())
}

/// Copies the database as it is now, log included, for this person alone and durably. A copy of an earlier try is replaced
/// once the new one is whole.
fn keep_copy(connection: &Connection, path: &Path) -> Result<(), Error> {
    let draft: PathBuf = companion(path, ".new");
    let file = private_fs::file(&draft)?;
    let copied = file.set_len(0).map_err(private_fs::at(&draft)).and_then(|()| copy(connection, &draft));
    let placed = copied
        .and_then(|()| file.sync_all().map_err(private_fs::at(&draft)))
        .and_then(|()| std::fs::rename(&draft, path).map_err(private_fs::at(path)));
    if let Err(error) = placed {
        drop(std::fs::remove_file(&draft));
        return Err(error);
    }
    private_fs::sync_directory_of(path)
}

fn copy(from: &Connection, to: &Path) -> Result<(), Error> {
    let mut to = Connection::open(to)?;
    Backup::new(from, &mut to)?.run_to_completion(i32::MAX, std::time::Duration::ZERO, None)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::code::Code;

    const SECOND: &str = "ALTER TABLE tokens ADD COLUMN note TEXT NOT NULL DEFAULT 'none yet'";
    const WRONG: &str = "ALTER TABLE nothing ADD COLUMN note TEXT";

    fn with(second: &'static str) -> [&'static str; 2] {
        [MIGRATIONS[0], second]
    }

    fn first_version() -> (tempfile::TempDir, PathBuf, Connection) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("desk.sqlite3");
        let mut connection = Connection::open(&path).unwrap();
        connection.pragma_update(None, "journal_mode", "WAL").unwrap();
        run(&mut connection, &path, &MIGRATIONS).unwrap();
        connection.execute("INSERT INTO tokens VALUES ('1', '', '', 'Home', '', '', '', '')", []).unwrap();
        (dir, path, connection)
    }

    fn names(connection: &Connection) -> Vec<String> {
        let mut statement = connection.prepare("SELECT name FROM tokens").unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    }

    #[test]
    fn a_new_database_is_made_without_a_copy() {
        let (dir, ..) = first_version();
        assert!(std::fs::read_dir(dir.path()).unwrap().all(|file| !format!("{file:?}").contains("before")));
    }

    #[test]
    fn the_old_form_is_kept_whole_beside_the_new_one() {
        let (_dir, path, mut connection) = first_version();
        run(&mut connection, &path, &with(SECOND)).unwrap();
        assert_eq!(version(&connection).unwrap(), 2);
        let note: String = connection.query_row("SELECT note FROM tokens", [], |row| row.get(0)).unwrap();
        assert_eq!(note, "none yet");

        let copy = companion(&path, ".before-v2");
        let old = Connection::open(&copy).unwrap();
        assert_eq!(version(&old).unwrap(), 1);
        assert_eq!(names(&old), ["Home"]);
        assert!(old.prepare("SELECT note FROM tokens").is_err());
        #[cfg(unix)]
        assert_eq!(
            std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&copy).unwrap().permissions()) & 0o777,
            0o600
        );
    }

    #[test]
    fn a_migration_that_fails_changes_nothing_and_may_be_tried_again() {
        let (_dir, path, mut connection) = first_version();
        run(&mut connection, &path, &with(WRONG)).unwrap_err();
        assert_eq!(version(&connection).unwrap(), 1);
        assert_eq!(names(&connection), ["Home"]);
        run(&mut connection, &path, &with(SECOND)).unwrap();
        assert_eq!(version(&connection).unwrap(), 2);
    }

    #[test]
    fn without_a_copy_nothing_is_migrated() {
        let (_dir, path, mut connection) = first_version();
        let in_the_way = companion(&path, ".before-v2");
        std::fs::create_dir(&in_the_way).unwrap();
        let error = run(&mut connection, &path, &with(SECOND)).unwrap_err();
        assert_eq!(error.code(), Code::BackupFailed);
        assert_eq!(error.params()["path"], in_the_way.display().to_string());
        assert_eq!(version(&connection).unwrap(), 1);
        assert!(!companion(&in_the_way, ".new").exists());
    }

    #[test]
    fn a_copy_cut_short_by_a_crash_is_made_again() {
        let (_dir, path, mut connection) = first_version();
        std::fs::write(companion(&path, ".before-v2.new"), "half a copy").unwrap();
        run(&mut connection, &path, &with(SECOND)).unwrap();
        assert_eq!(names(&Connection::open(companion(&path, ".before-v2")).unwrap()), ["Home"]);
        assert!(!companion(&path, ".before-v2.new").exists());
    }

    #[test]
    fn a_newer_database_is_not_migrated_back() {
        let (_dir, path, mut connection) = first_version();
        run(&mut connection, &path, &with(SECOND)).unwrap();
        assert_eq!(run(&mut connection, &path, &MIGRATIONS).unwrap_err().code(), Code::DatabaseNewer);
    }
}
