use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::error::{Error, Unsafe};
use crate::system;

/// An existing file, open for reading, that is ours and that nobody else can write. It is as it was found.
#[derive(Debug)]
pub struct Found {
    path: PathBuf,
    file: File,
    metadata: Metadata,
}

/// Opens a file for reading; `None` where there is none.
pub fn find(path: &Path) -> Result<Option<Found>, Error> {
    look(path, File::options().read(true))
}

/// Opens a file for reading and writing, and takes from others the right to read it; `None` where there is none.
pub fn open(path: &Path) -> Result<Option<File>, Error> {
    let Some(found) = look(path, File::options().read(true).write(true))? else { return Ok(None) };
    found.narrow()?;
    Ok(Some(found.file))
}

/// As [`open`], and makes it, empty, where there is none.
pub fn open_or_make(path: &Path) -> Result<File, Error> {
    // More than one turn only where others make or remove it at the same time.
    for _ in 0..8 {
        if let Some(file) = open(path)? {
            return Ok(file);
        }
        match system::open(File::options().read(true).write(true).create_new(true), path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            made => return made.map_err(Error::doing("made", path)),
        }
    }
    Err(Error::Exists(path.to_owned()))
}

/// What is in a file, of at most `most` bytes, after taking from others the right to read it; `None` where there is none.
pub fn read(path: &Path, most: usize) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
    let Some(found) = find(path)? else { return Ok(None) };
    found.narrow()?;
    found.read(most).map(Some)
}

impl Found {
    /// Refuses a file that others can read or run, or could: its mode has to be 0600 or narrower.
    pub fn refuse_readers(self) -> Result<Self, Error> {
        if system::is_wide(&self.metadata) { Err(Error::refusing(&self.path, Unsafe::OthersCanRead)) } else { Ok(self) }
    }

    /// What is in it, of at most `most` bytes. Wiped when dropped, and never grown: that would leave copies behind.
    pub fn read(&self, most: usize) -> Result<Zeroizing<Vec<u8>>, Error> {
        read_all(&self.path, &self.file, most)
    }

    /// Takes from others the right to read it.
    pub fn narrow(&self) -> Result<(), Error> {
        system::narrow(&self.file, &self.metadata).map_err(Error::doing("narrowed", &self.path))
    }
}

/// What is in an open file, from where it stands.
pub(crate) fn read_all(path: &Path, mut file: &File, most: usize) -> Result<Zeroizing<Vec<u8>>, Error> {
    let length = file.metadata().map_err(Error::doing("read", path))?.len();
    let room = usize::try_from(length).ok().filter(|length| *length <= most);
    let room = room.ok_or_else(|| Error::TooLarge(path.to_owned()))?;
    let mut content = Zeroizing::new(vec![0; room]);
    file.read_exact(&mut content).map_err(Error::doing("read", path))?;
    Ok(content)
}

/// Opens first and looks then, so that what was looked at is what is used.
fn look(path: &Path, options: &mut OpenOptions) -> Result<Option<Found>, Error> {
    let file = match system::open(options, path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(refusal(path, error)),
    };
    let metadata = file.metadata().map_err(Error::doing("opened", path))?;
    if !metadata.is_file() {
        return Err(Error::refusing(path, Unsafe::NotAFile));
    }
    if let Some(problem) = system::problem(&metadata) {
        return Err(Error::refusing(path, problem));
    }
    Ok(Some(Found { path: path.to_owned(), file, metadata }))
}

/// Why it did not open, by what lies there now. Only for the words: nothing is opened because of it.
fn refusal(path: &Path, error: io::Error) -> Error {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_symlink() => Error::refusing(path, Unsafe::SymbolicLink),
        Ok(found) if !found.is_file() => Error::refusing(path, Unsafe::NotAFile),
        Ok(found) if system::is_foreign(&found) => Error::refusing(path, Unsafe::ForeignOwner),
        _ => Error::doing("opened", path)(error),
    }
}
