//! What the app remembers, in one SQLite file. Secrets are not among it.

pub(crate) mod attempt;
pub(crate) mod checks;
pub(crate) mod columns;
pub(crate) mod database;
mod examination;
mod installation;
mod journal;
pub(crate) mod lost;
mod migrations;
pub(crate) mod opening;
mod schema;
mod settings;
mod tokens;

pub use attempt::{Attempt, Stage};
pub use checks::{Check, Outcome};
pub use database::DeskStore;
pub use lost::Lost;
pub use opening::Opened;
