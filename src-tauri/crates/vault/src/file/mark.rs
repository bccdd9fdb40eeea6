use std::fs;
use std::path::PathBuf;

use super::disk;
use crate::Error;

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
        disk::exists(&self.path)
    }

    /// A mark that was left from an earlier move says nothing about this one.
    pub(crate) fn begin(&self) -> Result<(), Error> {
        disk::stage(&self.path, &[])?.replace()
    }

    pub(crate) fn note_forgotten(&self, name: &str) -> Result<(), Error> {
        let mut names = self.forgotten()?;
        if !names.iter().any(|noted| noted == name) {
            names.push(name.to_owned());
            disk::stage(&self.path, names.join("\n").as_bytes())?.replace()?;
        }
        Ok(())
    }

    pub(crate) fn forgotten(&self) -> Result<Vec<String>, Error> {
        // No secret is in it, so it does not matter who else may read it.
        let names = fs::read_to_string(&self.path).map_err(|error| Error::of_file("read", &error))?;
        Ok(names.lines().map(str::to_owned).collect())
    }

    pub(crate) fn end(&self) -> Result<(), Error> {
        disk::remove(&self.path)
    }

    pub(crate) fn sweep(&self) {
        disk::sweep(&self.path);
    }
}
