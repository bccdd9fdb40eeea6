use rusqlite::{Connection, Row, params};
use uuid::Uuid;

use crate::error::Error;
use crate::service::token_endpoint::TokenRequest;
use crate::store::Store;
use crate::store::attempt::{Attempt, Stage};
use crate::store::tokens::{json, moment, timestamp, uuid, word};

impl Store {
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
                attempt.fingerprint,
                json(&attempt.stage)?,
                timestamp(attempt.started_at)?,
            ],
        )?;
        Ok(())
    }

    /// Notes how far an attempt has come.
    pub fn advance(&self, id: Uuid, stage: Stage) -> Result<(), Error> {
        self.connection()
            .execute("UPDATE journal SET stage = ?2 WHERE id = ?1", params![id.to_string(), json(&stage)?])?;
        Ok(())
    }

    /// Ends an attempt that made no token.
    pub fn abandon(&self, id: Uuid) -> Result<(), Error> {
        self.connection().execute("DELETE FROM journal WHERE id = ?1", [id.to_string()])?;
        Ok(())
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
        fingerprint: row.get(4)?,
        stage: word(row, 5)?,
        started_at: moment(row, 6)?,
    })
}
