use std::collections::BTreeMap;

use desk::Code;
use serde::Serialize;
use ts_rs::TS;

use crate::mirrored::mirrored;

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

mirrored! {
    /// A field of the creation form, as [`desk::Field`].
    #[serde(rename_all = "camelCase")]
    Field = desk::Field { Code, Destination, Key, Name, Permissions, TrustedIps, Type }
}
