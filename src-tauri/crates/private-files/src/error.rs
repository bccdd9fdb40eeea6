use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// What keeps a file from being private, whole and on the disk. No text holds what is in it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No space is left, or none that this user may have.
    #[error("the disk is full")]
    DiskFull,
    /// Something has this name already, and stays as it is.
    #[error("{} exists", .0.display())]
    Exists(PathBuf),
    /// The system could not do this with a file or directory.
    #[error("{} could not be {doing}: {source}", path.display())]
    Failed {
        /// What was tried, in the past participle: "read", "written".
        doing: &'static str,
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Another process owns this directory.
    #[error("{} is in use by another process", .0.display())]
    InUse(PathBuf),
    /// More is in this file than there can be.
    #[error("{} is far too large", .0.display())]
    TooLarge(PathBuf),
    /// It may be in other hands, and is left as it is.
    #[error("will not use {}: {problem}", path.display())]
    Unsafe {
        /// The file or directory.
        path: PathBuf,
        /// Why.
        problem: Unsafe,
    },
}

impl Error {
    pub(crate) fn doing(doing: &'static str, path: &Path) -> impl Fn(io::Error) -> Self {
        move |source| match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull,
            io::ErrorKind::AlreadyExists => Self::Exists(path.to_owned()),
            _ => Self::Failed { doing, path: path.to_owned(), source },
        }
    }

    pub(crate) fn refusing(path: &Path, problem: Unsafe) -> Self {
        Self::Unsafe { path: path.to_owned(), problem }
    }
}

/// Why a directory or file is left alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unsafe {
    /// It belongs to another user.
    ForeignOwner,
    /// Something else than a directory lies in its place.
    NotADirectory,
    /// Something else than an ordinary file lies in its place.
    NotAFile,
    /// Its group or everybody can read it: only for those who [ask](crate::Found::refuse_readers).
    OthersCanRead,
    /// Its group or everybody can write to it.
    OthersCanWrite,
    /// It is a symbolic link.
    SymbolicLink,
}

impl Unsafe {
    /// The stable word, for programs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ForeignOwner => "foreign-owner",
            Self::NotADirectory => "not-a-directory",
            Self::NotAFile => "not-a-file",
            Self::OthersCanRead => "others-can-read",
            Self::OthersCanWrite => "others-can-write",
            Self::SymbolicLink => "symbolic-link",
        }
    }

    /// The same in words, for a log.
    pub fn why(self) -> &'static str {
        match self {
            Self::ForeignOwner => "it belongs to another user",
            Self::NotADirectory => "it is not a directory",
            Self::NotAFile => "it is not an ordinary file",
            Self::OthersCanRead => "others can read or run it; its mode has to be 0600",
            Self::OthersCanWrite => "others can write to it; make it private first (chmod go-rwx)",
            Self::SymbolicLink => "it is a symbolic link",
        }
    }
}

impl fmt::Display for Unsafe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.why())
    }
}
