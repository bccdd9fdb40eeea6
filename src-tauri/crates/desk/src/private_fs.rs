//! Directories and files that are this person's alone (mode 0700 and 0600 on Unix), never reached through a symbolic link.

use std::fs::{self, DirBuilder, File, Metadata};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::Error;

/// Why a directory or file is left alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unsafe {
    /// It belongs to another user.
    ForeignOwner,
    /// Something else than a directory lies in its place.
    NotADirectory,
    /// Something else than a plain file lies in its place.
    NotAFile,
    /// Its group or everybody can write to it.
    OthersCanWrite,
    /// It is a symbolic link.
    SymbolicLink,
}

impl Unsafe {
    /// The stable word, for the message.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ForeignOwner => "foreign-owner",
            Self::NotADirectory => "not-a-directory",
            Self::NotAFile => "not-a-file",
            Self::OthersCanWrite => "others-can-write",
            Self::SymbolicLink => "symbolic-link",
        }
    }
}

/// Makes a directory, or makes sure that an existing one is ours and that others cannot read it.
pub(crate) fn directory(path: &Path) -> Result<(), Error> {
    // With a slash or a dot behind it, the system would look through a link instead of at it.
    let path = &path.components().collect::<PathBuf>();
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_symlink() => Err(refusal(path, Unsafe::SymbolicLink)),
        Ok(found) if !found.is_dir() => Err(refusal(path, Unsafe::NotADirectory)),
        Ok(_) => keep_to_ourselves(path),
        Err(error) if error.kind() == io::ErrorKind::NotFound => make(path).map_err(at(path)),
        Err(error) => Err(at(path)(error)),
    }
}

/// Opens a file for reading and writing, or makes it empty. An existing one that others can read is narrowed.
pub(crate) fn file(path: &Path) -> Result<File, Error> {
    let Some(file) = existing_file(path)? else {
        let mut options = File::options();
        return private(options.read(true).write(true).create_new(true)).open(path).map_err(at(path));
    };
    Ok(file)
}

/// As [`file`], but makes none.
pub(crate) fn existing_file(path: &Path) -> Result<Option<File>, Error> {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_symlink() => return Err(refusal(path, Unsafe::SymbolicLink)),
        // Opening anything else, a pipe say, could wait for ever.
        Ok(found) if !found.is_file() => return Err(refusal(path, Unsafe::NotAFile)),
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(at(path)(error)),
    }
    let file = private(File::options().read(true).write(true)).open(path).map_err(at(path))?;
    let found = file.metadata().map_err(at(path))?;
    if !found.is_file() {
        return Err(refusal(path, Unsafe::NotAFile));
    }
    narrow(path, &file, &found)?;
    Ok(Some(file))
}

/// Writes a file whole or not at all, in place of one that may be there, and durably.
pub(crate) fn replace(path: &Path, content: &[u8]) -> Result<(), Error> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    // Whoever writes here owns the directory's lock: what lies under this name is left from a crash.
    let draft = path.with_file_name(name);
    let mut file = file(&draft)?;
    let written = file.set_len(0).and_then(|()| file.write_all(content)).and_then(|()| file.sync_all());
    let placed = written.and_then(|()| fs::rename(&draft, path));
    if let Err(error) = placed {
        drop(fs::remove_file(&draft));
        return Err(at(path)(error));
    }
    sync_directory_of(path)
}

/// A new name is durable only once its directory is synced (fsync(2)).
pub(crate) fn sync_directory_of(path: &Path) -> Result<(), Error> {
    let parent = path.parent().unwrap_or(path);
    if cfg!(unix) { File::open(parent).and_then(|directory| directory.sync_all()).map_err(at(parent)) } else { Ok(()) }
}

/// The error for a failure of the file system.
pub(crate) fn at(path: &Path) -> impl Fn(io::Error) -> Error {
    |source| match source.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Error::DiskFull,
        _ if is_link(&source) => refusal(path, Unsafe::SymbolicLink),
        _ => Error::DataDirUnwritable { path: path.to_owned(), source },
    }
}

fn refusal(path: &Path, problem: Unsafe) -> Error {
    Error::DataDirUnsafe { path: path.to_owned(), problem }
}

fn make(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(path)
}

/// Looks at the directory and changes it through one handle, so that nobody can put another in its place in between.
#[cfg(unix)]
fn keep_to_ourselves(path: &Path) -> Result<(), Error> {
    use std::os::unix::fs::OpenOptionsExt;
    let flags = rustix::fs::OFlags::DIRECTORY | rustix::fs::OFlags::NOFOLLOW;
    let directory = File::options().read(true).custom_flags(flags.bits().cast_signed()).open(path).map_err(at(path))?;
    let found = directory.metadata().map_err(at(path))?;
    narrow(path, &directory, &found)
}

#[cfg(not(unix))]
fn keep_to_ourselves(_: &Path) -> Result<(), Error> {
    Ok(())
}

#[cfg(unix)]
fn narrow(path: &Path, file: &File, found: &Metadata) -> Result<(), Error> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    if found.uid() != rustix::process::geteuid().as_raw() {
        return Err(refusal(path, Unsafe::ForeignOwner));
    }
    // What others could write may already be theirs; what they could only read holds no secret.
    if found.mode() & 0o022 != 0 {
        return Err(refusal(path, Unsafe::OthersCanWrite));
    }
    if found.mode() & 0o077 != 0 {
        file.set_permissions(fs::Permissions::from_mode(found.mode() & 0o700)).map_err(at(path))?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn narrow(_: &Path, _: &File, _: &Metadata) -> Result<(), Error> {
    Ok(())
}

#[cfg(unix)]
fn private(options: &mut fs::OpenOptions) -> &mut fs::OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;
    options.mode(0o600).custom_flags(rustix::fs::OFlags::NOFOLLOW.bits().cast_signed())
}

