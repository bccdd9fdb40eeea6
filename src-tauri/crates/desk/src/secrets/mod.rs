//! Where secrets are kept: the keyring or a file under a passphrase, and files of the person's own.

pub(crate) mod file;
pub(crate) mod restore;
pub(crate) mod safe;
pub(crate) mod show;

pub use file::save;
pub use restore::restore;
pub use safe::{SECRETS_FILE, Safe};
pub use show::{readable, save_for_script};
