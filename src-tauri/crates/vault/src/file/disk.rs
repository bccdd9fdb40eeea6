//! Files that are only ever whole and only ever the person's own.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::Error;

/// Far above what the app writes; a file of this size was not written by it.
const MOST_BYTES: u64 = 64 << 20;

/// What the names of unfinished files end with.
const UNFINISHED: &str = ".tmp";

/// Whether something is there, be it a link to nowhere. What cannot be looked at counts as there: using
/// it then says why, instead of going another way in silence.
pub(crate) fn exists(path: &Path) -> bool {
    !matches!(fs::symlink_metadata(path), Err(error) if error.kind() == io::ErrorKind::NotFound)
}

/// The content of a file that only its owner, the person, can read and write.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Error> {
    let file = access::open(path)?;
    let length = file.metadata().map_err(|error| Error::of_file("read", &error))?.len();
    if length > MOST_BYTES {
        return Err(Error::FileDamaged { what: "it is far larger than any that was written here" });
    }
    let mut content = Vec::new();
    file.take(MOST_BYTES).read_to_end(&mut content).map_err(|error| Error::of_file("read", &error))?;
    Ok(content)
}

/// A file that is written and on the disk, but does not have its name yet. Dropped, it goes.
pub(crate) struct Staged {
    file: NamedTempFile,
    path: PathBuf,
}

/// Writes `content` to a file beside `path`, for its owner only (`tempfile` makes it with mode 0600).
pub(crate) fn stage(path: &Path, content: &[u8]) -> Result<Staged, Error> {
    let write = || {
        let mut file = tempfile::Builder::new()
            .prefix(&unfinished_prefix(path))
            .suffix(UNFINISHED)
            .tempfile_in(directory(path))?;
        file.write_all(content)?;
        file.as_file().sync_all()?;
        Ok(file)
    };
    let file = write().map_err(|error| Error::of_file("written", &error))?;
    Ok(Staged { file, path: path.to_owned() })
}

impl Staged {
    pub(crate) fn read_back(&self) -> Result<Vec<u8>, Error> {
        read(self.file.path())
    }

    /// Gives the file its name, in place of the file that had it.
    pub(crate) fn replace(self) -> Result<(), Error> {
        self.file.persist(&self.path).map_err(|error| Error::of_file("written", &error.error))?;
        sync_directory(&self.path)
    }

    /// Gives the file its name, which no file may have; after an error there is none.
    pub(crate) fn create(self) -> Result<(), Error> {
        self.file.persist_noclobber(&self.path).map_err(|error| Error::of_file("written", &error.error))?;
        sync_directory(&self.path).inspect_err(|_| drop(fs::remove_file(&self.path)))
    }
}

/// Removes a file; it is no error if there is none.
pub(crate) fn remove(path: &Path) -> Result<(), Error> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::of_file("removed", &error)),
        _ => sync_directory(path),
    }
}

/// Renames what is at these paths, if anything, to `<path>.old`, `<path>.old.old`, ...: the first that is free for all of them.
pub(crate) fn set_aside(paths: &[&Path]) -> Result<(), Error> {
    let with = |path: &Path, suffix: &str| {
        let mut aside = path.to_owned();
        aside.as_mut_os_string().push(suffix);
        aside
    };
    let mut suffix = ".old".to_owned();
    while paths.iter().any(|path| exists(&with(path, &suffix))) {
        suffix.push_str(".old");
    }
    for path in paths.iter().filter(|path| exists(path)) {
        fs::rename(path, with(path, &suffix)).map_err(|error| Error::of_file("set aside", &error))?;
        sync_directory(path)?;
    }
    Ok(())
}

/// Removes what a kill in the middle of [`stage`] left behind. All of it is encrypted, so what cannot
/// be removed does no harm.
pub(crate) fn sweep(path: &Path) {
    let prefix = unfinished_prefix(path);
    for entry in fs::read_dir(directory(path)).into_iter().flatten().flatten() {
        let name = entry.file_name();
        if name.to_str().is_some_and(|name| name.starts_with(&prefix) && name.ends_with(UNFINISHED)) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn unfinished_prefix(path: &Path) -> String {
    format!(".{}.", path.file_name().unwrap_or_default().to_string_lossy())
}

fn directory(path: &Path) -> &Path {
    match path.parent() {
        Some(directory) if directory != Path::new("") => directory,
        _ => Path::new("."),
    }
}

/// A new or removed name is on the disk only after this (`fsync(2)`).
#[cfg(unix)]
fn sync_directory(path: &Path) -> Result<(), Error> {
    File::open(directory(path))
        .and_then(|directory| directory.sync_all())
        .map_err(|error| Error::of_file("written", &error))
}

/// Windows cannot sync a directory.
#[cfg(not(unix))]
fn sync_directory(_path: &Path) -> Result<(), Error> {
    Ok(())
}

#[cfg(unix)]
mod access {
    use std::fs::{File, OpenOptions};
    use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
    use std::path::Path;

    use rustix::fs::OFlags;
    use rustix::io::Errno;
    use rustix::process::geteuid;

    use crate::Error;

    /// Opens first and looks then, so that what was looked at is what is read.
    pub(super) fn open(path: &Path) -> Result<File, Error> {
        // Without NONBLOCK, opening a pipe would wait for its other end.
        let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed();
        let file =
            OpenOptions::new().read(true).custom_flags(flags).open(path).map_err(
                |error| match Errno::from_io_error(&error) {
                    Some(Errno::LOOP) => Error::FileUnsafe { why: "it is a link" },
                    _ => Error::of_file("read", &error),
                },
            )?;
        let found = file.metadata().map_err(|error| Error::of_file("read", &error))?;
        if !found.is_file() {
            return Err(Error::FileUnsafe { why: "it is not an ordinary file" });
        }
        if found.uid() != geteuid().as_raw() {
            return Err(Error::FileUnsafe { why: "it belongs to somebody else" });
        }
        if found.mode() & 0o177 != 0 {
            return Err(Error::FileUnsafe { why: "others may read or write it; its mode has to be 0600" });
        }
        Ok(file)
    }
}

/// Elsewhere the file has the access rules of the app's own directory, which it inherits.
#[cfg(not(unix))]
mod access {
    use std::fs::{self, File};
    use std::path::Path;

    use crate::Error;

    pub(super) fn open(path: &Path) -> Result<File, Error> {
        let found = fs::symlink_metadata(path).map_err(|error| Error::of_file("read", &error))?;
        if !found.is_file() {
            return Err(Error::FileUnsafe { why: "it is not an ordinary file" });
        }
        File::open(path).map_err(|error| Error::of_file("read", &error))
    }
}
