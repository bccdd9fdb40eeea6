use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use crate::{Error, private_fs};

/// The directory that holds all state of one app, owned by this process for as long as the value lives.
///
/// The lock is on a file of its own, so it holds where no session bus can tell two starts apart.
#[derive(Debug)]
pub struct DataDir {
    path: PathBuf,
    _lock: File,
}

impl DataDir {
    /// Makes the directory (mode 0700 on Unix) where it is missing, and takes its lock.
    ///
    /// One that others can write to, that belongs to another user or is a symbolic link is [`Error::DataDirUnsafe`] and
    /// left as it is; one that others can merely read is narrowed.
    pub fn own(path: &Path) -> Result<Self, Error> {
        Self::prepare(path)?;
        let lock = private_fs::file(&path.join("lock"))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path: path.to_owned(), _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(Error::AlreadyRunning(path.to_owned())),
            Err(TryLockError::Error(source)) => Err(private_fs::at(path)(source)),
        }
    }

    /// Makes the directory without owning it, so that nobody (a web view, say) makes it readable to others first.
    pub fn prepare(path: &Path) -> Result<(), Error> {
        private_fs::directory(path)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_owner_is_refused_until_the_first_is_gone() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("desk");
        let first = DataDir::own(&path).unwrap();
        assert!(matches!(DataDir::own(&path), Err(Error::AlreadyRunning(_))));
        drop(first);
        assert!(DataDir::own(&path).is_ok());
    }

    #[test]
    fn a_file_in_the_place_of_the_directory_is_said() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("file");
        std::fs::write(&path, "").unwrap();
        assert_eq!(DataDir::own(&path).unwrap_err().code(), crate::Code::DataDirUnsafe);
    }
}
