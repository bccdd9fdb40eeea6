use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::directory;
use crate::error::Error;
use crate::system;

/// Whether something is there, be it a link to nowhere. What cannot be looked at counts as there: using
/// it then says why, instead of going another way in silence.
pub fn exists(path: &Path) -> bool {
    !matches!(fs::symlink_metadata(path), Err(error) if error.kind() == io::ErrorKind::NotFound)
}

/// Removes a file; it is no error if there is none.
pub fn remove(path: &Path) -> Result<(), Error> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::doing("removed", path)(error)),
        _ => sync_directory_of(path),
    }
}

/// Gives a file or directory another name in the directory where it lies. One that is taken stays what it is: [`Error::Exists`].
pub fn rename(from: &Path, to: &Path) -> Result<(), Error> {
    match system::rename(from, to) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Err(Error::Exists(to.to_owned())),
        renamed => renamed.map_err(Error::doing("renamed", from))?,
    }
    sync_directory_of(to)
}

/// Renames what is at these paths, if anything, to `<path>.old`, `<path>.old.old`, ...: the first that is free for all of them.
pub fn set_aside(paths: &[&Path]) -> Result<(), Error> {
    let mut suffix = ".old".to_owned();
    while paths.iter().any(|path| exists(&with_suffix(path, &suffix))) {
        suffix.push_str(".old");
    }
    for path in paths.iter().filter(|path| exists(path)) {
        rename(path, &with_suffix(path, &suffix))?;
    }
    Ok(())
}

/// Puts on the disk which names there are in the directory of `path`.
pub fn sync_directory_of(path: &Path) -> Result<(), Error> {
    let directory = directory::above(path);
    system::sync_directory(directory).map_err(Error::doing("written", directory))
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut longer = OsString::from(path);
    longer.push(suffix);
    longer.into()
}
