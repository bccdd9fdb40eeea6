//! Secrets in the operating system's keyring, or in a file under a passphrase where a person chose that.
//!
//! A [`Secret`] cannot be printed, serialised or compared by accident and is wiped when dropped. A
//! [`Vault`] keeps one under an [`Item`], reads it back before it says that it was kept, and answers
//! within a limit of time. Every call blocks: an async caller runs it on a blocking thread.
//!
//! ```no_run
//! # fn main() -> Result<(), vault::Error> {
//! use uuid::Uuid;
//! use vault::{Item, ItemKind, Secret, Vault};
//!
//! let vault = Vault::system();
//! let item = Item { installation: Uuid::new_v4(), kind: ItemKind::HmacSecret, id: Uuid::new_v4() };
//! vault.keep(&item, "Token Desk: Home bot", &Secret::new(b"correct horse".to_vec()))?;
//! let found = vault.fetch(&item)?;
//! assert_eq!(found.as_ref().and_then(Secret::expose_str), Some("correct horse"));
//! assert!(vault.forget(&item)?);
//! # Ok(())
//! # }
//! ```

mod bounded;
mod error;
mod file;
mod item;
mod keyring;
mod moving;
mod platform;
mod secret;
mod store;
mod vault;

pub use error::{Error, LIMIT, SHORTEST_PASSPHRASE};
pub use item::{Item, ItemKind, Listed, SERVICE, UnknownItem};
pub use secret::Secret;
pub use vault::{Place, Vault};
