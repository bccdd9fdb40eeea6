//! The tables of the database. How each came to its present form stands beside its queries.

use crate::store::migrations::Migration;
use crate::store::{checks, journal, settings, tokens};

/// In the order in which they are made: a table refers to earlier ones only.
pub(super) const TABLES: [&[Migration]; 4] =
    [settings::MIGRATIONS, tokens::MIGRATIONS, checks::MIGRATIONS, journal::MIGRATIONS];

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;
    use crate::store::migrations::{latest, run, version};

    /// Databases as the versions of the app wrote them, oldest first.
    const WRITTEN_DOWN: [&str; 2] =
        [include_str!("../../tests/store/version-1.sql"), include_str!("../../tests/store/version-2.sql")];

    fn database(sql: &str) -> (tempfile::TempDir, Connection) {
        let dir = tempfile::tempdir().unwrap();
        let mut connection = Connection::open(dir.path().join("desk.sqlite3")).unwrap();
        connection.execute_batch(sql).unwrap();
        run(&mut connection, &dir.path().join("desk.sqlite3"), &TABLES).unwrap();
        (dir, connection)
    }

    /// Every table and index as it was made, but for the white space.
    fn form(connection: &Connection) -> Vec<String> {
        let mut statement =
            connection.prepare("SELECT sql FROM sqlite_schema WHERE sql NOT NULL ORDER BY name").unwrap();
        let made = statement.query_map([], |row| row.get::<_, String>(0)).unwrap().map(Result::unwrap);
        made.map(|sql| sql.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
    }

    #[test]
    fn a_database_of_any_earlier_version_comes_to_the_form_of_a_new_one() {
        let (_new, new) = database("");
        assert!(WRITTEN_DOWN.len() + 1 >= latest(&TABLES) as usize, "one of an earlier version is not written down");
        for written_down in WRITTEN_DOWN {
            let (_old, old) = database(written_down);
            assert_eq!(version(&old).unwrap(), latest(&TABLES));
            assert_eq!(form(&old), form(&new));
        }
    }
}
