//! The login keychain. It shows an item under its service name and has no label of its own here: the
//! store offers none (apple-native-keyring-store 1.0, module `keychain`, "Attributes").

use std::collections::HashMap;
use std::sync::Arc;

use apple_native_keyring_store::keychain::Store;
use keyring_core::{CredentialStore, Entry};

use crate::Error;
use crate::platform::Native;

pub(crate) fn connect() -> Result<Arc<CredentialStore>, Error> {
    match Store::new() {
        Ok(store) => Ok(store),
        Err(error) => Err(error.into()),
    }
}

pub(crate) fn modifiers(_label: &str) -> HashMap<&str, &str> {
    HashMap::new()
}

pub(crate) fn relabel(_entry: &Entry, _label: &str) -> keyring_core::Result<()> {
    Ok(())
}

pub(crate) fn failure(source: &Native) -> Error {
    Error::failed(source.to_string())
}

pub(crate) fn no_access(_source: &Native) -> Error {
    Error::Locked
}
