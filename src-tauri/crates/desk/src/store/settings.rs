use rusqlite::{OptionalExtension, params};
use uuid::Uuid;

use super::Store;
use crate::Error;
use crate::creation::Draft;

impl Store {
    /// What tells this installation's keyring items from those of another data directory.
    pub fn installation(&self) -> Result<Uuid, Error> {
        let fresh = Uuid::new_v4().to_string();
        let connection = self.connection();
        connection.execute(
            "INSERT INTO settings (name, value) VALUES ('installation', ?1) ON CONFLICT DO NOTHING",
            [&fresh],
        )?;
        Ok(connection.query_row("SELECT value FROM settings WHERE name = 'installation'", [], super::tokens::uuid)?)
    }

    /// The form as the person left it.
    pub fn draft(&self) -> Result<Option<Draft>, Error> {
        let text: Option<String> = self
            .connection()
            .query_row("SELECT value FROM settings WHERE name = 'draft'", [], |row| row.get(0))
            .optional()?;
        // A draft of another version is no loss worth an error: the form starts empty.
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
    }

    /// Keeps the form, or forgets it after the token is made.
    pub fn keep_draft(&self, draft: Option<&Draft>) -> Result<(), Error> {
        let text = draft.and_then(|draft| serde_json::to_string(draft).ok());
        let connection = self.connection();
        match text {
            Some(text) => connection.execute(
                "INSERT INTO settings (name, value) VALUES ('draft', ?1)
                 ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                params![text],
            )?,
            None => connection.execute("DELETE FROM settings WHERE name = 'draft'", [])?,
        };
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn an_installation_keeps_its_name() {
        let (_dir, store) = crate::store::temporary();
        assert_eq!(store.installation().unwrap(), store.installation().unwrap());
    }
}
