//! The practice account, to play the person's authenticator app.

use serde::Serialize;
use ts_rs::TS;

/// The current code of the practice account's authenticator.
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PracticeCode {
    /// `null` while there is no unused one.
    pub code: Option<String>,
    /// How long the code is good, or how long to wait.
    pub seconds_left: u32,
}

/// What an authenticator app needs.
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Authenticator {
    /// Base32 in groups of four.
    pub secret: String,
    /// The QR code as the `d` of an SVG path, one unit a module.
    pub qr_path: String,
    /// Modules on a side.
    #[ts(type = "number")]
    pub qr_size: usize,
}
