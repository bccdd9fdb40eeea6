use std::collections::BTreeMap;

use desk::Code;
use serde::Serialize;
use ts_rs::TS;

/// What a command answers when it cannot do what was asked. The page has the words.
#[derive(Clone, Debug, Serialize, TS)]
pub struct AppError {
    /// Stable, kebab-case.
    #[ts(type = "ErrorCode")]
    pub code: &'static str,
    /// The form field that it concerns.
    pub field: Option<Field>,
    /// Values for the message; never a secret.
    pub params: BTreeMap<String, String>,
    /// Seconds after which trying again may succeed.
    #[ts(type = "number | null")]
    pub retry: Option<u64>,
}

impl AppError {
    /// An error that says no more than its code.
    pub fn new(code: Code) -> Self {
        Self { code: code.as_str(), field: None, params: BTreeMap::new(), retry: None }
    }
}

impl From<desk::Error> for AppError {
    fn from(error: desk::Error) -> Self {
        Self {
            code: error.code().as_str(),
            field: error.field().map(Field::from),
            params: error.params(),
            retry: error.retry(),
        }
    }
}

impl From<vault::Error> for AppError {
    fn from(error: vault::Error) -> Self {
        desk::Error::from(error).into()
    }
}

/// A field of the creation form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Field {
    Code,
    Destination,
    Key,
    Name,
    Permissions,
    TrustedIps,
    Type,
}

impl From<desk::Field> for Field {
    fn from(field: desk::Field) -> Self {
        match field {
            desk::Field::Code => Self::Code,
            desk::Field::Destination => Self::Destination,
            desk::Field::Key => Self::Key,
            desk::Field::Name => Self::Name,
            desk::Field::Permissions => Self::Permissions,
            desk::Field::TrustedIps => Self::TrustedIps,
            desk::Field::Type => Self::Type,
        }
    }
}
