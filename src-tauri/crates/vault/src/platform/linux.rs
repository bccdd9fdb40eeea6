//! The Secret Service over D-Bus (GNOME Keyring, KDE Wallet, KeePassXC).

use std::collections::HashMap;
use std::sync::Arc;

use keyring_core::{CredentialStore, Entry};
use secret_service::Error as Service;
use zbus::Error as Bus;
use zbus_secret_service_keyring_store::Store;
use zbus_secret_service_keyring_store::cred::{Specifier, Wrapper};

use crate::error::Error;
use crate::item::SERVICE;
use crate::platform::found::{Found, Native, listed_by_specifiers};

pub(crate) fn connect() -> Result<Arc<CredentialStore>, Error> {
    match Store::new() {
        Ok(store) => Ok(store),
        Err(error) => Err(match Error::from(error) {
            // Before the first call every failure means that nobody speaks the protocol there.
            Error::Failed { .. } => Error::Missing,
            other => other,
        }),
    }
}

pub(crate) fn modifiers(label: &str) -> HashMap<&str, &str> {
    HashMap::from([("label", label)])
}

/// An item that exists keeps its old label when a secret is set.
pub(crate) fn relabel(entry: &Entry, label: &str) -> keyring_core::Result<()> {
    match entry.as_any().downcast_ref::<Specifier>() {
        Some(item) => item.set_label(label),
        None => Ok(()),
    }
}

/// Attributes are compared whole: there is no search by the beginning of a user name.
pub(crate) fn search_for(_installation: &str) -> HashMap<&'static str, String> {
    HashMap::from([("service", SERVICE.to_owned())])
}

/// Asks for the attributes, not for the specifiers: those are `None` also when the service failed.
pub(crate) fn listed(entry: &Entry) -> keyring_core::Result<Option<Found>> {
    let Some(item) = entry.as_any().downcast_ref::<Wrapper>() else {
        return listed_by_specifiers(entry);
    };
    let mut attributes = entry.get_attributes()?;
    if attributes.get("service").is_none_or(|service| service != SERVICE) {
        return Ok(None);
    }
    let Some(user) = attributes.remove("username") else { return Ok(None) };
    Ok(Some(Found { user, label: item.get_label()? }))
}

/// What the bus answers in the name of a service that went away before it answered itself.
const NO_REPLY: &str = "org.freedesktop.DBus.Error.NoReply";

pub(crate) fn failure(source: &Native) -> Error {
    match source.downcast_ref::<Service>() {
        Some(Service::Locked | Service::Prompt) => Error::Locked,
        // From `ReadAlias("default")`: the service has no default keyring (an automatic log-in, WSL).
        Some(Service::NoResult | Service::Unavailable) => Error::Missing,
        Some(Service::Zbus(Bus::MethodError(name, ..))) if name.as_str() == NO_REPLY => {
            Error::failed("it ended while it was asked")
        }
        _ => Error::failed(source.to_string()),
    }
}

/// The store sorts `Locked`, `Prompt` and `NoResult` under `NoStorageAccess` in some calls and under
/// `PlatformFailure` in others (creating an item), so both are read the same way.
pub(crate) fn no_access(source: &Native) -> Error {
    match failure(source) {
        Error::Failed { .. } => Error::Locked,
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_services_errors_are_told_apart_wherever_the_store_puts_them() {
        let table = [
            ((|| Service::Locked) as fn() -> Service, Error::Locked),
            (|| Service::Prompt, Error::Locked),
            (|| Service::NoResult, Error::Missing),
            (|| Service::Unavailable, Error::Missing),
        ];
        for (native, expected) in table {
            assert_eq!(failure(&native()), expected);
            assert_eq!(no_access(&native()), expected);
        }
        let crypto = Service::Crypto("bad padding");
        assert_eq!(failure(&crypto).code(), "keyring-failed");
    }
}
