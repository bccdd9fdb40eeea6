use serde::Serialize;
use ts_rs::TS;

use crate::draft::Draft;
use crate::error::AppError;
use crate::loss::Loss;
use crate::safe::Safe;
use crate::token::TokenView;
use crate::unfinished::Unfinished;

/// What the page starts with.
#[derive(Debug, Serialize, TS)]
pub struct Startup {
    /// The form as it was left.
    pub draft: Option<Draft>,
    /// All recorded tokens, newest first.
    pub tokens: Vec<TokenView>,
    /// Creations that were interrupted, oldest first.
    pub unfinished: Vec<Unfinished>,
    /// The database that was there before could not be used, and that is not dealt with yet.
    pub loss: Option<Loss>,
    /// Where secrets are kept; `null` while there is no data directory.
    pub safe: Option<Safe>,
    /// Of the app.
    pub version: &'static str,
    /// What did not work, to be shown with "try again".
    pub problems: Vec<AppError>,
}
