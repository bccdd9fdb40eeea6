//! How a database of an earlier version becomes one of this version.

use std::path::Path;

use rusqlite::backup::Backup;
use rusqlite::{Connection, TransactionBehavior};

use crate::error::Error;
use crate::store::database::companion;

/// A step of one table: from the form that it had to the one of version `to`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Migration {
    /// SQLite keeps the version in `user_version`.
    pub(super) to: u32,
    pub(super) sql: &'static str,
}

/// The version that the tables end in.
pub(super) fn latest(tables: &[&[Migration]]) -> u32 {
    tables.iter().copied().flatten().map(|migration| migration.to).max().unwrap_or(0)
}

/// The version of a database; 0 for a new one.
pub(super) fn version(connection: &Connection) -> Result<u32, rusqlite::Error> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// Brings the database at `path` to the version that its tables end in: all of them or none. One that holds anything is
/// copied first, to `<name>.before-v<that version>`.
pub(super) fn run(connection: &mut Connection, path: &Path, tables: &[&[Migration]]) -> Result<(), Error> {
    let (found, latest) = (version(connection)?, latest(tables));
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
    // A version is whole before the next one begins, whichever tables it changes.
    for version in found + 1..=latest {
        for migration in tables.iter().copied().flatten().filter(|migration| migration.to == version) {
            transaction.execute_batch(migration.sql)?;
        }
    }
    transaction.pragma_update(None, "user_version", latest)?;
    transaction.commit()?;
    Ok(())
}

/// Copies the database as it is now, log included, for this person alone and durably. A copy of an earlier try is replaced
/// once the new one is whole.
fn keep_copy(connection: &Connection, path: &Path) -> Result<(), Error> {
    private_files::sweep(path);
    let draft = private_files::draft(path)?;
    copy(connection, draft.path())?;
    draft.sync()?;
    Ok(draft.replace()?)
}

fn copy(from: &Connection, to: &Path) -> Result<(), Error> {
    let mut to = Connection::open(to)?;
    // Nothing of its own lies beside a draft: a kill would leave that behind.
    to.pragma_update(None, "journal_mode", "MEMORY")?;
    Backup::new(from, &mut to)?.run_to_completion(i32::MAX, std::time::Duration::ZERO, None)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::error::code::Code;

    /// As the first version of the app wrote it: what comes later does not change it.
    const FIRST: &str = include_str!("../../tests/store/version-1.sql");
    const NAMES: [&str; 2] = ["Any address", "Home bot"];
    const SECOND: Migration =
        Migration { to: 2, sql: "ALTER TABLE tokens ADD COLUMN note TEXT NOT NULL DEFAULT 'none yet'" };
    const WRONG: Migration = Migration { to: 2, sql: "ALTER TABLE nothing ADD COLUMN note TEXT" };

    fn first_version() -> (tempfile::TempDir, PathBuf, Connection) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("desk.sqlite3");
        let connection = Connection::open(&path).unwrap();
        connection.pragma_update(None, "journal_mode", "WAL").unwrap();
        connection.execute_batch(FIRST).unwrap();
        (dir, path, connection)
    }

    fn names(connection: &Connection) -> Vec<String> {
        let mut statement = connection.prepare("SELECT name FROM tokens ORDER BY name").unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    }

    #[test]
    fn a_new_database_is_made_without_a_copy() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("desk.sqlite3");
        let table = Migration { to: 1, sql: "CREATE TABLE tokens (name TEXT)" };
        run(&mut Connection::open(&path).unwrap(), &path, &[&[table, SECOND]]).unwrap();
        assert!(std::fs::read_dir(dir.path()).unwrap().all(|file| !format!("{file:?}").contains("before")));
    }

    #[test]
    fn the_old_form_is_kept_whole_beside_the_new_one() {
        let (_dir, path, mut connection) = first_version();
        run(&mut connection, &path, &[&[SECOND]]).unwrap();
        assert_eq!(version(&connection).unwrap(), 2);
        let note: String = connection.query_row("SELECT note FROM tokens", [], |row| row.get(0)).unwrap();
        assert_eq!(note, "none yet");

        let copy = companion(&path, ".before-v2");
        let old = Connection::open(&copy).unwrap();
        assert_eq!(version(&old).unwrap(), 1);
        assert_eq!(names(&old), NAMES);
        assert!(old.prepare("SELECT note FROM tokens").is_err());
        #[cfg(unix)]
        assert_eq!(
            std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&copy).unwrap().permissions()) & 0o777,
            0o600
        );
    }

    #[test]
    fn a_version_is_whole_in_all_tables_before_the_next_one_begins() {
        let (_dir, path, mut connection) = first_version();
        let third = Migration { to: 3, sql: "UPDATE settings SET value = (SELECT note FROM tokens)" };
        run(&mut connection, &path, &[&[third], &[SECOND]]).unwrap();
        assert_eq!(version(&connection).unwrap(), 3);
    }

    #[test]
    fn a_migration_that_fails_changes_nothing_and_may_be_tried_again() {
        let (_dir, path, mut connection) = first_version();
        run(&mut connection, &path, &[&[SECOND, WRONG]]).unwrap_err();
        assert_eq!(version(&connection).unwrap(), 1);
        assert!(connection.prepare("SELECT note FROM tokens").is_err());
        assert_eq!(names(&connection), NAMES);
        run(&mut connection, &path, &[&[SECOND]]).unwrap();
        assert_eq!(version(&connection).unwrap(), 2);
    }

    fn no_draft_is_left(directory: &Path) -> bool {
        let mut names = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().file_name());
        names.all(|name| !name.to_string_lossy().ends_with(".tmp"))
    }

    #[test]
    fn without_a_copy_nothing_is_migrated() {
        let (dir, path, mut connection) = first_version();
        let in_the_way = companion(&path, ".before-v2");
        std::fs::create_dir(&in_the_way).unwrap();
        let error = run(&mut connection, &path, &[&[SECOND]]).unwrap_err();
        assert_eq!(error.code(), Code::BackupFailed);
        assert_eq!(error.params()["path"], in_the_way.display().to_string());
        assert_eq!(version(&connection).unwrap(), 1);
        assert!(no_draft_is_left(dir.path()));
    }

    #[test]
    fn a_copy_cut_short_by_a_crash_is_made_again() {
        let (dir, path, mut connection) = first_version();
        std::fs::write(dir.path().join(".desk.sqlite3.before-v2.Ab3xYz.tmp"), "half a copy").unwrap();
        run(&mut connection, &path, &[&[SECOND]]).unwrap();
        assert_eq!(names(&Connection::open(companion(&path, ".before-v2")).unwrap()), NAMES);
        assert!(no_draft_is_left(dir.path()));
    }

    #[test]
    fn a_newer_database_is_not_migrated_back() {
        let (_dir, path, mut connection) = first_version();
        run(&mut connection, &path, &[&[SECOND]]).unwrap();
        let first = Migration { to: 1, sql: "" };
        assert_eq!(run(&mut connection, &path, &[&[first]]).unwrap_err().code(), Code::DatabaseNewer);
    }
}
