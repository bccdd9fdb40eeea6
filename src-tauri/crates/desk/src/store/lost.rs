//! A database that cannot be used is set aside, never deleted, and this is remembered until the person has what can be
//! had again.

use std::path::PathBuf;

use private_files::{DataDir, exists};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use time::macros::format_description;

use crate::error::Error;
use crate::store::columns::json;
use crate::store::database::{COMPANIONS, DATABASE, companion};

const NOTE: &str = "lost-database";
/// Far more than a note has.
const MOST_BYTES: usize = 4_096;

/// The database that was there before is of no use any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lost {
    /// Where the damaged file lies now, with its log beside it; `None` where there was no file at all.
    pub set_aside: Option<PathBuf>,
    /// Whether it is still known which items of the keyring were this installation's. If not, none can be matched.
    pub installation_known: bool,
}

/// As it lies in the data directory: what is lost, and how far setting it aside has come.
#[derive(Serialize, Deserialize)]
struct Note {
    set_aside: Option<String>,
    installation_known: bool,
    moving: bool,
}

/// What is lost and not yet dealt with. Finishes the move that a crash may have cut short.
pub(super) fn noted(data: &DataDir) -> Result<Option<Lost>, Error> {
    let text = match private_files::read(&data.join(NOTE), MOST_BYTES) {
        Err(private_files::Error::TooLarge(_)) => return Ok(None),
        text => text?,
    };
    let Some(text) = text else { return Ok(None) };
    // It is written whole or not at all. A hand that spoilt it has not spoilt what it tells of.
    let Ok(mut note) = serde_json::from_slice::<Note>(&text) else { return Ok(None) };
    if note.moving
        && let Some(name) = &note.set_aside
    {
        move_all(data, name)?;
        note.moving = false;
        write(data, &note)?;
    }
    Ok(Some(note.into_lost(data)))
}

/// Renames the database and its companions to `desk.sqlite3.damaged-<UTC>`, so that a new one can be made.
pub(super) fn set_aside(data: &DataDir, installation_known: bool, now: OffsetDateTime) -> Result<Lost, Error> {
    let name = free_name(data, now);
    let mut note = Note { set_aside: Some(name.clone()), installation_known, moving: true };
    write(data, &note)?;
    move_all(data, &name)?;
    note.moving = false;
    write(data, &note)?;
    Ok(note.into_lost(data))
}

/// Notes that the database has gone without a trace.
pub(super) fn gone(data: &DataDir) -> Result<Lost, Error> {
    let note = Note { set_aside: None, installation_known: true, moving: false };
    write(data, &note)?;
    Ok(note.into_lost(data))
}

/// The loss is dealt with. What was set aside stays.
pub(crate) fn settled(data: &DataDir) -> Result<(), Error> {
    Ok(private_files::remove(&data.join(NOTE))?)
}

impl Note {
    fn into_lost(self, data: &DataDir) -> Lost {
        Lost { set_aside: self.set_aside.map(|name| data.join(&name)), installation_known: self.installation_known }
    }
}

fn write(data: &DataDir, note: &Note) -> Result<(), Error> {
    Ok(private_files::replace(&data.join(NOTE), json(note)?.as_bytes())?)
}

/// The file itself goes last: as long as it is there, its log belongs to it.
fn move_all(data: &DataDir, name: &str) -> Result<(), Error> {
    let (from, to) = (data.join(DATABASE), data.join(name));
    for suffix in COMPANIONS.into_iter().chain([""]) {
        let (from, to) = (companion(&from, suffix), companion(&to, suffix));
        if exists(&from) && !exists(&to) {
            private_files::rename(&from, &to)?;
        }
    }
    Ok(())
}

fn free_name(data: &DataDir, now: OffsetDateTime) -> String {
    let format = format_description!("[year][month][day]T[hour][minute][second]Z");
    let stamp = now.to_offset(time::UtcOffset::UTC).format(&format).unwrap_or_default();
    let first = format!("{DATABASE}.damaged-{stamp}");
    let later = (2_u32..).map(|number| format!("{first}-{number}"));
    std::iter::once(first.clone()).chain(later).find(|name| is_free(data, name)).unwrap_or(first)
}

fn is_free(data: &DataDir, name: &str) -> bool {
    !COMPANIONS.into_iter().chain([""]).any(|suffix| exists(&companion(&data.join(name), suffix)))
}
