//! What the database holds, version by version: the part of each table stands beside its queries.

use std::path::Path;

use crate::account::examination::examine;
use crate::account::{authenticator, stored_answers};
use crate::error::Error;
use crate::storage::database::Database;
use crate::storage::file;
use crate::storage::migrations::Migration;
use crate::storage::seal::Sealer;
use crate::tokens;

/// A change of any table's form is a further row, and its text a further constant in that table's file.
const MIGRATIONS: &[Migration<'static>] = &[&[authenticator::V1, tokens::V1, stored_answers::V1]];

/// The database of a data directory that is prepared and locked, whole and of this version. `sealer` as for [`examine`].
pub(crate) fn open(data: &Path, sealer: Option<&Sealer>) -> Result<Database, Error> {
    file::open(data, MIGRATIONS, |connection| examine(connection, sealer))
}

#[cfg(test)]
pub(crate) fn in_memory() -> rusqlite::Connection {
    let empty = rusqlite::Connection::open_in_memory().unwrap();
    crate::storage::migrations::rehearse(&empty, MIGRATIONS).unwrap()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;

    use rusqlite::Connection;
    use serde_json::{Value, json};
    use tempfile::TempDir;

    use super::*;
    use crate::account::authenticator::StoredAccount;
    use crate::account::idempotency::{IdempotencyKey, RequestHash};
    use crate::account::stored_answers::Known;
    use crate::storage::data_dir::DATABASE;
    use crate::storage::migrations;
    use crate::storage::state_key::StateKey;

    const VERSION_1: &str = include_str!("../../tests/data/version-1.sql");
    /// In the midst of the day whose answers it still has.
    const THEN_MS: i64 = 1_796_150_000_000;
    const FURTHER: Migration<'static> =
        &["ALTER TABLE tokens ADD COLUMN test TEXT NOT NULL DEFAULT ''", "CREATE TABLE test (text TEXT) STRICT"];
    const WRONG: Migration<'static> = &["DELETE FROM tokens", "ALTER TABLE nothing ADD COLUMN test TEXT"];

    fn state_key() -> StateKey {
        StateKey::from_bytes([7; 32])
    }

    fn version_1() -> (TempDir, PathBuf) {
        let data = tempfile::tempdir().unwrap();
        let path = data.path().join(DATABASE);
        let connection = Connection::open(&path).unwrap();
        connection.pragma_update(None, "journal_mode", "WAL").unwrap();
        connection.execute_batch(VERSION_1).unwrap();
        (data, path)
    }

    fn open_with(data: &TempDir, further: Migration<'static>) -> Result<Database, Error> {
        let sealer = Sealer::for_secrets(&state_key());
        let migrations = [MIGRATIONS, &[further]].concat();
        file::open(data.path(), &migrations, |connection| examine(connection, Some(&sealer)))
    }

    fn files(data: &TempDir) -> Vec<String> {
        let entries = fs::read_dir(data.path()).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// Tokens, account and answers, opened with what seals them.
    fn holds_what_version_1_did(database: &Database) {
        let (connection, sealer) = (&database.connection, Sealer::for_secrets(&state_key()));
        let tokens = tokens::all(connection).unwrap();
        let rows = serde_json::to_value(tokens.iter().map(tokens::PracticeToken::row).collect::<Vec<_>>()).unwrap();
        assert_eq!(
            rows[1],
            json!({
                "id": 2,
                "api_key": "practice805e8ac4935f1c3d0dcdcdfef0a18ca3353f46fb1bdc745cc793ef15",
                "name": "Server",
                "type": "self_generated",
                "trusted_ips": ["198.41.0.0/24", "2001:db8::7"],
                "permissions": ["ACCOUNTS_READ", "SMART_TRADES_WRITE"],
                "created_at": "2026-12-01T17:25:42.797Z",
                "request_fingerprint": "deb061d0696f8ae06fc13a63d1ec4669acd8e762343d756f8a1e26f4241db497",
            })
        );
        assert_eq!((rows.as_array().unwrap().len(), &rows[0]["name"]), (2, &json!("Home bot")));
        let secret = tokens[0].own_hmac_secret(&sealer).unwrap();
        assert_eq!(secret.as_slice(), b"w69hFpU3HowfSB4Zh0Z1rEdoKvsyBXeclkC6D12dwksYAmSMOEjzAfAdeBXXuEDZ");

        let account = StoredAccount::find(connection).unwrap().unwrap();
        assert_eq!(account.secret(&sealer).unwrap().expose(), b"12345678901234567890");
        assert!(!authenticator::spend(connection, 59_871_533).unwrap(), "a spent step stays spent");
        assert_eq!(authenticator::attempts(connection).unwrap().failures_in_a_row, 1);

        let key = IdempotencyKey::parse(b"0e6f7c1a-5d44-4b0a-9a55-0f2d8f6a1c3e").unwrap();
        let body = json!({"type": "system_generated", "name": "Home bot", "trusted_ips": ["203.0.113.7"], "permissions": ["BOTS_READ"]});
        let request = RequestHash::new("POST", "/api_tokens", &body);
        let known = stored_answers::find(connection, &state_key(), &key, request, THEN_MS).unwrap();
        let Some(Known::Answer(answer)) = known else { panic!("no answer") };
        let answer: Value = serde_json::from_slice(&answer).unwrap();
        assert_eq!(answer["secret"], String::from_utf8(secret.to_vec()).unwrap());
    }

    #[test]
    fn the_first_version_is_opened_with_all_that_it_holds() {
        let (data, _) = version_1();
        let database = open(data.path(), Some(&Sealer::for_secrets(&state_key()))).unwrap();
        assert_eq!(migrations::version(&database.connection).unwrap(), migrations::latest(MIGRATIONS));
        holds_what_version_1_did(&database);
    }

    #[test]
    fn the_first_version_is_copied_and_brought_forward_by_every_later_one() {
        let (data, path) = version_1();
        let database = open_with(&data, FURTHER).unwrap();
        let latest = migrations::latest(MIGRATIONS) + 1;
        assert_eq!(migrations::version(&database.connection).unwrap(), latest);
        holds_what_version_1_did(&database);

        let copy = Connection::open(path.with_file_name(format!("{DATABASE}.before-v{latest}"))).unwrap();
        assert_eq!(migrations::version(&copy).unwrap(), 1);
        let text = |sql: &str| copy.query_row(sql, [], |row| row.get::<_, String>(0)).unwrap();
        assert_eq!(text("SELECT group_concat(name) FROM (SELECT name FROM tokens ORDER BY id)"), "Home bot,Server");
        assert_eq!(text("SELECT count(*) || '' FROM answers"), "4");
        drop(database);
        assert_eq!(open(data.path(), None).unwrap_err().code(), "practice-database-newer");
    }

    #[test]
    fn a_migration_that_fails_leaves_the_first_version_as_it_was() {
        let (data, path) = version_1();
        let before = fs::read(&path).unwrap();
        open_with(&data, WRONG).unwrap_err();
        assert_eq!(fs::read(&path).unwrap(), before);
        assert_eq!(files(&data), [DATABASE], "and nothing is laid beside it");
        holds_what_version_1_did(&open_with(&data, FURTHER).unwrap());
    }

    #[test]
    fn damage_in_an_earlier_version_is_seen_before_anything_is_written() {
        let (data, path) = version_1();
        Connection::open(&path).unwrap().execute("UPDATE tokens SET permissions = '[]'", []).unwrap();
        let before = fs::read(&path).unwrap();
        assert_eq!(open_with(&data, FURTHER).unwrap_err().code(), "practice-database-damaged");
        assert_eq!(fs::read(&path).unwrap(), before);
        assert_eq!(files(&data), [DATABASE]);
    }

    /// It lies on the disks of people: another form is another version.
    #[test]
    fn the_first_version_is_what_it_was() {
        let forms = |connection: &Connection| -> Vec<(String, Option<String>)> {
            let mut statement = connection.prepare("SELECT name, sql FROM sqlite_schema ORDER BY name").unwrap();
            statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect()
        };
        let written_down = Connection::open_in_memory().unwrap();
        written_down.execute_batch(VERSION_1).unwrap();
        let made = migrations::rehearse(&Connection::open_in_memory().unwrap(), &MIGRATIONS[..1]).unwrap();
        assert_eq!(forms(&made), forms(&written_down));
    }
}
