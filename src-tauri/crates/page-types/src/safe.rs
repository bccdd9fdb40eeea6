use serde::Serialize;
use ts_rs::TS;

use crate::mirrored::mirrored;

/// Where secrets are kept.
#[derive(Clone, Copy, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Safe {
    /// The keyring, or a file under a passphrase.
    pub place: SafePlace,
    /// `false` while the file waits for its passphrase.
    pub is_open: bool,
    /// Whether copies of what is in the file may be in the keyring too.
    pub copies_in_keyring: bool,
}

mirrored! {
    /// As [`vault::Place`].
    #[serde(rename_all = "camelCase")]
    SafePlace = vault::Place { File, Keyring }
}

impl From<desk::secrets::Safe> for Safe {
    fn from(safe: desk::secrets::Safe) -> Self {
        Self { place: safe.place.into(), is_open: safe.is_open, copies_in_keyring: safe.copies_in_keyring }
    }
}
