use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use crate::Error;

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
    pub fn own(path: &Path) -> Result<Self, Error> {
        Self::prepare(path)?;
        let unwritable = |source| Error::DataDirUnwritable { path: path.to_owned(), source };
        let lock = private_file(&path.join("lock")).map_err(|source| from_io(source, unwritable))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path: path.to_owned(), _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(Error::AlreadyRunning(path.to_owned())),
            Err(TryLockError::Error(source)) => Err(unwritable(source)),
        }
    }

    /// Makes the directory without owning it, so that nobody (a web view, say) makes it readable to others first.
    pub fn prepare(path: &Path) -> Result<(), Error> {
        make_private(path)
            .map_err(|source| from_io(source, |source| Error::DataDirUnwritable { path: path.to_owned(), source }))
    }

    /// Where a file or directory of this name lies.
    pub fn join(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// The directory.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// An existing or new file that nobody else can read (mode 0600 on Unix), so that SQLite's own 0644 never applies.
    pub(crate) fn private_file(&self, name: &str) -> Result<PathBuf, Error> {
        let path = self.join(name);
        private_file(&path)
            .map_err(|source| from_io(source, |source| Error::DataDirUnwritable { path: self.path.clone(), source }))?;
        Ok(path)
    }
}

fn from_io(source: io::Error, otherwise: impl FnOnce(io::Error) -> Error) -> Error {
    match source.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Error::DiskFull,
        _ => otherwise(source),
    }
}

fn make_private(path: &Path) -> io::Result<()> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        other => other,
    }
}

fn private_file(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
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

    #[cfg(unix)]
    #[test]
    fn directory_and_files_are_for_the_person_alone() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let owned = DataDir::own(&dir.path().join("a/desk")).unwrap();
        let file = owned.private_file("desk.sqlite3").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(owned.path()), 0o700);
        assert_eq!(mode(&file), 0o600);
    }

    #[test]
    fn a_file_in_the_place_of_the_directory_is_said() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("file");
        fs::write(&path, "").unwrap();
        let error = DataDir::own(&path).unwrap_err();
        assert_eq!(error.code(), crate::Code::DataDirUnwritable);
    }
}
