//! A system without a keyring that we know.

use std::collections::HashMap;
use std::sync::Arc;

use keyring_core::{CredentialStore, Entry};

use crate::error::Error;
use crate::item::SERVICE;
use crate::platform::found::{Found, Native, listed_by_specifiers};

pub(crate) fn connect() -> Result<Arc<CredentialStore>, Error> {
    Err(Error::Missing)
}

pub(crate) fn modifiers(_label: &str) -> HashMap<&str, &str> {
    HashMap::new()
}

pub(crate) fn relabel(_entry: &Entry, _label: &str) -> keyring_core::Result<()> {
    Ok(())
}

pub(crate) fn search_for(_installation: &str) -> HashMap<&'static str, String> {
    HashMap::from([("service", SERVICE.to_owned())])
}

pub(crate) fn listed(entry: &Entry) -> keyring_core::Result<Option<Found>> {
    listed_by_specifiers(entry)
}

pub(crate) fn failure(source: &Native) -> Error {
    Error::failed(source.to_string())
}

pub(crate) fn no_access(_source: &Native) -> Error {
    Error::Locked
}
