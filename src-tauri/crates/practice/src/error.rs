//! Why the service cannot start.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::{fmt, io};

/// Why the service cannot start. No text holds a secret.
#[derive(Debug)]
pub enum Error {
    /// The data directory or a file in it cannot be made or written.
    DataUnwritable {
        /// What was being written.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The data directory could have been prepared by someone else.
    DataUnsafe {
        /// The directory or file.
        path: PathBuf,
        /// Why it is refused, and what to do.
        reason: &'static str,
    },
    /// Another process has the data directory open.
    DataInUse {
        /// The directory.
        path: PathBuf,
    },
    /// The state key does not open what the database holds, or is gone.
    StateKeyWrong,
    /// The authenticator of the data has another secret than the one that was given.
    OtpSecretDiffers,
    /// A file holds no authenticator secret.
    OtpSecretUnreadable {
        /// The file.
        path: PathBuf,
    },
    /// The database is not one of ours, or damaged.
    DatabaseDamaged {
        /// What SQLite said.
        detail: String,
    },
    /// The database was written by a later version.
    DatabaseNewer {
        /// The version in the file.
        found: i64,
        /// The newest version this program knows.
        known: i64,
    },
    /// No space is left on the device.
    DiskFull,
    /// The address cannot be listened on.
    PortUnavailable {
        /// The address.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// An allowed host is no host name.
    HostInvalid {
        /// What was given.
        host: String,
    },
}

impl Error {
    /// The stable code of this error.
    pub fn code(&self) -> &'static str {
        self.row().0
    }

    pub(crate) fn writing(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull,
            _ => Self::DataUnwritable { path, source },
        }
    }

    /// One row an error: its stable code, and what it says.
    fn row(&self) -> (&'static str, String) {
        match self {
            Self::DataUnwritable { path, source } => (
                "practice-data-unwritable",
                format!("cannot write the practice data in {}: {source}", path.display()),
            ),
            Self::DataUnsafe { path, reason } => {
                ("practice-data-unsafe", format!("refusing {} for practice data: {reason}", path.display()))
            }
            Self::DataInUse { path } => (
                "practice-data-in-use",
                format!("the practice data in {} is in use by another process", path.display()),
            ),
            Self::StateKeyWrong => {
                ("practice-state-key-wrong", "the state key does not fit the practice database".into())
            }
            Self::OtpSecretDiffers => (
                "practice-otp-secret-differs",
                "the practice account has another authenticator secret than the one given: set up a new authenticator, or give none"
                    .into(),
            ),
            Self::OtpSecretUnreadable { path } => {
                ("practice-otp-secret-unreadable", format!("{} does not hold 160 bit in base32", path.display()))
            }
            Self::DatabaseDamaged { detail } => {
                ("practice-database-damaged", format!("the practice database is damaged: {detail}"))
            }
            Self::DatabaseNewer { found, known } => (
                "practice-database-newer",
                format!("the practice database was written by a newer version (schema {found}, this is {known})"),
            ),
            Self::DiskFull => ("practice-disk-full", "the disk is full".into()),
            Self::PortUnavailable { address, source } => {
                ("practice-port-unavailable", format!("cannot listen on {address}: {source}"))
            }
            Self::HostInvalid { host } => ("practice-host-invalid", format!("{host:?} is no host name or address")),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.row().1)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::DataUnwritable { source, .. } | Self::PortUnavailable { source, .. } => Some(source),
            Self::DataUnsafe { .. }
            | Self::DataInUse { .. }
            | Self::StateKeyWrong
            | Self::OtpSecretDiffers
            | Self::OtpSecretUnreadable { .. }
            | Self::DatabaseDamaged { .. }
            | Self::DatabaseNewer { .. }
            | Self::DiskFull
            | Self::HostInvalid { .. } => None,
        }
    }
}
