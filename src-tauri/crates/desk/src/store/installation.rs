//! What names this installation's keyring items. It also lies in a file of its own, so that a lost database can be rebuilt
//! from the keyring.

use private_files::DataDir;
use uuid::Uuid;

use crate::error::Error;

const FILE: &str = "installation";
/// A UUID with hyphens, and white space.
const MOST_BYTES: usize = 64;

/// The name in the file; `None` if there is no file, or something else in it.
pub(super) fn read(data: &DataDir) -> Result<Option<Uuid>, Error> {
    match private_files::read(&data.join(FILE), MOST_BYTES) {
        Ok(text) => Ok(text.and_then(|text| Uuid::try_parse_ascii(text.trim_ascii()).ok())),
        Err(private_files::Error::TooLarge(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

pub(super) fn write(data: &DataDir, installation: Uuid) -> Result<(), Error> {
    Ok(private_files::replace(&data.join(FILE), format!("{installation}\n").as_bytes())?)
}
