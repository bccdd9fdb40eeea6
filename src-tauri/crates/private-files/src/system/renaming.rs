use std::path::Path;
use std::{fs, io};

/// In two steps, where there is no way in one: another can take the name in between.
pub(crate) fn rename_if_free(from: &Path, to: &Path) -> io::Result<()> {
    match fs::symlink_metadata(to) {
        Ok(_) => Err(io::ErrorKind::AlreadyExists.into()),
        Err(_) => fs::rename(from, to),
    }
}
