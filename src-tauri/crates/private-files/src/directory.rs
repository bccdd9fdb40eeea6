use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::error::{Error, Unsafe};
use crate::system;

/// Makes a directory and those above it, or makes sure that an existing one is ours and that others cannot read it.
pub(crate) fn prepare(path: &Path) -> Result<(), Error> {
    // With a slash or a dot behind it, the system would look through a link instead of at it.
    let path = &path.components().collect::<PathBuf>();
    if keep(path)? {
        return Ok(());
    }
    make(path).map_err(Error::doing("made", path))?;
    // Looked at all the same: somebody else may have been quicker.
    if keep(path)? { Ok(()) } else { Err(Error::doing("made", path)(io::ErrorKind::NotFound.into())) }
}

/// The directory that a name lies in.
pub(crate) fn above(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Looks at a directory and changes it through one handle. Says whether there is one.
fn keep(path: &Path) -> Result<bool, Error> {
    let opened = match system::open_directory(path) {
        Ok(opened) => opened,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(refusal(path, error)),
    };
    let Some(directory) = opened else { return Ok(true) };
    let found = directory.metadata().map_err(Error::doing("opened", path))?;
    if let Some(problem) = system::problem(&found) {
        return Err(Error::refusing(path, problem));
    }
    system::narrow(&directory, &found).map_err(Error::doing("narrowed", path))?;
    Ok(true)
}

/// Why it did not open, by what lies there now. Only for the words: nothing is opened because of it.
fn refusal(path: &Path, error: io::Error) -> Error {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_symlink() => Error::refusing(path, Unsafe::SymbolicLink),
        Ok(found) if !found.is_dir() => Error::refusing(path, Unsafe::NotADirectory),
        Ok(found) if system::is_foreign(&found) => Error::refusing(path, Unsafe::ForeignOwner),
        _ => Error::doing("opened", path)(error),
    }
}

fn make(path: &Path) -> io::Result<()> {
    match system::make_directory(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound && path.parent().is_some() => {
            make(above(path))?;
            system::make_directory(path)?;
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(()),
        made => made?,
    }
    // One above may be somebody else's, and not to be opened.
    drop(system::sync_directory(above(path)));
    Ok(())
}
