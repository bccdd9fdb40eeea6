use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use crate::directory;
use crate::error::Error;
use crate::file;

/// What the lock lies in.
const LOCK: &str = "lock";

/// The directory that holds all state of one program, owned by this process for as long as the value lives, and by nobody
/// once the process has ended, killed or not.
///
/// The lock is on a file of its own, so it holds where no session bus can tell two starts apart.
#[derive(Debug)]
pub struct DataDir {
    path: PathBuf,
    _lock: File,
}

impl DataDir {
    /// [Prepares](Self::prepare) the directory and takes its lock, or says that it is [in use](Error::InUse).
    pub fn own(path: &Path) -> Result<Self, Error> {
        Self::prepare(path)?;
        let lock_path = path.join(LOCK);
        let lock = file::open_or_make(&lock_path)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path: path.to_owned(), _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(Error::InUse(path.to_owned())),
            Err(TryLockError::Error(source)) => Err(Error::doing("locked", &lock_path)(source)),
        }
    }

    /// Makes the directory where it is missing, and those above it (mode 0700 on Unix), without owning it: so nobody, a web
    /// view say, makes it readable to others first.
    ///
    /// One that others can write to, that belongs to another user or is a symbolic link is [`Error::Unsafe`] and left as it
    /// is; one that others can merely read is narrowed.
    pub fn prepare(path: &Path) -> Result<(), Error> {
        directory::prepare(path)
    }

    /// Where a file or directory of this name lies.
    pub fn join(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// The directory.
    pub fn path(&self) -> &Path {
        &self.path
    }
}
