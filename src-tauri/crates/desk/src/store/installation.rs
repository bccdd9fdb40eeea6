//! What names this installation's keyring items. It also lies in a file of its own, so that a lost database can be rebuilt
//! from the keyring.

use std::io::Read;

use uuid::Uuid;

use crate::data_dir::DataDir;
use crate::error::Error;
use crate::private_fs;

const FILE: &str = "installation";
/// A UUID with hyphens.
const LENGTH: u64 = 36;

/// The name in the file; `None` if there is no file, or something else in it.
pub(super) fn read(data: &DataDir) -> Result<Option<Uuid>, Error> {
    let path = data.join(FILE);
    let Some(file) = private_fs::existing_file(&path)? else { return Ok(None) };
    let mut text = Vec::new();
    file.take(LENGTH + 1).read_to_end(&mut text).map_err(private_fs::at(&path))?;
    Ok(Uuid::try_parse_ascii(text.trim_ascii()).ok())
}

pub(super) fn write(data: &DataDir, installation: Uuid) -> Result<(), Error> {
    private_fs::replace(&data.join(FILE), format!("{installation}\n").as_bytes())
}
