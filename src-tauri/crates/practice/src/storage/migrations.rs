//! How a database of an earlier version becomes one of this version: rehearsed first, copied, and in one transaction.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::backup::Backup;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use crate::error::Error;

/// What brings a database from one version to the next, a text for each table that changes. The first makes it.
pub(crate) type Migration<'a> = &'a [&'a str];

/// The version of a database, which SQLite keeps in `user_version`; 0 for a new one.
pub(crate) fn version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

pub(crate) fn set_version(connection: &Connection, version: i64) -> rusqlite::Result<()> {
    connection.pragma_update(None, "user_version", version)
}

/// The version that they end in.
pub(crate) fn latest(migrations: &[Migration<'_>]) -> i64 {
    i64::try_from(migrations.len()).unwrap_or(i64::MAX)
}

/// What a database will be, found out in memory: it stays as it is, every byte of it.
pub(crate) fn rehearse(connection: &Connection, migrations: &[Migration<'_>]) -> rusqlite::Result<Connection> {
    let mut rehearsed = Connection::open_in_memory()?;
    copy(connection, &mut rehearsed)?;
    apply(&mut rehearsed, migrations)?;
    Ok(rehearsed)
}

/// Brings the database at `path` to the latest version: by all migrations or by none. One that holds anything is copied first,
/// to `<name>.before-v<that version>`.
pub(crate) fn run(connection: &mut Connection, path: &Path, migrations: &[Migration<'_>]) -> Result<(), Error> {
    let (found, latest) = (version(connection)?, latest(migrations));
    if found == latest {
        return Ok(());
    }
    if found > 0 {
        keep_copy(connection, &beside(path, &format!(".before-v{latest}")))?;
    }
    Ok(apply(connection, migrations)?)
}

fn apply(connection: &mut Connection, migrations: &[Migration<'_>]) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found = usize::try_from(version(&transaction)?).unwrap_or(usize::MAX);
    for statements in migrations.iter().skip(found).copied().flatten() {
        transaction.execute_batch(statements)?;
    }
    set_version(&transaction, latest(migrations))?;
    transaction.commit()
}

/// Copies the database as it is now, its log included, privately and durably. A copy of an earlier try is replaced once the
/// new one is whole.
fn keep_copy(connection: &Connection, path: &Path) -> Result<(), Error> {
    private_files::sweep(path);
    let draft = private_files::draft(path)?;
    let mut to = Connection::open_with_flags(draft.path(), OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    // Nothing of its own lies beside a draft: a kill would leave that behind.
    to.pragma_update_and_check(None, "journal_mode", "MEMORY", |row| row.get::<_, String>(0))?;
    copy(connection, &mut to)?;
    drop(to);
    draft.sync()?;
    Ok(draft.replace()?)
}

fn copy(from: &Connection, to: &mut Connection) -> rusqlite::Result<()> {
    Backup::new(from, to)?.run_to_completion(i32::MAX, Duration::ZERO, None)
}

fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const FIRST: Migration<'_> = &["CREATE TABLE notes (text TEXT) STRICT", "CREATE TABLE others (text TEXT) STRICT"];
    const SECOND: Migration<'_> = &["ALTER TABLE notes ADD COLUMN author TEXT NOT NULL DEFAULT 'nobody'"];
    const WRONG: Migration<'_> = &["DELETE FROM notes", "ALTER TABLE nothing ADD COLUMN author TEXT"];

    fn first_version() -> (tempfile::TempDir, PathBuf, Connection) {
        let data = tempfile::tempdir().unwrap();
        let path = data.path().join("notes.db");
        let mut connection = Connection::open(&path).unwrap();
        connection.pragma_update(None, "journal_mode", "WAL").unwrap();
        run(&mut connection, &path, &[FIRST]).unwrap();
        connection.execute("INSERT INTO notes VALUES ('kept')", []).unwrap();
        (data, path, connection)
    }

    fn texts(connection: &Connection) -> Vec<String> {
        let mut statement = connection.prepare("SELECT text FROM notes").unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    }

    fn author(connection: &Connection) -> rusqlite::Result<String> {
        connection.query_row("SELECT author FROM notes", [], |row| row.get(0))
    }

    fn names(data: &tempfile::TempDir) -> Vec<String> {
        let entries = fs::read_dir(data.path()).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names.retain(|name| !name.ends_with("-wal") && !name.ends_with("-shm"));
        names
    }

    #[test]
    fn a_new_database_is_made_without_a_copy() {
        let (data, _, connection) = first_version();
        assert_eq!(version(&connection).unwrap(), 1);
        assert_eq!(names(&data), ["notes.db"]);
    }

    #[test]
    fn the_old_form_is_kept_whole_and_private_beside_the_new_one() {
        let (_data, path, mut connection) = first_version();
        run(&mut connection, &path, &[FIRST, SECOND]).unwrap();
        assert_eq!((version(&connection).unwrap(), author(&connection).unwrap()), (2, "nobody".into()));

        let copy = beside(&path, ".before-v2");
        let old = Connection::open(&copy).unwrap();
        assert_eq!((version(&old).unwrap(), texts(&old)), (1, vec!["kept".to_owned()]));
        assert!(author(&old).is_err());
        #[cfg(unix)]
        assert_eq!(std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&copy).unwrap().permissions()) & 0o777, 0o600);
    }

    #[test]
    fn a_migration_that_fails_changes_nothing_and_may_be_tried_again() {
        let (data, path, mut connection) = first_version();
        run(&mut connection, &path, &[FIRST, WRONG]).unwrap_err();
        assert_eq!((version(&connection).unwrap(), texts(&connection)), (1, vec!["kept".to_owned()]));
        run(&mut connection, &path, &[FIRST, SECOND]).unwrap();
        assert_eq!(version(&connection).unwrap(), 2);
        assert_eq!(names(&data), ["notes.db", "notes.db.before-v2"]);
    }

    #[test]
    fn a_rehearsal_shows_what_will_be_and_leaves_no_trace() {
        let (data, _, connection) = first_version();
        let rehearsed = rehearse(&connection, &[FIRST, SECOND]).unwrap();
        assert_eq!((version(&rehearsed).unwrap(), author(&rehearsed).unwrap()), (2, "nobody".into()));
        assert!(rehearse(&connection, &[FIRST, WRONG]).is_err());
        assert_eq!((version(&connection).unwrap(), texts(&connection)), (1, vec!["kept".to_owned()]));
        assert_eq!(names(&data), ["notes.db"]);
    }

    #[test]
    fn without_a_copy_nothing_is_migrated() {
        let (data, path, mut connection) = first_version();
        fs::create_dir(beside(&path, ".before-v2")).unwrap();
        let error = run(&mut connection, &path, &[FIRST, SECOND]).unwrap_err();
        assert_eq!(error.code(), "practice-data-unwritable");
        assert_eq!(version(&connection).unwrap(), 1);
        assert_eq!(names(&data), ["notes.db", "notes.db.before-v2"], "no draft is left");
    }

    #[test]
    fn a_copy_cut_short_by_a_crash_is_made_again() {
        let (data, path, mut connection) = first_version();
        fs::write(data.path().join(".notes.db.before-v2.Ab3xYz.tmp"), "half a copy").unwrap();
        run(&mut connection, &path, &[FIRST, SECOND]).unwrap();
        assert_eq!(texts(&Connection::open(beside(&path, ".before-v2")).unwrap()), ["kept"]);
        assert_eq!(names(&data), ["notes.db", "notes.db.before-v2"]);
    }
}
