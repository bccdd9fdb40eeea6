//! What the page may ask for: a command parses, calls one domain function and maps the error.

mod addresses;
mod closing;
mod create;
mod draft;
#[macro_use]
mod list;
mod loss;
mod practice;
mod safe;
mod secrets;
mod sources;
mod startup;
mod tokens;
mod trusted_ips;
mod unfinished;

use desk::Code;
use page_types::AppError;
use tauri::Wry;
use tauri::ipc::Invoke;

use crate::system::clipboard;

/// Answers the listed commands.
pub(crate) fn handler() -> impl Fn(Invoke<Wry>) -> bool + Send + Sync + 'static {
    commands!(tauri::generate_handler)
}

impl From<clipboard::Failed> for AppError {
    fn from(_: clipboard::Failed) -> Self {
        Self::new(Code::ClipboardFailed)
    }
}
