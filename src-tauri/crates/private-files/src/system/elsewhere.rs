//! Windows: files have the access rules of the app's own directory, which they inherit.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io;
use std::path::Path;

use crate::error::Unsafe;
use crate::system::renaming::rename_if_free;

pub(crate) fn open(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
    if fs::symlink_metadata(path).is_ok_and(|found| !found.is_file()) {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    options.open(path)
}

/// A directory cannot be opened as a file can: it is only looked at.
pub(crate) fn open_directory(path: &Path) -> io::Result<Option<File>> {
    if fs::symlink_metadata(path)?.is_dir() { Ok(None) } else { Err(io::ErrorKind::NotADirectory.into()) }
}

pub(crate) fn make_directory(path: &Path) -> io::Result<()> {
    fs::create_dir(path)
}

pub(crate) fn is_foreign(_found: &Metadata) -> bool {
    false
}

pub(crate) fn problem(_found: &Metadata) -> Option<Unsafe> {
    None
}

pub(crate) fn is_wide(_found: &Metadata) -> bool {
    false
}

pub(crate) fn narrow(_file: &File, _found: &Metadata) -> io::Result<()> {
    Ok(())
}

pub(crate) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    rename_if_free(from, to)
}

/// Windows cannot sync a directory.
pub(crate) fn sync_directory(_path: &Path) -> io::Result<()> {
    Ok(())
}
