//! Why the service cannot start.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Why the service cannot start. No text holds a secret.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The data directory or a file in it cannot be made or written.
    #[error("cannot write the practice data in {}: {source}", path.display())]
    DataUnwritable {
        /// What was being written.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The data directory could have been prepared by someone else.
    #[error("refusing {} for practice data: {reason}", path.display())]
    DataUnsafe {
        /// The directory or file.
        path: PathBuf,
        /// Why it is refused, and what to do.
        reason: &'static str,
    },
    /// Another process has the data directory open.
    #[error("the practice data in {} is in use by another process", path.display())]
    DataInUse {
        /// The directory.
        path: PathBuf,
    },
    /// The state key does not open what the database holds, or is gone.
    #[error("the state key does not fit the practice database")]
    StateKeyWrong,
    /// The authenticator of the data has another secret than the one that was given.
    #[error(
        "the practice account has another authenticator secret than the one given: set up a new authenticator, or give none"
    )]
    OtpSecretDiffers,
    /// A file holds no authenticator secret.
    #[error("{} does not hold 160 bit in base32", path.display())]
    OtpSecretUnreadable {
        /// The file.
        path: PathBuf,
    },
    /// The database is not one of ours, or damaged.
    #[error("the practice database is damaged: {detail}")]
    DatabaseDamaged {
        /// What SQLite said.
        detail: String,
    },
    /// The database was written by a later version.
    #[error("the practice database was written by a newer version (schema {found}, this is {known})")]
    DatabaseNewer {
        /// The version in the file.
        found: i64,
        /// The newest version this program knows.
        known: i64,
    },
    /// No space is left on the device.
    #[error("the disk is full")]
    DiskFull,
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}")]
    PortUnavailable {
        /// The address.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// An allowed host is no host name.
    #[error("{host:?} is no host name or address")]
    HostInvalid {
        /// What was given.
        host: String,
    },
}

impl Error {
    /// The stable code of this error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::DataUnwritable { .. } => "practice-data-unwritable",
            Self::DataUnsafe { .. } => "practice-data-unsafe",
            Self::DataInUse { .. } => "practice-data-in-use",
            Self::StateKeyWrong => "practice-state-key-wrong",
            Self::OtpSecretDiffers => "practice-otp-secret-differs",
            Self::OtpSecretUnreadable { .. } => "practice-otp-secret-unreadable",
            Self::DatabaseDamaged { .. } => "practice-database-damaged",
            Self::DatabaseNewer { .. } => "practice-database-newer",
            Self::DiskFull => "practice-disk-full",
            Self::PortUnavailable { .. } => "practice-port-unavailable",
            Self::HostInvalid { .. } => "practice-host-invalid",
        }
    }

    pub(crate) fn writing(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull,
            _ => Self::DataUnwritable { path, source },
        }
    }
}
