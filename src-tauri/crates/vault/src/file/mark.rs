use std::io;
use std::path::PathBuf;

use crate::error::Error;

/// Far more than the names of all items that there can be.
const MOST_BYTES: usize = 64 << 20;

/// A file beside the secrets file that says: a move is not finished, so copies may be in the keyring too.
///
/// It also holds the names of what was forgotten since, a line each: copies of that are in the keyring perhaps, and the
/// secrets file no longer knows of them.
pub(crate) struct MoveMark {
    path: PathBuf,
}

impl MoveMark {
    pub(crate) fn at(path: PathBuf) -> Self {
        Self { path }
    }

    pub(crate) fn is_there(&self) -> bool {
        private_files::exists(&self.path)
    }

    /// A mark that was left from an earlier move says nothing about this one.
    pub(crate) fn begin(&self) -> Result<(), Error> {
        self.write(b"")
    }

    pub(crate) fn note_forgotten(&self, name: &str) -> Result<(), Error> {
        let mut names = self.forgotten()?;
        if !names.iter().any(|noted| noted == name) {
            names.push(name.to_owned());
            self.write(names.join("\n").as_bytes())?;
        }
        Ok(())
    }

    pub(crate) fn forgotten(&self) -> Result<Vec<String>, Error> {
        let found = private_files::read(&self.path, MOST_BYTES)?;
        let found = found.ok_or(Error::FileFailed { doing: "read", kind: io::ErrorKind::NotFound })?;
        let names = std::str::from_utf8(&found);
        let names = names.map_err(|_| Error::FileFailed { doing: "read", kind: io::ErrorKind::InvalidData })?;
        Ok(names.lines().map(str::to_owned).collect())
    }

    pub(crate) fn end(&self) -> Result<(), Error> {
        Ok(private_files::remove(&self.path)?)
    }

    pub(crate) fn sweep(&self) {
        private_files::sweep(&self.path);
    }

    fn write(&self, names: &[u8]) -> Result<(), Error> {
        Ok(private_files::replace(&self.path, names)?)
    }
}
