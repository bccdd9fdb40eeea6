//! The login keychain. It shows an item under its service name and has no label of its own here: the
//! store offers none (apple-native-keyring-store 1.0, module `keychain`, "Attributes").

use std::collections::HashMap;
use std::sync::Arc;

use apple_native_keyring_store::keychain::{Cred, Store};
use keyring_core::{CredentialStore, Entry};

use crate::error::Error;
use crate::item::SERVICE;
use crate::platform::found::{Found, Native, listed_by_specifiers};

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

/// Both keys are compared whole: there is no search by the beginning of a user name.
pub(crate) fn search_for(_installation: &str) -> HashMap<&'static str, String> {
    HashMap::from([("service", SERVICE.to_owned())])
}

/// The attributes would be read together with the secret, and the person asked for each item.
pub(crate) fn listed(entry: &Entry) -> keyring_core::Result<Option<Found>> {
    match entry.as_any().downcast_ref::<Cred>() {
        Some(item) if item.service == SERVICE => Ok(Some(Found { user: item.account.clone(), label: String::new() })),
        Some(_) => Ok(None),
        None => listed_by_specifiers(entry),
    }
}

pub(crate) fn failure(source: &Native) -> Error {
    Error::failed(source.to_string())
}

pub(crate) fn no_access(_source: &Native) -> Error {
    Error::Locked
}
