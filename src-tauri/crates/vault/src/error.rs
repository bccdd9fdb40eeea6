use crate::platform;

/// The most bytes that a secret may have: `CRED_MAX_CREDENTIAL_BLOB_SIZE` of Windows (5 * 512).
/// It holds on every system, so that what is kept on one can be kept on all.
pub const LIMIT: usize = 2_560;

/// What went wrong with the keyring. Never holds a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The keyring is there and refused, for a reason not named here.
    #[error("the keyring failed: {detail}")]
    Failed {
        /// The keyring's own words, for the log.
        detail: String,
    },
    /// The keyring is locked, and stayed locked: nobody could be asked, or the question was dismissed.
    #[error("the keyring is locked")]
    Locked,
    /// No keyring can be reached: no session bus, no secret service on it, or no default keyring.
    #[error("there is no keyring")]
    Missing,
    /// What was read back is not what was written, or is gone.
    #[error("the keyring did not keep the secret")]
    NotKept,
    /// No answer in time. The keyring may still carry the request out later.
    #[error("the keyring did not answer in time")]
    TimedOut,
    /// Larger than the smallest of the keyrings takes.
    #[error("a secret of {bytes} bytes is larger than the limit of {limit}")]
    TooLarge {
        /// The size of what was given.
        bytes: usize,
        /// The most that is taken, [`LIMIT`].
        limit: usize,
    },
}

impl Error {
    /// The stable name by which others tell errors apart.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Failed { .. } => "keyring-failed",
            Self::Locked => "keyring-locked",
            Self::Missing => "keyring-missing",
            Self::NotKept => "keyring-not-kept",
            Self::TimedOut => "keyring-timeout",
            Self::TooLarge { .. } => "secret-too-large",
        }
    }

    pub(crate) fn failed(detail: impl Into<String>) -> Self {
        Self::Failed { detail: detail.into() }
    }
}

/// `BadEncoding` and `BadDataFormat` carry the stored bytes, so those two are put in our own words.
impl From<keyring_core::Error> for Error {
    fn from(error: keyring_core::Error) -> Self {
        use keyring_core::Error as Keyring;
        match error {
            Keyring::PlatformFailure(source) => platform::failure(source.as_ref()),
            Keyring::NoStorageAccess(source) => platform::no_access(source.as_ref()),
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
    fn every_error_has_its_code() {
        let table = [
            (Error::failed("x"), "keyring-failed"),
            (Error::Locked, "keyring-locked"),
            (Error::Missing, "keyring-missing"),
            (Error::NotKept, "keyring-not-kept"),
            (Error::TimedOut, "keyring-timeout"),
            (Error::TooLarge { bytes: LIMIT + 1, limit: LIMIT }, "secret-too-large"),
        ];
        for (error, code) in table {
            assert_eq!(error.code(), code);
        }
    }

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
