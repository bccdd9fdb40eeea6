//! What Token Desk does, without a window.
//!
//! A [`Desk`] is one person's workplace: a data directory that it alone owns, the tokens made there, and the
//! keyring that holds their secrets. It creates tokens so that no crash loses a secret
//! ([`creation`]), and proves that they work ([`check`]). The shell turns its answers into windows; this crate knows
//! neither Tauri nor the words shown to people.
//!
//! The rooms, top to bottom; each imports from those below it only.

pub mod secrets;

pub mod recovery;

pub mod creation;

pub mod addresses;
pub mod check;
pub mod notes;

mod desk;

pub mod store;

pub mod service;

mod error;

pub mod form;

pub mod token;

mod blocking;
mod labels;

pub use blocking::blocking;
pub use desk::Desk;
pub use desk::tokens::TokenStatus;
pub use error::code::Code;
pub use error::endpoint::EndpointError;
pub use error::field::Field;
pub use error::{Error, note_code, vault_code};
pub use labels::Labels;
pub use private_files::{DataDir, Unsafe};
pub use token::destination::Destination;
pub use token::note::{NOTE_MAX, Note, NoteCheck, NoteProblem};
pub use token::permission::{Permission, Risk};
pub use token::{KnownToken, TokenName, TokenNameProblem, TokenType, TrustedEntry};
