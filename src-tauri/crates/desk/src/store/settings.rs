use public_address::Sources;
use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::error::Error;
use crate::form::draft::Draft;
use crate::store::columns::uuid;
use crate::store::database::DeskStore;
use crate::store::migrations::Migration;
use crate::token::KnownToken;

pub(super) const MIGRATIONS: &[Migration] = &[Migration {
    to: 1,
    sql: "CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
}];

const DRAFT: &str = "draft";

impl DeskStore {
    /// What names this installation's keyring items. A new database takes over the name that is known from elsewhere.
    pub(super) fn installation(&self, known: Option<Uuid>) -> Result<Uuid, Error> {
        let connection = self.connection();
        if let Some(name) = read_installation(&connection)? {
            return Ok(name);
        }
        let name = known.unwrap_or_else(Uuid::new_v4);
        connection.execute("INSERT INTO settings (name, value) VALUES ('installation', ?1)", [name.to_string()])?;
        Ok(name)
    }

    /// The form as the person left it. One of another version is no loss worth an error: the form starts empty.
    pub fn draft(&self) -> Result<Option<Draft>, Error> {
        Ok(read_draft(&self.connection())?)
    }

    /// Takes away the form that became this token; one that was changed since stays, with an id of its own. Answers the
    /// form that there is then.
    pub fn release_draft(&self, token: &KnownToken) -> Result<Option<Draft>, Error> {
        let mut connection = self.connection();
        let transaction = connection.transaction()?;
        let left = release_draft(&transaction, token)?;
        transaction.commit()?;
        Ok(left)
    }

    /// Keeps the form, or forgets it.
    pub fn keep_draft(&self, draft: Option<&Draft>) -> Result<(), Error> {
        Ok(write_draft(&self.connection(), draft)?)
    }

    /// Whom the person wants to be asked for their address; those that the app came with unless they said so.
    pub fn address_sources(&self) -> Result<Sources, Error> {
        Ok(self.setting("address_sources")?.unwrap_or_default())
    }

    /// Keeps whom to ask; `None` goes back to those that the app came with.
    pub fn keep_address_sources(&self, sources: Option<&Sources>) -> Result<(), Error> {
        self.keep_setting("address_sources", sources)
    }

    /// A setting, if there is one that this version can read.
    fn setting<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, Error> {
        Ok(read(&self.connection(), name)?)
    }

    fn keep_setting<T: Serialize>(&self, name: &str, value: Option<&T>) -> Result<(), Error> {
        Ok(write(&self.connection(), name, value)?)
    }
}

/// As [`DeskStore::release_draft`], as a part of what the caller does.
pub(super) fn release_draft(connection: &Connection, token: &KnownToken) -> Result<Option<Draft>, rusqlite::Error> {
    let Some(draft) = read_draft(connection)? else { return Ok(None) };
    if draft.id != token.id {
        return Ok(Some(draft));
    }
    let left = (!draft.describes(token)).then(|| Draft { id: Uuid::new_v4(), ..draft });
    write_draft(connection, left.as_ref())?;
    Ok(left)
}

fn read_draft(connection: &Connection) -> Result<Option<Draft>, rusqlite::Error> {
    read(connection, DRAFT)
}

/// Keeps the form as a part of what the caller does.
pub(super) fn write_draft(connection: &Connection, draft: Option<&Draft>) -> Result<(), rusqlite::Error> {
    write(connection, DRAFT, draft)
}

fn read<T: DeserializeOwned>(connection: &Connection, name: &str) -> Result<Option<T>, rusqlite::Error> {
    let text: Option<String> =
        connection.query_row("SELECT value FROM settings WHERE name = ?1", [name], |row| row.get(0)).optional()?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}

fn write<T: Serialize>(connection: &Connection, name: &str, value: Option<&T>) -> Result<(), rusqlite::Error> {
    match value.and_then(|value| serde_json::to_string(value).ok()) {
        Some(text) => connection.execute(
            "INSERT INTO settings (name, value) VALUES (?1, ?2)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            params![name, text],
        )?,
        None => connection.execute("DELETE FROM settings WHERE name = ?1", [name])?,
    };
    Ok(())
}

pub(super) fn read_installation(connection: &Connection) -> Result<Option<Uuid>, rusqlite::Error> {
    connection.query_row("SELECT value FROM settings WHERE name = 'installation'", [], uuid).optional()
}
