//! The vault over a secrets file.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

mod crash;
mod damage;
mod keeping;
mod room;
mod safety;

use std::path::{Path, PathBuf};
use std::{fs, io};

use tempfile::TempDir;
use uuid::Uuid;
use vault::{Error, Item, ItemKind, Secret, Vault};

const PASSPHRASE: &str = "correct horse battery";

/// A directory of the person's with a secrets file in it.
struct Profile(TempDir);

impl Profile {
    /// Without a file.
    fn empty() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn with_file() -> Self {
        let profile = Self::empty();
        assert_eq!(profile.vault().begin_file(&passphrase()), Ok(()));
        profile
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn file(&self) -> PathBuf {
        self.path().join("secrets.age")
    }

    fn key_file(&self) -> PathBuf {
        self.path().join("secrets.key.age")
    }

    /// As after a start of the app.
    fn vault(&self) -> Vault {
        vault_at(&self.file())
    }

    fn open_vault(&self) -> Vault {
        let vault = self.vault();
        vault.open_file(&passphrase()).unwrap();
        vault
    }

    fn names(&self) -> Vec<String> {
        let mut names: Vec<_> =
            fs::read_dir(self.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

/// There is no keyring, and a passphrase costs next to nothing.
fn vault_at(file: &Path) -> Vault {
    Vault::over(|| Err(Error::Missing)).with_file(file.to_owned()).with_work_factor(2)
}

fn passphrase() -> Secret {
    secret(PASSPHRASE)
}

fn secret(text: &str) -> Secret {
    Secret::from(text.to_owned())
}

fn item(kind: ItemKind) -> Item {
    Item { installation: Uuid::new_v4(), kind, id: Uuid::new_v4() }
}

fn not_found(doing: &'static str) -> Error {
    Error::FileFailed { doing, kind: io::ErrorKind::NotFound }
}
