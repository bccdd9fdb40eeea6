//! By what the creation of a token is found again.

use aws_lc_rs::digest::{SHA256, digest};

/// SHA-256 of the Idempotency-Key of a request in hex: the `request_fingerprint` of what it made.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct RequestFingerprint(String);

impl RequestFingerprint {
    /// Of the key's 36 lower-case characters.
    pub(crate) fn of_key(key: &[u8]) -> Self {
        Self(digest(&SHA256, key).as_ref().iter().map(|byte| format!("{byte:02x}")).collect())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}
