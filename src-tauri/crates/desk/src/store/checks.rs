use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::error::Error;
use crate::error::code::Code;
use crate::store::columns::{json, moment, timestamp, word};
use crate::store::database::DeskStore;
use crate::store::migrations::Migration;

pub(super) const MIGRATIONS: &[Migration] = &[Migration {
    to: 1,
    sql: "CREATE TABLE checks (
        token TEXT PRIMARY KEY REFERENCES tokens (id) ON DELETE CASCADE,
        outcome TEXT NOT NULL,
        code TEXT NOT NULL,
        at TEXT NOT NULL,
        millis INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID",
}];

const COLUMNS: &str = "outcome, code, at, millis";

/// The result of verifying a token with a signed call that changes nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// What came of it.
    pub outcome: Outcome,
    /// `ok`, or why not: stable, kebab-case.
    pub code: String,
    /// When.
    pub at: OffsetDateTime,
    /// How long the call took.
    pub millis: u64,
}

impl Check {
    /// No call can be made without a secret.
    pub(crate) fn secret_gone(at: OffsetDateTime) -> Self {
        Self { outcome: Outcome::NotReached, code: Code::SecretGone.as_str().to_owned(), at, millis: 0 }
    }
}

/// What came of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The service gave no answer: nothing is known.
    NotReached,
    /// The service turned the call away.
    Refused,
    /// The call was let in.
    Works,
}

impl DeskStore {
    /// Keeps the latest check of a token.
    pub fn keep_check(&self, token: Uuid, check: &Check) -> Result<(), Error> {
        self.connection().execute(
            "INSERT OR REPLACE INTO checks (token, outcome, code, at, millis) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![
                token.to_string(),
                json(&check.outcome)?,
                check.code,
                timestamp(check.at)?,
                i64::try_from(check.millis).unwrap_or(i64::MAX),
            ],
        )?;
        Ok(())
    }

    /// What was thought of a token is no longer true.
    pub fn forget_check(&self, token: Uuid) -> Result<(), Error> {
        self.connection().execute("DELETE FROM checks WHERE token = ?1", [token.to_string()])?;
        Ok(())
    }

    /// The latest check of a token.
    pub fn check(&self, token: Uuid) -> Result<Option<Check>, Error> {
        Ok(self
            .connection()
            .query_row(&format!("SELECT {COLUMNS} FROM checks WHERE token = ?1"), [token.to_string()], check)
            .optional()?)
    }
}

/// Every check as it lies there.
pub(super) fn read_all(connection: &Connection) -> Result<Vec<Check>, rusqlite::Error> {
    let mut statement = connection.prepare(&format!("SELECT {COLUMNS} FROM checks"))?;
    statement.query_map([], check)?.collect()
}

fn check(row: &Row<'_>) -> Result<Check, rusqlite::Error> {
    Ok(Check {
        outcome: word(row, 0)?,
        code: row.get(1)?,
        at: moment(row, 2)?,
        millis: row.get::<_, i64>(3)?.unsigned_abs(),
    })
}
