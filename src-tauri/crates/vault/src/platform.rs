//! What differs between operating systems: how to connect, what an entry may be given, how entries
//! are found, and what the native errors mean. Each module has the same seven functions.

use crate::error::Error;

pub(crate) mod found;
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

/// `BadEncoding` and `BadDataFormat` carry the stored bytes, so those two are put in our own words.
impl From<keyring_core::Error> for Error {
    fn from(error: keyring_core::Error) -> Self {
        use keyring_core::Error as Keyring;
        match error {
            Keyring::PlatformFailure(source) => failure(source.as_ref()),
            Keyring::NoStorageAccess(source) => no_access(source.as_ref()),
            Keyring::NoDefaultStore => Self::Missing,
            Keyring::BadEncoding(_) | Keyring::BadDataFormat(..) => {
                Self::failed("the stored data is not in the expected form")
            }
            Keyring::Ambiguous(entries) => Self::failed(format!("{} items have this name", entries.len())),
            other => Self::failed(other.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stored_bytes_never_reach_an_error_text() {
        let bytes = b"canary-81d0".to_vec();
        let from_library = [
            keyring_core::Error::BadEncoding(bytes.clone()),
            keyring_core::Error::BadDataFormat(bytes, "canary-81d0".into()),
        ];
        for error in from_library {
            let error = Error::from(error);
            assert!(!format!("{error} {error:?}").contains("canary"));
        }
    }
}
