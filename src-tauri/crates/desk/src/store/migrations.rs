use rusqlite::{Connection, TransactionBehavior};

use crate::Error;

/// The version that this program reads and writes.
const LATEST: u32 = 1;

/// Each entry brings the schema from its index to the next version, which SQLite keeps in `user_version`.
const MIGRATIONS: [&str; LATEST as usize] = ["
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

pub(super) fn run(connection: &mut Connection) -> Result<(), Error> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let version: u32 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if version > LATEST {
        return Err(Error::DatabaseNewer);
    }
    for migration in MIGRATIONS.iter().skip(version as usize) {
        transaction.execute_batch(migration)?;
    }
    transaction.pragma_update(None, "user_version", LATEST)?;
    transaction.commit()?;
    Ok(())
}
