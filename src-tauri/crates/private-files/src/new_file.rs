use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::Path;

use crate::directory;
use crate::error::Error;
use crate::staged;
use crate::system;

/// What a file is called until it has its name, where it cannot be without one. Not after its own: whoever is asked for a name
/// may give another one after a crash.
const UNNAMED: &str = "token-desk-partial";

/// Makes a file with this content, whole or not at all, and durably. A name that is taken stays what it is: [`Error::Exists`].
///
/// It may lie in any directory, a shared one too. Where the system can do that, it has no name before it is whole: what a crash
/// leaves of it, the system removes. Elsewhere it has another name until then, and the next `create` in the same directory
/// removes what a crash left.
pub fn create(path: &Path, content: &[u8]) -> Result<(), Error> {
    staged::file_name(path)?;
    staged::sweep_as(OsStr::new(UNNAMED), directory::above(path));
    if path.symlink_metadata().is_ok() {
        return Err(Error::Exists(path.to_owned()));
    }
    if !nameless::write(path, content).map_err(Error::doing("written", path))? {
        write_beside(path, content)?;
    }
    // What is said not to be there is not there.
    sync(directory::above(path)).map_err(|error| {
        drop(fs::remove_file(path));
        Error::doing("written", path)(error)
    })
}

/// A crash leaves the part that was written under another name.
fn write_beside(path: &Path, content: &[u8]) -> Result<(), Error> {
    staged::stage_as(OsStr::new(UNNAMED), path, content)?.take_name()
}

fn sync(directory: &Path) -> io::Result<()> {
    match system::sync_directory(directory) {
        // File systems of other systems and of networks may have no such thing.
        Err(error) if error.kind() == io::ErrorKind::InvalidInput => Ok(()),
        synced => synced,
    }
}

/// A file that has no name before it is whole: what a crash leaves of it, the system removes.
#[cfg(target_os = "linux")]
mod nameless {
    use std::fs::File;
    use std::io::{self, Write as _};
    use std::os::fd::AsRawFd as _;
    use std::path::Path;

    use rustix::fs::{AtFlags, CWD, Mode, OFlags, linkat, open};
    use rustix::io::Errno;

    use crate::directory;

    /// Writes a new file; `false` where the file system has no such files (FAT, network shares) or cannot name them.
    pub(super) fn write(path: &Path, content: &[u8]) -> io::Result<bool> {
        let Ok(mut file) = make(directory::above(path)) else { return Ok(false) };
        file.write_all(content)?;
        file.sync_all()?;
        match name(&file, path) {
            Err(Errno::EXIST) => Err(io::ErrorKind::AlreadyExists.into()),
            named => Ok(named.is_ok()),
        }
    }

    pub(super) fn make(directory: &Path) -> rustix::io::Result<File> {
        let flags = OFlags::TMPFILE | OFlags::WRONLY | OFlags::CLOEXEC;
        open(directory, flags, Mode::RUSR | Mode::WUSR).map(File::from)
    }

    /// As open(2) shows it under `O_TMPFILE`. A name that is taken stays what it is.
    pub(super) fn name(file: &File, path: &Path) -> rustix::io::Result<()> {
        let opened = format!("/proc/self/fd/{}", file.as_raw_fd());
        linkat(CWD, opened, CWD, path, AtFlags::SYMLINK_FOLLOW)
    }
}

#[cfg(not(target_os = "linux"))]
mod nameless {
    use std::io;
    use std::path::Path;

    pub(super) fn write(_path: &Path, _content: &[u8]) -> io::Result<bool> {
        Ok(false)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[cfg(target_os = "linux")]
    #[test]
    fn until_it_is_whole_it_has_no_name_and_then_no_other_ones() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("key.pem");
        let mut file = nameless::make(dir.path()).unwrap();
        file.write_all(b"half a sec").unwrap();
        assert_eq!(dir.path().read_dir().unwrap().count(), 0);
        file.write_all(b"ret").unwrap();
        nameless::name(&file, &path).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "half a secret");

        fs::write(&path, "mine").unwrap();
        assert_eq!(nameless::name(&file, &path), Err(rustix::io::Errno::EXIST));
        assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
        let other = dir.path().join("other.pem");
        assert!(nameless::write(&other, b"other").unwrap());
        assert_eq!(fs::read_to_string(&other).unwrap(), "other");
    }

    #[test]
    fn what_is_written_beside_its_name_takes_no_name_that_is_taken() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("key.pem");
        write_beside(&path, b"pem").unwrap();
        assert!(matches!(write_beside(&path, b"another"), Err(Error::Exists(_))));
        assert_eq!(fs::read_to_string(&path).unwrap(), "pem");
        assert_eq!(dir.path().read_dir().unwrap().count(), 1);
    }

    /// proc(5) has no files without a name, nor any that one could write.
    #[cfg(target_os = "linux")]
    #[test]
    fn where_there_are_no_files_without_a_name_it_says_so() {
        let path = Path::new("/proc/key.pem");
        assert!(!nameless::write(path, b"pem").unwrap());
        assert!(matches!(create(path, b"pem"), Err(Error::Failed { .. })));
    }
}
