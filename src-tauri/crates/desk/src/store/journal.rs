use rusqlite::{Connection, Row, params};
use uuid::Uuid;

use crate::error::Error;
use crate::service::token_endpoint::TokenRequest;
use crate::store::attempt::{Attempt, Stage};
use crate::store::columns::{json, moment, timestamp, uuid, word};
use crate::store::database::DeskStore;
use crate::store::migrations::Migration;

pub(super) const MIGRATIONS: &[Migration] = &[Migration {
    to: 1,
    sql: "CREATE TABLE journal (
        id TEXT PRIMARY KEY,
        destination TEXT NOT NULL,
        request TEXT NOT NULL,
        trusted_ips TEXT NOT NULL,
        fingerprint TEXT NOT NULL,
        stage TEXT NOT NULL,
        started_at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID",
}];

impl DeskStore {
    /// Writes an attempt down before anything leaves the computer. An earlier one of the same draft has been settled by
    /// then; a row of it that could not be cleaned up is replaced.
    pub fn begin(&self, attempt: &Attempt) -> Result<(), Error> {
        self.connection().execute(
            "INSERT OR REPLACE INTO journal (id, destination, request, trusted_ips, fingerprint, stage, started_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                attempt.id.to_string(),
                json(&attempt.destination)?,
                attempt.request,
                json(&attempt.trusted_ips)?,
                attempt.request_fingerprint,
                json(&attempt.stage)?,
                timestamp(attempt.started_at)?,
            ],
        )?;
        Ok(())
    }

    /// Notes how far an attempt has come.
    pub fn advance(&self, id: Uuid, stage: Stage) -> Result<(), Error> {
        Ok(advance(&self.connection(), id, stage)?)
    }

    /// Ends an attempt that made no token.
    pub fn abandon(&self, id: Uuid) -> Result<(), Error> {
        Ok(delete(&self.connection(), id)?)
    }

    /// The person has seen what became of it: nothing of an attempt that has an end is left. An open one stays.
    pub fn told(&self, id: Uuid) -> Result<(), Error> {
        self.connection().execute(
            "DELETE FROM journal WHERE id = ?1 AND stage IN (?2, ?3)",
            params![id.to_string(), json(&Stage::Recorded)?, json(&Stage::NotMade)?],
        )?;
        Ok(())
    }

    /// Attempts that have no end yet, or an end that the person has not seen; oldest first.
    pub fn open_attempts(&self) -> Result<Vec<Attempt>, Error> {
        Ok(read_all(&self.connection())?)
    }
}

/// As [`DeskStore::advance`], as a part of what the caller does.
pub(super) fn advance(connection: &Connection, id: Uuid, stage: Stage) -> Result<(), rusqlite::Error> {
    connection.execute("UPDATE journal SET stage = ?2 WHERE id = ?1", params![id.to_string(), json(&stage)?])?;
    Ok(())
}

/// Takes an attempt out, wherever it stands, as a part of what the caller does.
pub(super) fn delete(connection: &Connection, id: Uuid) -> Result<(), rusqlite::Error> {
    connection.execute("DELETE FROM journal WHERE id = ?1", [id.to_string()])?;
    Ok(())
}

/// Every attempt as it lies there, oldest first.
pub(super) fn read_all(connection: &Connection) -> Result<Vec<Attempt>, rusqlite::Error> {
    let mut statement = connection.prepare(
        "SELECT id, destination, request, trusted_ips, fingerprint, stage, started_at
         FROM journal ORDER BY started_at, id",
    )?;
    statement.query_map([], attempt)?.collect()
}

fn attempt(row: &Row<'_>) -> Result<Attempt, rusqlite::Error> {
    // One that could not be sent again is damage, to be found when the file is opened.
    word::<TokenRequest>(row, 2)?;
    Ok(Attempt {
        id: uuid(row)?,
        destination: word(row, 1)?,
        request: row.get(2)?,
        trusted_ips: word(row, 3)?,
        request_fingerprint: row.get(4)?,
        stage: word(row, 5)?,
        started_at: moment(row, 6)?,
    })
}
