//! Columns of SQLite that hold more than SQLite knows of.

use rusqlite::Row;
use rusqlite::types::Type;
use serde::de::DeserializeOwned;

/// A column that holds JSON.
pub(crate) fn json<T: DeserializeOwned>(row: &Row<'_>, index: usize) -> rusqlite::Result<T> {
    serde_json::from_str(row.get_ref(index)?.as_str()?)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(index, Type::Text, error.into()))
}

/// A column whose text means nothing.
pub(crate) fn unreadable(index: usize, why: &str) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(index, Type::Text, why.into())
}
