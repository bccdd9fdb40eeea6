use std::collections::HashSet;

use rusqlite::{Connection, OptionalExtension, Row, params};
use uuid::Uuid;

use crate::error::Error;
use crate::form::draft::Draft;
use crate::store::attempt::Stage;
use crate::store::columns::{json, moment, timestamp, uuid, word};
use crate::store::database::DeskStore;
use crate::store::migrations::Migration;
use crate::store::{journal, settings};
use crate::token::KnownToken;
use crate::token::destination::Destination;
use crate::token::note::Note;

pub(super) const MIGRATIONS: &[Migration] = &[
    Migration {
        to: 1,
        sql: "CREATE TABLE tokens (
            id TEXT PRIMARY KEY,
            destination TEXT NOT NULL,
            token_type TEXT NOT NULL,
            name TEXT NOT NULL,
            api_key TEXT NOT NULL,
            trusted_ips TEXT NOT NULL,
            permissions TEXT NOT NULL,
            created_at TEXT NOT NULL
        ) STRICT, WITHOUT ROWID",
    },
    // `record_is_old`: what the keyring keeps of the token is not what stands here.
    Migration {
        to: 2,
        sql: "ALTER TABLE tokens ADD COLUMN note TEXT;
            ALTER TABLE tokens ADD COLUMN record_is_old INTEGER NOT NULL DEFAULT 0",
    },
];

const COLUMNS: &str = "id, destination, token_type, name, api_key, trusted_ips, permissions, created_at, note";

impl DeskStore {
    /// All recorded tokens, newest first.
    pub fn tokens(&self) -> Result<Vec<KnownToken>, Error> {
        Ok(read_all(&self.connection())?)
    }

    /// One token.
    pub fn token(&self, id: Uuid) -> Result<KnownToken, Error> {
        self.connection()
            .query_row(&format!("SELECT {COLUMNS} FROM tokens WHERE id = ?1"), [id.to_string()], token)
            .optional()?
            .ok_or(Error::TokenUnknown)
    }

    /// Whether a token has this id.
    pub fn is_recorded(&self, id: Uuid) -> Result<bool, Error> {
        Ok(self.connection().query_row(
            "SELECT EXISTS (SELECT 1 FROM tokens WHERE id = ?1)",
            [id.to_string()],
            |row| row.get(0),
        )?)
    }

    /// The names in use at each destination.
    pub fn names(&self) -> Result<Vec<(Destination, String)>, Error> {
        let connection = self.connection();
        let mut statement = connection.prepare("SELECT destination, name FROM tokens")?;
        let rows = statement.query_map([], |row| Ok((word(row, 0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Records a token, ends its journal row and lets go of the form that it came from: all or nothing.
    pub fn record(&self, token: &KnownToken) -> Result<(), Error> {
        let mut connection = self.connection();
        let transaction = connection.transaction()?;
        insert(&transaction, token)?;
        journal::advance(&transaction, token.id, Stage::Recorded)?;
        settings::release_draft(&transaction, token)?;
        transaction.commit()?;
        Ok(())
    }

    /// Writes a note to a token, or takes it away. Its record in the keyring is old from then on.
    pub fn keep_note(&self, id: Uuid, note: Option<&Note>) -> Result<(), Error> {
        let changed = self.connection().execute(
            "UPDATE tokens SET note = ?2, record_is_old = 1 WHERE id = ?1",
            params![id.to_string(), note.map(Note::as_str)],
        )?;
        if changed == 0 { Err(Error::TokenUnknown) } else { Ok(()) }
    }

    /// The tokens whose record in the keyring is old.
    pub(crate) fn with_old_records(&self) -> Result<HashSet<Uuid>, Error> {
        let connection = self.connection();
        let mut statement = connection.prepare("SELECT id FROM tokens WHERE record_is_old")?;
        Ok(statement.query_map([], uuid)?.collect::<Result<_, _>>()?)
    }

    /// The keyring has taken a token's record as it is now.
    pub(crate) fn record_is_kept(&self, id: Uuid) -> Result<(), Error> {
        self.connection().execute("UPDATE tokens SET record_is_old = 0 WHERE id = ?1", [id.to_string()])?;
        Ok(())
    }

    /// Forgets a token on this computer, recorded or still being made; at its service it lives on.
    pub fn forget(&self, id: Uuid) -> Result<(), Error> {
        let mut connection = self.connection();
        let transaction = connection.transaction()?;
        delete(&transaction, id)?;
        transaction.commit()?;
        Ok(())
    }

    /// Forgets a token that was revoked and keeps the form for its successor: all or nothing.
    pub fn replace(&self, id: Uuid, successor: &Draft) -> Result<(), Error> {
        let mut connection = self.connection();
        let transaction = connection.transaction()?;
        delete(&transaction, id)?;
        settings::write_draft(&transaction, Some(successor))?;
        transaction.commit()?;
        Ok(())
    }
}

fn delete(connection: &Connection, id: Uuid) -> Result<(), rusqlite::Error> {
    connection.execute("DELETE FROM tokens WHERE id = ?1", [id.to_string()])?;
    journal::delete(connection, id)
}

/// Every token as it lies there, newest first.
pub(super) fn read_all(connection: &Connection) -> Result<Vec<KnownToken>, rusqlite::Error> {
    let mut statement = connection.prepare(&format!("SELECT {COLUMNS} FROM tokens ORDER BY created_at DESC, id"))?;
    statement.query_map([], token)?.collect()
}

/// One that is recorded again keeps its note: where it comes from, nobody knows of notes.
fn insert(connection: &Connection, token: &KnownToken) -> Result<(), rusqlite::Error> {
    connection.execute(
        &format!(
            "INSERT OR REPLACE INTO tokens ({COLUMNS}) VALUES
            (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, coalesce(?9, (SELECT note FROM tokens WHERE id = ?1)))"
        ),
        params![
            token.id.to_string(),
            json(&token.destination)?,
            json(&token.token_type)?,
            token.name,
            token.api_key,
            json(&token.trusted_ips)?,
            json(&token.permissions)?,
            timestamp(token.created_at)?,
            token.note.as_ref().map(Note::as_str),
        ],
    )?;
    Ok(())
}

fn token(row: &Row<'_>) -> Result<KnownToken, rusqlite::Error> {
    Ok(KnownToken {
        id: uuid(row)?,
        destination: word(row, 1)?,
        token_type: word(row, 2)?,
        name: row.get(3)?,
        api_key: row.get(4)?,
        trusted_ips: word(row, 5)?,
        permissions: word(row, 6)?,
        created_at: moment(row, 7)?,
        note: row.get::<_, Option<String>>(8)?.as_deref().and_then(Note::kept),
    })
}
