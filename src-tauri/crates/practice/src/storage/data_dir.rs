//! The data directory: private, ours, and open in one process at a time.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::storage::random;

pub(crate) const DATABASE: &str = "practice.db";
/// SQLite's name for the write-ahead log of [`DATABASE`].
pub(crate) const LOG: &str = "practice.db-wal";
const LOCK: &str = "lock";

/// Holds the data directory until it is dropped, also if the process is killed.
pub(crate) struct DataLock {
    _file: File,
}

impl DataLock {
    pub(crate) fn take(data: &Path) -> Result<Self, Error> {
        let path = data.join(LOCK);
        keep_private(&path)?;
        let file = private(OpenOptions::new().write(true).create(true).truncate(false))
            .open(&path)
            .map_err(Error::writing(&path))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(Error::DataInUse { path: data.into() }),
            Err(TryLockError::Error(error)) => Err(Error::writing(&path)(error)),
        }
    }
}

/// Makes the directory with mode 0700, or makes sure that an existing one is ours alone.
pub(crate) fn prepare(data: &Path) -> Result<(), Error> {
    // With a slash or a dot behind it, the system would look through a link instead of at it.
    let data = &data.components().collect::<PathBuf>();
    match fs::symlink_metadata(data) {
        Ok(found) => accept(data, &found),
        Err(error) if error.kind() == io::ErrorKind::NotFound => make(data).map_err(Error::writing(data)),
        Err(error) => Err(Error::writing(data)(error)),
    }
}

/// A file that only its owner can read, and that was not there before.
pub(crate) fn create_private(path: &Path) -> io::Result<File> {
    private(OpenOptions::new().write(true).create_new(true)).open(path)
}

/// A new private file, whole or not at all: written under another name, linked to its own only
/// once it is on disk. An existing file is kept, and is an error.
pub(crate) fn add_private(path: &Path, text: &[u8]) -> io::Result<()> {
    place_private(path, text, |draft| fs::hard_link(draft, path))
}

/// The same, in place of a file that is there.
pub(crate) fn replace_private(path: &Path, text: &[u8]) -> io::Result<()> {
    place_private(path, text, |draft| fs::rename(draft, path))
}

fn place_private(path: &Path, text: &[u8], place: impl FnOnce(&Path) -> io::Result<()>) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}", random::hex(16).as_str()));
    let draft = path.with_file_name(name);
    let placed = create_private(&draft).and_then(|mut file| {
        file.write_all(text)?;
        file.sync_all()?;
        place(&draft)
    });
    // The file counts once it has its own name; a draft left behind is private and harmless.
    let _ = fs::remove_file(&draft);
    placed?;
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => sync(parent),
        _ => sync(Path::new(".")),
    }
}

/// Narrows an existing file to mode 0600; says whether it exists. What is no plain file is refused.
pub(crate) fn keep_private(path: &Path) -> Result<bool, Error> {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_file() => {
            narrow(path, &found, 0o600).map_err(Error::writing(path))?;
            Ok(true)
        }
        Ok(_) => Err(Error::DataUnsafe { path: path.into(), reason: "it is not a plain file" }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(Error::writing(path)(error)),
    }
}

/// A new name is durable only once its directory is synced (fsync(2)).
pub(crate) fn sync(directory: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(directory)?.sync_all() } else { Ok(()) }
}

#[cfg(unix)]
fn make(data: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    DirBuilder::new().recursive(true).mode(0o700).create(data)
}

#[cfg(not(unix))]
fn make(data: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).create(data)
}

#[cfg(unix)]
fn accept(data: &Path, found: &fs::Metadata) -> Result<(), Error> {
    use std::os::unix::fs::MetadataExt;
    let refuse = |reason| Err(Error::DataUnsafe { path: data.into(), reason });
    if !found.is_dir() {
        return refuse("it is not a directory, or a symbolic link to one");
    }
    if found.uid() != rustix::process::geteuid().as_raw() {
        return refuse("it belongs to another user");
    }
    if found.mode() & 0o022 != 0 {
        return refuse("others can write to it; make it private first (chmod 700)");
    }
    narrow(data, found, 0o700).map_err(Error::writing(data))
}

#[cfg(not(unix))]
fn accept(data: &Path, found: &fs::Metadata) -> Result<(), Error> {
    if found.is_dir() {
        return Ok(());
    }
    Err(Error::DataUnsafe { path: data.into(), reason: "it is not a directory" })
}

#[cfg(unix)]
fn narrow(path: &Path, found: &fs::Metadata, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    if found.mode() & 0o777 == mode {
        return Ok(());
    }
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn narrow(_: &Path, _: &fs::Metadata, _: u32) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;
    options.mode(0o600)
}

#[cfg(not(unix))]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    fn set_mode(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn a_missing_directory_is_made_private() {
        let parent = tempfile::tempdir().unwrap();
        let data = parent.path().join("a/b");
        prepare(&data).unwrap();
        assert_eq!(mode(&data), 0o700);
    }

    #[test]
    fn an_existing_directory_is_narrowed_or_refused() {
        for (before, accepted) in [(0o755, true), (0o700, true), (0o775, false), (0o777, false)] {
            let data = tempfile::tempdir().unwrap();
            set_mode(data.path(), before);
            assert_eq!(prepare(data.path()).is_ok(), accepted, "{before:o}");
            assert_eq!(mode(data.path()), if accepted { 0o700 } else { before });
        }
    }

    #[test]
    fn a_symbolic_link_and_a_file_are_refused() {
        let parent = tempfile::tempdir().unwrap();
        let (real, link, file) = (parent.path().join("real"), parent.path().join("link"), parent.path().join("file"));
        fs::create_dir(&real).unwrap();
        symlink(&real, &link).unwrap();
        fs::write(&file, "").unwrap();
        for path in [&link, &link.join(""), &link.join("."), &file] {
            assert_eq!(prepare(path).unwrap_err().code(), "practice-data-unsafe");
        }
        assert_eq!(keep_private(&link).unwrap_err().code(), "practice-data-unsafe");
    }

    #[test]
    fn a_second_lock_is_refused_until_the_first_is_gone() {
        let data = tempfile::tempdir().unwrap();
        let first = DataLock::take(data.path()).unwrap();
        let second = DataLock::take(data.path()).map(|_| ()).unwrap_err();
        assert_eq!(second.code(), "practice-data-in-use");
        drop(first);
        DataLock::take(data.path()).unwrap();
    }

    #[test]
    fn a_file_left_readable_is_narrowed() {
        let data = tempfile::tempdir().unwrap();
        let path = data.path().join("file");
        fs::write(&path, "").unwrap();
        set_mode(&path, 0o644);
        assert!(keep_private(&path).unwrap());
        assert_eq!(mode(&path), 0o600);
        assert!(!keep_private(&data.path().join("none")).unwrap());
    }
}
