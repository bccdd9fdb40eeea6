//! What every platform finds.

use keyring_core::Entry;

use crate::item::SERVICE;

/// The error of a native library, inside one of keyring-core's.
pub(crate) type Native = dyn std::error::Error + Send + Sync;

/// What a search found: the user name (that of an [`Item`](crate::Item), as far as it is one of ours) and the label.
pub(crate) struct Found {
    pub(crate) user: String,
    pub(crate) label: String,
}

/// For stores that are not the platform's own, such as the mock, which lists entries that were only built.
pub(super) fn listed_by_specifiers(entry: &Entry) -> keyring_core::Result<Option<Found>> {
    entry.get_credential()?;
    Ok(entry
        .get_specifiers()
        .filter(|(service, _)| service == SERVICE)
        .map(|(_, user)| Found { user, label: String::new() }))
}
