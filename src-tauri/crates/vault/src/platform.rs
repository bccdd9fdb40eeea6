//! What differs between operating systems: how to connect, what an entry may be given, how entries
//! are found, and what the native errors mean. Each module has the same seven functions.

use keyring_core::Entry;

use crate::SERVICE;

/// The error of a native library, inside one of keyring-core's.
pub(crate) type Native = dyn std::error::Error + Send + Sync;

/// What a search found: the user name (that of an [`Item`](crate::Item), as far as it is one of ours) and the label.
pub(crate) struct Found {
    pub(crate) user: String,
    pub(crate) label: String,
}

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "macos")]
mod macos;
#[cfg(not(any(target_os = "linux", target_os = "macos", target_os = "windows")))]
mod unsupported;
#[cfg(target_os = "windows")]
mod windows;

#[cfg(target_os = "linux")]
pub(crate) use linux::{connect, failure, listed, modifiers, no_access, relabel, search_for};
#[cfg(target_os = "macos")]
pub(crate) use macos::{connect, failure, listed, modifiers, no_access, relabel, search_for};
#[cfg(not(any(target_os = "linux", target_os = "macos", target_os = "windows")))]
pub(crate) use unsupported::{connect, failure, listed, modifiers, no_access, relabel, search_for};
#[cfg(target_os = "windows")]
pub(crate) use windows::{connect, failure, listed, modifiers, no_access, relabel, search_for};

/// For stores that are not the platform's own, such as the mock, which lists entries that were only built.
fn listed_by_specifiers(entry: &Entry) -> keyring_core::Result<Option<Found>> {
    entry.get_credential()?;
    Ok(entry
        .get_specifiers()
        .filter(|(service, _)| service == SERVICE)
        .map(|(_, user)| Found { user, label: String::new() }))
}
