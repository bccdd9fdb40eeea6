//! The key under which secrets lie in the database.

use std::fmt;
use std::path::Path;

use private_files::DataDir;
use zeroize::Zeroizing;

use crate::error::Error;
use crate::storage::{data_dir, random};

/// Of a key in its file, in base 16.
const DIGITS: usize = 64;

/// The key under which secrets lie in the database: in the app it lives in the keyring,
/// stand-alone in `state.key` beside the database.
pub struct StateKey(Zeroizing<[u8; 32]>);

impl StateKey {
    /// The file of the stand-alone service.
    pub const FILE: &str = "state.key";

    /// A new random key.
    pub fn generate() -> Self {
        Self(random::bytes())
    }

    /// A key that was kept elsewhere.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The key kept in `state.key` (mode 0600) of a data directory; made there if the directory
    /// has neither key nor database. A database without its key is refused: a new key would
    /// not open it.
    pub fn open_or_create(data: &Path) -> Result<Self, Error> {
        DataDir::prepare(data)?;
        let path = data.join(Self::FILE);
        if let Some(key) = read(&path)? {
            return Ok(key);
        }
        if data.join(data_dir::DATABASE).exists() {
            return Err(Error::StateKeyWrong);
        }
        let key = Self::generate();
        match write(&path, &key) {
            // Another process starting in the same moment was first: its key counts.
            Err(private_files::Error::Exists(_)) => {}
            written => written?,
        }
        read(&path)?.ok_or(Error::StateKeyWrong)
    }

    /// The raw key, for the keyring.
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for StateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StateKey([redacted])")
    }
}

fn read(path: &Path) -> Result<Option<StateKey>, Error> {
    let text = match private_files::read(path, DIGITS + 1) {
        Err(private_files::Error::TooLarge(_)) => return Err(Error::StateKeyWrong),
        text => text?,
    };
    let Some(text) = text else { return Ok(None) };
    let digits = text.strip_suffix(b"\n").unwrap_or(&text);
    let mut bytes = Zeroizing::new([0; 32]);
    if digits.len() != DIGITS {
        return Err(Error::StateKeyWrong);
    }
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let value = |digit: u8| char::from(digit).to_digit(16);
        let (Some(high), Some(low)) = (value(pair[0]), value(pair[1])) else {
            return Err(Error::StateKeyWrong);
        };
        *byte = u8::try_from(high << 4 | low).map_err(|_| Error::StateKeyWrong)?;
    }
    Ok(Some(StateKey(bytes)))
}

fn write(path: &Path, key: &StateKey) -> Result<(), private_files::Error> {
    let mut text = Zeroizing::new(String::with_capacity(DIGITS + 1));
    text.extend(
        key.0
            .iter()
            .flat_map(|byte| [byte >> 4, byte & 15].map(|digit| char::from(b"0123456789abcdef"[usize::from(digit)]))),
    );
    text.push('\n');
    private_files::create(path, text.as_bytes())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_key_file_is_made_once_and_read_again() {
        let data = tempfile::tempdir().unwrap();
        let first = StateKey::open_or_create(data.path()).unwrap();
        let second = StateKey::open_or_create(data.path()).unwrap();
        assert_eq!(first.expose(), second.expose());
        assert_eq!(fs::read_dir(data.path()).unwrap().count(), 1, "no draft is left");
    }

    #[test]
    fn a_database_without_its_key_is_refused() {
        let data = tempfile::tempdir().unwrap();
        fs::write(data.path().join(data_dir::DATABASE), "").unwrap();
        let error = StateKey::open_or_create(data.path()).unwrap_err();
        assert_eq!(error.code(), "practice-state-key-wrong");
    }

    #[test]
    fn a_spoilt_key_file_is_refused_and_not_printed() {
        for spoilt in ["", "abc\n", &"g".repeat(64), &"a".repeat(65), &"é".repeat(32)] {
            let data = tempfile::tempdir().unwrap();
            fs::write(data.path().join(StateKey::FILE), spoilt).unwrap();
            let error = StateKey::open_or_create(data.path()).unwrap_err();
            assert_eq!(error.to_string(), "the state key does not fit the practice database");
        }
        assert_eq!(format!("{:?}", StateKey::generate()), "StateKey([redacted])");
    }
}