#[cfg(not(unix))]
fn private(options: &mut fs::OpenOptions) -> &mut fs::OpenOptions {
    options
}

#[cfg(unix)]
fn is_link(error: &io::Error) -> bool {
    error.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error())
}

#[cfg(not(unix))]
fn is_link(_: &io::Error) -> bool {
    false
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

    fn problem(error: &Error) -> Option<Unsafe> {
        match error {
            Error::DataDirUnsafe { problem, .. } => Some(*problem),
            _ => None,
        }
    }

    #[test]
    fn missing_directories_are_made_private_with_those_above() {
        let parent = tempfile::tempdir().unwrap();
        directory(&parent.path().join("a/b")).unwrap();
        assert_eq!(mode(&parent.path().join("a")), 0o700);
        assert_eq!(mode(&parent.path().join("a/b")), 0o700);
    }

    #[test]
    fn what_others_can_read_is_narrowed_and_what_they_can_write_is_refused() {
        for (before, accepted) in [(0o755, true), (0o700, true), (0o500, true), (0o775, false), (0o702, false)] {
            let dir = tempfile::tempdir().unwrap();
            let path = dir.path().join("desk");
            fs::create_dir(&path).unwrap();
            set_mode(&path, before);
            let refused = directory(&path).err();
            assert_eq!(refused.as_ref().and_then(problem), (!accepted).then_some(Unsafe::OthersCanWrite), "{before:o}");
            assert_eq!(mode(&path), if accepted { before & 0o700 } else { before });
        }
        for (before, accepted) in [(0o644, true), (0o600, true), (0o664, false), (0o602, false)] {
            let dir = tempfile::tempdir().unwrap();
            let path = dir.path().join("file");
            fs::write(&path, "kept").unwrap();
            set_mode(&path, before);
            let refused = file(&path).err();
            assert_eq!(refused.as_ref().and_then(problem), (!accepted).then_some(Unsafe::OthersCanWrite), "{before:o}");
            assert_eq!(mode(&path), if accepted { 0o600 } else { before });
            assert_eq!(fs::read(&path).unwrap(), b"kept");
        }
    }

    #[test]
    fn links_are_not_followed_however_they_are_written() {
        let parent = tempfile::tempdir().unwrap();
        let (real, link) = (parent.path().join("real"), parent.path().join("link"));
        fs::create_dir(&real).unwrap();
        symlink(&real, &link).unwrap();
        for path in [link.clone(), link.join(""), link.join("."), link.join("./")] {
            assert_eq!(problem(&directory(&path).unwrap_err()), Some(Unsafe::SymbolicLink), "{}", path.display());
        }
        let dangling = parent.path().join("dangling");
        symlink(parent.path().join("nothing"), &dangling).unwrap();
        for path in [&link, &dangling] {
            assert_eq!(problem(&file(path).unwrap_err()), Some(Unsafe::SymbolicLink));
            assert_eq!(problem(&directory(path).unwrap_err()), Some(Unsafe::SymbolicLink));
        }
        assert!(!parent.path().join("nothing").exists());
    }

    #[test]
    fn a_home_behind_a_link_is_fine() {
        let parent = tempfile::tempdir().unwrap();
        fs::create_dir(parent.path().join("real")).unwrap();
        symlink(parent.path().join("real"), parent.path().join("home")).unwrap();
        directory(&parent.path().join("home/desk")).unwrap();
    }

    #[test]
    fn what_is_neither_file_nor_directory_is_refused_at_once() {
        let parent = tempfile::tempdir().unwrap();
        let pipe = parent.path().join("pipe");
        rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, 0o600.into(), 0).unwrap();
        assert_eq!(problem(&file(&pipe).unwrap_err()), Some(Unsafe::NotAFile));
        assert_eq!(problem(&directory(&pipe).unwrap_err()), Some(Unsafe::NotADirectory));
        assert_eq!(problem(&file(parent.path()).unwrap_err()), Some(Unsafe::NotAFile));
    }

    #[test]
    fn what_belongs_to_another_user_is_refused() {
        if !rustix::process::geteuid().is_root() {
            println!("SKIPPED: only root can give a file to another user");
            return;
        }
        let parent = tempfile::tempdir().unwrap();
        let (dir, plain) = (parent.path().join("dir"), parent.path().join("file"));
        fs::create_dir(&dir).unwrap();
        fs::write(&plain, "").unwrap();
        for path in [&dir, &plain] {
            std::os::unix::fs::chown(path, Some(65_534), Some(65_534)).unwrap();
        }
        assert_eq!(problem(&directory(&dir).unwrap_err()), Some(Unsafe::ForeignOwner));
        assert_eq!(problem(&file(&plain).unwrap_err()), Some(Unsafe::ForeignOwner));
    }

    #[test]
    fn a_replaced_file_is_private_and_leaves_no_draft() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("file");
        fs::write(dir.path().join("file.new"), "left from a crash, and longer").unwrap();
        replace(&path, b"one").unwrap();
        replace(&path, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(mode(&path), 0o600);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }
}
