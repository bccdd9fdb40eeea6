//! How values are kept in columns: all of them as text that other programs can read too.

use rusqlite::Row;
use rusqlite::types::Type;
use serde::Serialize;
use serde::de::DeserializeOwned;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use uuid::Uuid;

/// The id that a row begins with.
pub(super) fn uuid(row: &Row<'_>) -> Result<Uuid, rusqlite::Error> {
    let text: String = row.get(0)?;
    text.parse().map_err(|error| unreadable(0, error))
}

/// A value kept as JSON.
pub(super) fn word<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> Result<T, rusqlite::Error> {
    let text: String = row.get(column)?;
    serde_json::from_str(&text).map_err(|error| unreadable(column, error))
}

pub(super) fn moment(row: &Row<'_>, column: usize) -> Result<OffsetDateTime, rusqlite::Error> {
    let text: String = row.get(column)?;
    OffsetDateTime::parse(&text, &Rfc3339).map_err(|error| unreadable(column, error))
}

pub(crate) fn json<T: Serialize>(value: &T) -> Result<String, rusqlite::Error> {
    serde_json::to_string(value).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
}

pub(super) fn timestamp(moment: OffsetDateTime) -> Result<String, rusqlite::Error> {
    moment.format(&Rfc3339).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
}

fn unreadable(column: usize, error: impl std::error::Error + Send + Sync + 'static) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Text, error.into())
}
