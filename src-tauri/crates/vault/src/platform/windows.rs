//! The Windows Credential Manager. The label goes into the comment of the credential.

use std::collections::HashMap;
use std::sync::Arc;

use keyring_core::{CredentialStore, Entry};
use windows_native_keyring_store::Store;

use crate::error::Error;
use crate::item::SERVICE;
use crate::platform::found::{Found, Native, listed_by_specifiers};

pub(crate) fn connect() -> Result<Arc<CredentialStore>, Error> {
    match Store::new() {
        Ok(store) => Ok(store),
        Err(error) => Err(error.into()),
    }
}

/// The default, `Enterprise`, may roam to other machines with the profile.
pub(crate) fn modifiers(_label: &str) -> HashMap<&str, &str> {
    HashMap::from([("persistence", "Local")])
}

pub(crate) fn relabel(entry: &Entry, label: &str) -> keyring_core::Result<()> {
    entry.update_attributes(&HashMap::from([("comment", label)]))
}

/// A regular expression over the target name, which is `<user>.<service>`.
pub(crate) fn search_for(installation: &str) -> HashMap<&'static str, String> {
    HashMap::from([("pattern", format!(r"^{installation}/.*\.{SERVICE}$"))])
}

pub(crate) fn listed(entry: &Entry) -> keyring_core::Result<Option<Found>> {
    let mut found = listed_by_specifiers(entry)?;
    if let Some(found) = &mut found {
        found.label = entry.get_attributes()?.remove("comment").unwrap_or_default();
    }
    Ok(found)
}

pub(crate) fn failure(source: &Native) -> Error {
    Error::failed(source.to_string())
}

/// The store says so for `ERROR_NO_SUCH_LOGON_SESSION` only: a log-on without a credential set.
pub(crate) fn no_access(_source: &Native) -> Error {
    Error::Missing
}
