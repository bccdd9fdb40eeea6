use desk::note_code;
use serde::Serialize;
use ts_rs::TS;

use crate::error::AppError;

/// What is to be said of a note while it is typed.
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct NoteCheck {
    /// Characters, as they would be kept.
    pub length: usize,
    /// Why it would not be kept.
    pub problem: Option<AppError>,
    /// Something in it looks like a key or a secret.
    pub looks_secret: bool,
}

impl From<desk::NoteCheck> for NoteCheck {
    fn from(check: desk::NoteCheck) -> Self {
        Self {
            length: check.length,
            problem: check.problem.map(|problem| AppError::new(note_code(problem))),
            looks_secret: check.looks_secret,
        }
    }
}
