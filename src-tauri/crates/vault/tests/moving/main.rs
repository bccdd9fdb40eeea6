//! From the keyring into the file and back, with a keyring that fails at every single call in turn.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

mod copies;
mod memory;

use memory::Memory;
use tempfile::TempDir;
use uuid::Uuid;
use vault::{Error, Item, ItemKind, Place, Secret, Vault};

#[test]
fn everything_moves_into_the_file_and_back() {
    let profile = Profile::with_five();
    let (keyring, vault) = (&profile.keyring, &profile.vault);
    let theirs = Item { installation: Uuid::from_u128(99), ..item(0) };
    vault.keep(&theirs, "", &secret("theirs")).unwrap();
    let unknown = format!("{INSTALLATION}/kind-of-tomorrow/{INSTALLATION}");
    keyring.put(&unknown, b"tomorrow");
    assert_eq!(keyring.names().len(), 7);

    let clone = vault.clone();
    assert_eq!(vault.move_to_file(INSTALLATION, &passphrase()), Ok(6));
    assert_eq!(clone.place(), Place::File);
    assert_eq!(keyring.names(), [theirs.to_string()]);
    assert_all_five(&clone);

    let restarted = profile.restart();
    assert_eq!(restarted.place(), Place::File);
    assert_all_five(&restarted);
    restarted.forget(&item(4)).unwrap();
    restarted.keep(&item(4), "", &secret("secret 4")).unwrap();

    assert_eq!(restarted.move_to_keyring(INSTALLATION), Ok(6));
    assert_eq!(restarted.place(), Place::Keyring);
    assert_eq!(keyring.names().len(), 7);
    assert_eq!(keyring.get(&unknown), Some(b"tomorrow".to_vec()));
    assert_all_five(&restarted);
    assert_eq!(profile.files(), [""; 0]);
    assert_eq!(restarted.move_to_keyring(INSTALLATION), Ok(0));
}

#[test]
fn a_keyring_that_fails_at_any_call_of_a_move_into_the_file_costs_nothing() {
    let (mut not_moved, mut left_copies) = (0, 0);
    for call in 0.. {
        let profile = Profile::with_five();
        profile.keyring.fail_from(call);
        let moved = profile.vault.move_to_file(INSTALLATION, &passphrase());
        let failed = profile.keyring.fail_never();
        let restarted = profile.restart();
        assert_eq!(restarted.place(), profile.vault.place());
        assert_all_five(&restarted);
        if !failed {
            assert_eq!((moved, profile.keyring.names().len()), (Ok(5), 0));
            assert!(!restarted.has_copies_in_keyring());
            break;
        }
        if restarted.place() == Place::Keyring {
            assert_eq!(moved, Err(Error::Locked));
            assert_eq!(profile.files(), [""; 0]);
            not_moved += 1;
            continue;
        }
        assert_eq!(moved, Ok(5));
        assert!(profile.vault.has_copies_in_keyring() && restarted.has_copies_in_keyring());
        left_copies += 1;
        restarted.finish_move(INSTALLATION).unwrap();
        assert_is_finished(&profile, &restarted);
    }
    // A search and five readings; then a search, and for each of five items a reading and a removal.
    assert!(not_moved >= 6 && left_copies >= 11, "{not_moved}, {left_copies}");
}

#[test]
fn a_keyring_that_fails_at_any_call_of_a_move_out_of_the_file_costs_nothing() {
    let mut failures = 0;
    for call in 0.. {
        let profile = Profile::with_five();
        profile.vault.move_to_file(INSTALLATION, &passphrase()).unwrap();

        profile.keyring.fail_from(call);
        let moved = profile.vault.move_to_keyring(INSTALLATION);
        profile.keyring.fail_never();
        let restarted = profile.restart();
        assert_all_five(&restarted);
        if moved.is_ok() {
            break;
        }
        assert_eq!(moved, Err(Error::Locked));
        failures += 1;
        assert_eq!(profile.vault.place(), Place::File);
        // Either of the two: to stay in the file for good, or to move after all.
        if failures % 2 == 0 {
            restarted.finish_move(INSTALLATION).unwrap();
            assert_is_finished(&profile, &restarted);
        }
        assert_eq!(restarted.move_to_keyring(INSTALLATION), Ok(5));
        assert_all_five(&restarted);
        assert_eq!(profile.files(), [""; 0]);
    }
    // A search, and for each of five items a writing and a reading back.
    assert!(failures >= 11, "{failures}");
}

