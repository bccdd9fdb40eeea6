use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;
use zeroize::Zeroizing;

use crate::directory;
use crate::error::{Error, Unsafe};
use crate::file;
use crate::names;
use crate::system;

/// What the names of unfinished files end with.
const UNFINISHED: &str = ".tmp";
/// How many letters and digits `tempfile` puts before that.
const RANDOM: usize = 6;

/// A file, for its owner only, that lies beside the name that it is to have. Dropped, it goes.
#[derive(Debug)]
pub struct Staged {
    file: NamedTempFile,
    path: PathBuf,
}

/// Writes a file whole or not at all, in place of one that may be there, and durably.
///
/// Removes what a kill left of an earlier one: nobody else may write this file at the same time.
pub fn replace(path: &Path, content: &[u8]) -> Result<(), Error> {
    sweep(path);
    stage(path, content)?.replace()
}

/// Writes `content` to a file beside `path`, and to the disk.
pub fn stage(path: &Path, content: &[u8]) -> Result<Staged, Error> {
    stage_as(file_name(path)?, path, content)
}

/// An empty file beside `path`, for another to fill by its path: then to be [put on the disk](Staged::sync).
pub fn draft(path: &Path) -> Result<Staged, Error> {
    draft_as(file_name(path)?, path)
}

/// Removes what a kill between [`stage`] and its end left behind. What cannot be removed does no harm: it is private.
pub fn sweep(path: &Path) {
    if let Some(name) = path.file_name() {
        sweep_as(name, directory::above(path));
    }
}

impl Staged {
    /// Where it lies for now.
    pub fn path(&self) -> &Path {
        self.file.path()
    }

    /// What is in it, as the system gives it back.
    pub fn read_back(&self) -> Result<Zeroizing<Vec<u8>>, Error> {
        let mut file = self.file.as_file();
        file.seek(SeekFrom::Start(0)).map_err(Error::doing("read", &self.path))?;
        file::read_all(&self.path, file, usize::MAX)
    }

    /// Puts on the disk what another wrote to it.
    pub fn sync(&self) -> Result<(), Error> {
        self.file.as_file().sync_all().map_err(Error::doing("written", &self.path))
    }

    /// Gives the file its name, in place of the file that had it.
    pub fn replace(self) -> Result<(), Error> {
        self.file.persist(&self.path).map_err(|error| Error::doing("written", &self.path)(error.error))?;
        names::sync_directory_of(&self.path)
    }

    /// Gives the file its name, which no file may have; after an error there is none.
    pub fn create(self) -> Result<(), Error> {
        let path = self.path.clone();
        self.take_name()?;
        names::sync_directory_of(&path).inspect_err(|_| drop(fs::remove_file(&path)))
    }

    /// Gives the file its name, which no file may have and which is not on the disk yet.
    pub(crate) fn take_name(self) -> Result<(), Error> {
        self.file
            .persist_noclobber(&self.path)
            .map(drop)
            .map_err(|error| Error::doing("written", &self.path)(error.error))
    }
}

/// As [`stage`]; until it has its name, it is called after `name`.
pub(crate) fn stage_as(name: &OsStr, path: &Path, content: &[u8]) -> Result<Staged, Error> {
    let mut staged = draft_as(name, path)?;
    staged.file.write_all(content).map_err(Error::doing("written", path))?;
    staged.sync()?;
    Ok(staged)
}

/// Removes the unfinished files that are called after `name`, if they are ours.
pub(crate) fn sweep_as(name: &OsStr, directory: &Path) {
    let prefix = prefix(name);
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        let is_ours = || entry.metadata().is_ok_and(|found| found.is_file() && !system::is_foreign(&found));
        if is_unfinished(&entry.file_name(), &prefix) && is_ours() {
            // Another program may have done so already.
            drop(fs::remove_file(entry.path()));
        }
    }
}

/// The last part of a path, which `..` and `/` do not have.
pub(crate) fn file_name(path: &Path) -> Result<&OsStr, Error> {
    path.file_name().ok_or_else(|| Error::refusing(path, Unsafe::NotAFile))
}

fn draft_as(name: &OsStr, path: &Path) -> Result<Staged, Error> {
    // `tempfile` makes it with mode 0600, under a name that nothing has.
    let file = tempfile::Builder::new()
        .prefix(&prefix(name))
        .suffix(UNFINISHED)
        .rand_bytes(RANDOM)
        .tempfile_in(directory::above(path))
        .map_err(Error::doing("written", path))?;
    Ok(Staged { file, path: path.to_owned() })
}

fn prefix(name: &OsStr) -> OsString {
    let mut prefix = OsString::from(".");
    prefix.push(name);
    prefix.push(".");
    prefix
}

/// Compared as bytes: a name need not be text.
fn is_unfinished(name: &OsStr, prefix: &OsStr) -> bool {
    let rest = name.as_encoded_bytes().strip_prefix(prefix.as_encoded_bytes());
    rest.and_then(|rest| rest.strip_suffix(UNFINISHED.as_bytes()))
        .is_some_and(|random| random.len() == RANDOM && random.iter().all(u8::is_ascii_alphanumeric))
}
