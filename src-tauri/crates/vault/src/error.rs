use std::io;

/// The most bytes that a secret may have: `CRED_MAX_CREDENTIAL_BLOB_SIZE` of Windows (5 * 512).
/// It holds on every system, so that what is kept on one can be kept on all.
pub const LIMIT: usize = 2_560;

/// The fewest characters of a passphrase: NIST SP 800-63B, section 5.1.1.1, which asks for length and
/// forbids rules of composition.
pub const SHORTEST_PASSPHRASE: usize = 8;

/// What went wrong with the keyring or the secrets file. Never holds a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// No room for the secrets file. What was there before is still there.
    #[error("the disk is full, the secrets file was not changed")]
    DiskFull,
    /// The keyring is there and refused, for a reason not named here.
    #[error("the keyring failed: {detail}")]
    Failed {
        /// The keyring's own words, for the log.
        detail: String,
    },
    /// The secrets are in a file whose passphrase has not been given since the start.
    #[error("the secrets file is closed: enter its passphrase")]
    FileClosed,
    /// The secrets file, or the key file beside it, is not as it was written. Neither is ever overwritten.
    #[error("the secrets file is damaged: {what}")]
    FileDamaged {
        /// What is wrong with it.
        what: &'static str,
    },
    /// The secrets file could not be read or written, for a reason of the file system.
    #[error("the secrets file could not be {doing}: {kind}")]
    FileFailed {
        /// What was tried.
        doing: &'static str,
        /// What the file system said.
        kind: io::ErrorKind,
    },
    /// Others could have read or put there the secrets file, so it is not used.
    #[error("the secrets file is not safe: {why}")]
    FileUnsafe {
        /// What is wrong with it.
        why: &'static str,
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
    /// Fewer characters than [`SHORTEST_PASSPHRASE`].
    #[error("a passphrase needs {shortest} characters or more")]
    PassphraseTooShort {
        /// The fewest that are taken, [`SHORTEST_PASSPHRASE`].
        shortest: usize,
    },
    /// The secrets file does not open with this passphrase.
    #[error("the passphrase is wrong")]
    PassphraseWrong,
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
            Self::DiskFull => "disk-full",
            Self::Failed { .. } => "keyring-failed",
            Self::FileClosed => "secrets-file-closed",
            Self::FileDamaged { .. } => "secrets-file-damaged",
            Self::FileFailed { .. } => "secrets-file-failed",
            Self::FileUnsafe { .. } => "secrets-file-unsafe",
            Self::Locked => "keyring-locked",
            Self::Missing => "keyring-missing",
            Self::NotKept => "keyring-not-kept",
            Self::PassphraseTooShort { .. } => "passphrase-too-short",
            Self::PassphraseWrong => "passphrase-wrong",
            Self::TimedOut => "keyring-timeout",
            Self::TooLarge { .. } => "secret-too-large",
        }
    }

    pub(crate) fn failed(detail: impl Into<String>) -> Self {
        Self::Failed { detail: detail.into() }
    }

    /// `doing` in the past participle: "read", "written".
    pub(crate) fn of_file(doing: &'static str, error: &io::Error) -> Self {
        Self::FileFailed { doing, kind: error.kind() }
    }
}

impl From<private_files::Error> for Error {
    fn from(error: private_files::Error) -> Self {
        use private_files::Error as File;
        match error {
            File::DiskFull => Self::DiskFull,
            File::Exists(_) => Self::FileFailed { doing: "written", kind: io::ErrorKind::AlreadyExists },
            File::Failed { doing, source, .. } => Self::FileFailed { doing, kind: source.kind() },
            File::InUse(_) => Self::FileFailed { doing: "locked", kind: io::ErrorKind::ResourceBusy },
            File::TooLarge(_) => Self::FileDamaged { what: "it is far larger than any that was written here" },
            File::Unsafe { problem, .. } => Self::FileUnsafe { why: problem.why() },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_has_its_code() {
        let table = [
            (Error::DiskFull, "disk-full"),
            (Error::failed("x"), "keyring-failed"),
            (Error::FileClosed, "secrets-file-closed"),
            (Error::FileDamaged { what: "x" }, "secrets-file-damaged"),
            (Error::FileFailed { doing: "x", kind: io::ErrorKind::Other }, "secrets-file-failed"),
            (Error::FileUnsafe { why: "x" }, "secrets-file-unsafe"),
            (Error::Locked, "keyring-locked"),
            (Error::Missing, "keyring-missing"),
            (Error::NotKept, "keyring-not-kept"),
            (Error::PassphraseTooShort { shortest: 8 }, "passphrase-too-short"),
            (Error::PassphraseWrong, "passphrase-wrong"),
            (Error::TimedOut, "keyring-timeout"),
            (Error::TooLarge { bytes: LIMIT + 1, limit: LIMIT }, "secret-too-large"),
        ];
        for (error, code) in table {
            assert_eq!(error.code(), code);
        }
    }
}
