//! From whatever lies in the data directory to a database that can be used.

use private_files::DataDir;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::error::Error;
use crate::store::database::{self, COMPANIONS, DATABASE, DeskStore, companion};
use crate::store::examination::{self, Examined};
use crate::store::lost::{self, Lost};
use crate::store::schema::TABLES;
use crate::store::{installation, migrations};

/// An opened database, and what it was opened with.
#[derive(Debug)]
pub struct Opened {
    /// The database.
    pub store: DeskStore,
    /// What tells this installation's keyring items from those of another data directory.
    pub installation: Uuid,
    /// What became of the database before this one, until [`recovery::rebuild`](crate::recovery::rebuild) has dealt with it.
    pub lost: Option<Lost>,
}

impl DeskStore {
    /// Opens or makes `desk.sqlite3` and brings its schema up to date, with a copy of the old one kept beside it.
    ///
    /// The file is read to the end first. One that is damaged is set aside as `desk.sqlite3.damaged-<UTC>` and an empty one
    /// takes its place; one of a newer version of the app is [`Error::DatabaseNewer`] and left exactly as it is.
    pub fn open(data: &DataDir, now: OffsetDateTime) -> Result<Opened, Error> {
        Self::open_in(data, now).map_err(|error| match error {
            // SQLite cannot know the directory that the person can do something about.
            Error::DataDirUnwritable { path, source } if path.as_os_str().is_empty() => {
                Error::DataDirUnwritable { path: data.path().to_owned(), source }
            }
            other => other,
        })
    }

    fn open_in(data: &DataDir, now: OffsetDateTime) -> Result<Opened, Error> {
        let mut lost = lost::noted(data)?;
        let known = installation::read(data)?;
        let path = data.join(DATABASE);
        for suffix in COMPANIONS.into_iter().chain([""]) {
            drop(private_files::open(&companion(&path, suffix))?);
        }
        match examination::examine(&path)? {
            Examined::Sound => {}
            Examined::Nothing if lost.is_some() || known.is_none() => {}
            // The name is written after the first database is: there was one.
            Examined::Nothing => lost = Some(lost::gone(data)?),
            Examined::Newer => return Err(Error::DatabaseNewer),
            Examined::Damaged { .. } => lost = Some(lost::set_aside(data, known.is_some(), now)?),
        }
        let mut connection = database::connect(&path)?;
        migrations::run(&mut connection, &path, &TABLES)?;
        private_files::sync_directory_of(&path)?;
        let store = Self::over(connection);
        let installation = store.installation(known)?;
        if known != Some(installation) {
            installation::write(data, installation)?;
        }
        Ok(Opened { store, installation, lost })
    }
}
