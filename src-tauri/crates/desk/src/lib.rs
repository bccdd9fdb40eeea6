//! What Token Desk does, without a window.
//!
//! A [`Desk`] is one person's workplace: a data directory that it alone owns, the tokens made there, and the
//! keyring that holds their secrets. It creates tokens so that no crash loses a secret
//! ([`creation`]), and proves that they work ([`check`]). The shell turns its answers into windows; this crate knows
//! neither Tauri nor the words shown to people.

pub mod addresses;
pub mod check;
mod code;
pub mod creation;
mod data_dir;
mod desk;
pub mod destination;
mod error;
mod permission;
mod private_fs;
pub mod recovery;
mod restoring;
pub mod safe;
pub mod secret_file;
pub mod store;
mod token;

pub use code::Code;
pub use data_dir::DataDir;
pub use desk::{Desk, blocking};
pub use error::{Error, Field, vault_code};
pub use permission::{Permission, Risk};
pub use private_fs::Unsafe;
pub use restoring::restore;
pub use token::{Token, TokenName, TokenNameProblem, TokenType, TrustedEntry};
