use public_address::Sources;
use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::Store;
use crate::Error;
use crate::creation::Draft;

impl Store {
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
        self.setting("draft")
    }

    /// Keeps the form, or forgets it after the token is made.
    pub fn keep_draft(&self, draft: Option<&Draft>) -> Result<(), Error> {
        self.keep_setting("draft", draft)
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
        let text: Option<String> = self
            .connection()
            .query_row("SELECT value FROM settings WHERE name = ?1", [name], |row| row.get(0))
            .optional()?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
    }

    fn keep_setting<T: Serialize>(&self, name: &str, value: Option<&T>) -> Result<(), Error> {
        let text = value.and_then(|value| serde_json::to_string(value).ok());
        let connection = self.connection();
        match text {
            Some(text) => connection.execute(
                "INSERT INTO settings (name, value) VALUES (?1, ?2)
                 ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                params![name, text],
            )?,
            None => connection.execute("DELETE FROM settings WHERE name = ?1", [name])?,
        };
        Ok(())
    }
}

pub(super) fn read_installation(connection: &Connection) -> Result<Option<Uuid>, rusqlite::Error> {
    connection.query_row("SELECT value FROM settings WHERE name = 'installation'", [], super::tokens::uuid).optional()
}

#[cfg(test)]
mod tests {
    use public_address::{Family, Format, SourceRow, Sources};

    #[test]
    fn whom_to_ask_is_kept_until_the_person_goes_back() {
        let (_dir, store) = crate::store::temporary();
        assert_eq!(store.address_sources().unwrap(), Sources::default());
        let row = SourceRow {
            operator: "One".to_owned(),
            url: "https://one.example/".to_owned(),
            family: Family::V4,
            format: Format::Text,
            vote: true,
        };
        let own = Sources::parse(&[row]).unwrap();
        store.keep_address_sources(Some(&own)).unwrap();
        assert_eq!(store.address_sources().unwrap(), own);
        store.keep_address_sources(None).unwrap();
        assert_eq!(store.address_sources().unwrap(), Sources::default());
    }

    #[test]
    fn sources_that_somebody_wrote_into_the_file_are_not_asked_unless_they_could_be_kept() {
        let (_dir, store) = crate::store::temporary();
        let unsafe_url =
            r#"[{"operator":"One","url":"http://one.example/","family":"v4","format":"text","vote":true}]"#;
        store
            .connection()
            .execute("INSERT INTO settings (name, value) VALUES ('address_sources', ?1)", [unsafe_url])
            .unwrap();
        assert_eq!(store.address_sources().unwrap(), Sources::default());
    }
}
