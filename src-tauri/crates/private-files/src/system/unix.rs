use std::fs::{DirBuilder, File, Metadata, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

use rustix::fs::OFlags;

use crate::error::Unsafe;
use crate::system::renaming::rename_if_free;

/// What a file, and what a directory may at most allow: its owner to use it.
const FILE: u32 = 0o600;
const DIRECTORY: u32 = 0o700;

/// Opens a file. Not through a link, without waiting for the other end of a pipe, and without becoming its terminal's.
pub(crate) fn open(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
    options.mode(FILE).custom_flags(flags(OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY)).open(path)
}

/// Opens a directory, not through a link.
pub(crate) fn open_directory(path: &Path) -> io::Result<Option<File>> {
    let directory = flags(OFlags::NOFOLLOW | OFlags::DIRECTORY);
    File::options().read(true).custom_flags(directory).open(path).map(Some)
}

/// Makes one directory.
pub(crate) fn make_directory(path: &Path) -> io::Result<()> {
    DirBuilder::new().mode(DIRECTORY).create(path)
}

/// Whether another user owns it. What root may use is not for that reason root's.
pub(crate) fn is_foreign(found: &Metadata) -> bool {
    found.uid() != rustix::process::geteuid().as_raw()
}

/// Whose it is, and who could have written it.
pub(crate) fn problem(found: &Metadata) -> Option<Unsafe> {
    if is_foreign(found) {
        return Some(Unsafe::ForeignOwner);
    }
    (found.mode() & 0o022 != 0).then_some(Unsafe::OthersCanWrite)
}

/// Whether its mode allows more than its owner's reading and writing.
pub(crate) fn is_wide(found: &Metadata) -> bool {
    found.mode() & 0o777 & !FILE != 0
}

/// Takes from others what they may do with it, and gives its owner nothing new.
pub(crate) fn narrow(file: &File, found: &Metadata) -> io::Result<()> {
    let most = if found.is_dir() { DIRECTORY } else { FILE };
    if found.mode() & 0o777 & !most == 0 {
        return Ok(());
    }
    file.set_permissions(Permissions::from_mode(found.mode() & most))
}

/// Renames to a name that nothing has.
pub(crate) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    #[cfg(any(target_os = "linux", target_os = "macos"))]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        use rustix::io::Errno;
        match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
            // File systems of networks may not have it.
            Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => {}
            renamed => return Ok(renamed?),
        }
    }
    rename_if_free(from, to)
}

/// A new, changed or removed name is on the disk only once its directory is (fsync(2)).
pub(crate) fn sync_directory(path: &Path) -> io::Result<()> {
    File::options().read(true).custom_flags(flags(OFlags::DIRECTORY)).open(path)?.sync_all()
}

fn flags(flags: OFlags) -> i32 {
    flags.bits().cast_signed()
}