#[test]
fn a_file_that_is_begun_beside_a_locked_keyring_leaves_everything_in_it() {
    let profile = Profile::with_five();
    let before: Vec<_> = (0..5).map(|id| profile.keyring.get(&item(id).to_string())).collect();
    profile.keyring.fail_from(0);
    profile.vault.begin_file(&passphrase()).unwrap();
    assert!(!profile.keyring.fail_never(), "it is not asked");
    assert_eq!(profile.vault.place(), Place::File);
    assert_eq!(profile.vault.items(INSTALLATION), Ok(Vec::new()));
    profile.vault.keep(&item(7), "", &secret("secret 7")).unwrap();
    let exists = Error::FileFailed { doing: "made", kind: std::io::ErrorKind::AlreadyExists };
    assert_eq!(profile.vault.begin_file(&passphrase()), Err(exists));

    let restarted = profile.restart();
    restarted.finish_move(INSTALLATION).unwrap();
    assert_eq!(restarted.move_to_keyring(INSTALLATION), Ok(1));
    let after: Vec<_> = (0..5).map(|id| profile.keyring.get(&item(id).to_string())).collect();
    assert_eq!(after, before);
    assert_eq!(restarted.fetch(&item(7)).unwrap().unwrap().expose_str(), Some("secret 7"));
}

#[test]
fn moving_into_a_file_that_is_the_place_already_takes_its_passphrase() {
    let profile = Profile::with_five();
    profile.vault.move_to_file(INSTALLATION, &passphrase()).unwrap();
    assert_eq!(profile.vault.move_to_file(INSTALLATION, &secret("another one")), Err(Error::PassphraseWrong));
    assert_eq!(profile.vault.move_to_file(INSTALLATION, &passphrase()), Ok(0));
    assert_all_five(&profile.restart());
}

#[test]
fn a_missing_keyring_is_neither_left_nor_moved_to_unless_somebody_knows_that_it_has_nothing() {
    let profile = Profile::with_five();
    profile.keyring.leave();
    assert_eq!(profile.vault.move_to_file(INSTALLATION, &passphrase()), Err(Error::Missing));
    assert_eq!(profile.files(), [""; 0]);
    profile.keyring.come_back();
    assert_all_five(&profile.restart());

    let directory = TempDir::new().unwrap();
    let vault = Vault::over(|| Err(Error::Missing)).with_file(directory.path().join("secrets.age")).with_work_factor(2);
    vault.begin_file(&passphrase()).unwrap();
    assert_eq!(vault.move_to_keyring(INSTALLATION), Err(Error::Missing));
    assert_eq!(vault.place(), Place::File);
}

#[test]
fn what_is_kept_while_everything_moves_is_kept_in_the_new_place() {
    let profile = Profile::with_five();
    let vault = &profile.vault;
    let others: Vec<_> = (100..140).map(item).collect();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for item in &others {
                vault.keep(item, "", &secret("while moving")).unwrap();
            }
        });
        for _ in 0..2 {
            vault.move_to_file(INSTALLATION, &passphrase()).unwrap();
            vault.move_to_keyring(INSTALLATION).unwrap();
        }
    });
    for item in &others {
        assert!(vault.fetch(item).unwrap().is_some(), "{item}");
    }
}

const INSTALLATION: Uuid = Uuid::from_u128(1);

/// A directory for the file, and a keyring with five secrets in it.
struct Profile {
    directory: TempDir,
    keyring: Memory,
    vault: Vault,
}

impl Profile {
    fn with_five() -> Self {
        let (directory, keyring) = (TempDir::new().unwrap(), Memory::default());
        let vault = keyring.vault(directory.path());
        for id in 0..5 {
            vault.keep(&item(id), "", &secret(&format!("secret {id}"))).unwrap();
        }
        Self { directory, keyring, vault }
    }

    /// Moved into the file by a process that was killed just then.
    fn with_copies_left() -> Self {
        let profile = Self::with_five();
        // A search and five readings; fails at whatever comes after the file has its name.
        profile.keyring.fail_from(6);
        assert_eq!(profile.vault.move_to_file(INSTALLATION, &passphrase()), Ok(5));
        profile.keyring.fail_never();
        assert_eq!((profile.keyring.names().len(), profile.vault.place()), (5, Place::File));
        profile
    }

    /// As after the next start of the app, the passphrase entered if there is a file.
    fn restart(&self) -> Vault {
        let vault = self.keyring.vault(self.directory.path());
        if vault.place() == Place::File {
            vault.open_file(&passphrase()).unwrap();
        }
        vault
    }

    fn files(&self) -> Vec<String> {
        let mut names: Vec<_> = std::fs::read_dir(self.directory.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

fn assert_is_finished(profile: &Profile, vault: &Vault) {
    assert_all_five(vault);
    assert_eq!(profile.keyring.names(), [""; 0]);
    assert_eq!(profile.files(), ["secrets.age", "secrets.key.age"]);
    assert!(!vault.has_copies_in_keyring());
}

fn assert_all_five(vault: &Vault) {
    for id in 0..5 {
        let found = vault.fetch(&item(id)).unwrap().unwrap_or_else(|| panic!("{id} is lost"));
        assert_eq!(found.expose_str(), Some(&*format!("secret {id}")));
    }
    assert_eq!(vault.items(INSTALLATION).unwrap().len(), 5);
}

fn item(id: u128) -> Item {
    Item { installation: INSTALLATION, kind: ItemKind::HmacSecret, id: Uuid::from_u128(id) }
}

fn passphrase() -> Secret {
    secret("correct horse battery")
}

fn secret(text: &str) -> Secret {
    Secret::from(text.to_owned())
}
