//! From the keyring into the file and back, with a keyring that fails at every single call in turn.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

use std::any::Any;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard};

use keyring_core::api::{Credential, CredentialApi, CredentialStoreApi};
use keyring_core::{CredentialStore, Entry, Error as Keyring};
use tempfile::TempDir;
use uuid::Uuid;
use vault::{Error, Item, ItemKind, Place, SERVICE, Secret, Vault};

#[test]
fn everything_moves_into_the_file_and_back() {
    let profile = TempDir::new().unwrap();
    let keyring = Memory::default();
    let vault = keyring.vault(profile.path());
    let items = keep_five(&vault);
    let installation = items[0].installation;
    let theirs = Item { installation: Uuid::from_u128(99), ..items[0] };
    vault.keep(&theirs, "", &secret("theirs")).unwrap();
    let unknown = format!("{installation}/kind-of-tomorrow/{installation}");
    keyring.put(&unknown, b"tomorrow");
    assert_eq!(keyring.len(), 7);

    let clone = vault.clone();
    assert_eq!(vault.move_to_file(installation, &passphrase()), Ok(6));
    assert_eq!(clone.place(), Place::File);
    assert_eq!(keyring.names(), [theirs.to_string()]);
    assert_all_five(&clone, &items);

    let restarted = keyring.vault(profile.path());
    assert_eq!(restarted.place(), Place::File);
    restarted.open_file(&passphrase()).unwrap();
    assert_all_five(&restarted, &items);
    restarted.forget(&items[4]).unwrap();
    restarted.keep(&items[4], "", &secret("secret 4")).unwrap();

    assert_eq!(restarted.move_to_keyring(installation), Ok(6));
    assert_eq!(restarted.place(), Place::Keyring);
    assert_eq!(keyring.len(), 7);
    assert_eq!(keyring.get(&unknown), Some(b"tomorrow".to_vec()));
    assert_all_five(&restarted, &items);
    assert_eq!(names_in(profile.path()), [""; 0]);
    assert_eq!(restarted.move_to_keyring(installation), Ok(0));
}

#[test]
fn a_keyring_that_fails_at_any_call_of_a_move_into_the_file_costs_nothing() {
    let mut failures = 0;
    for call in 0.. {
        let profile = TempDir::new().unwrap();
        let keyring = Memory::default();
        let vault = keyring.vault(profile.path());
        let items = keep_five(&vault);
        let installation = items[0].installation;

        keyring.fail_from(call);
        let moved = vault.move_to_file(installation, &passphrase());
        keyring.fail_never();
        let restarted = keyring.vault(profile.path());
        assert_eq!(restarted.place(), vault.place());
        if restarted.place() == Place::File {
            restarted.open_file(&passphrase()).unwrap();
        } else {
            assert_eq!(names_in(profile.path()), [""; 0]);
        }
        assert_all_five(&restarted, &items);
        if moved.is_ok() {
            assert_eq!(keyring.len(), 0);
            break;
        }
        assert_eq!(moved, Err(Error::Locked));
        failures += 1;
        // With another passphrase nothing is finished.
        if restarted.place() == Place::File {
            assert_eq!(restarted.move_to_file(installation, &secret("another one")), Err(Error::PassphraseWrong));
        }
        let changed = &items[0];
        restarted.keep(changed, "", &secret("secret 0")).unwrap();
        restarted.move_to_file(installation, &passphrase()).unwrap();
        assert_eq!(restarted.place(), Place::File);
        assert_eq!(keyring.len(), 0);
        assert_all_five(&restarted, &items);
    }
    // A search, and for each of five items a reading and a removal.
    assert!(failures >= 11, "{failures}");
}

#[test]
fn a_keyring_that_fails_at_any_call_of_a_move_out_of_the_file_costs_nothing() {
    let mut failures = 0;
    for call in 0.. {
        let profile = TempDir::new().unwrap();
        let keyring = Memory::default();
        let vault = keyring.vault(profile.path());
        let items = keep_five(&vault);
        let installation = items[0].installation;
        vault.move_to_file(installation, &passphrase()).unwrap();

        keyring.fail_from(call);
        let moved = vault.move_to_keyring(installation);
        keyring.fail_never();
        if moved.is_ok() {
            assert_all_five(&keyring.vault(profile.path()), &items);
            break;
        }
        assert_eq!(moved, Err(Error::Locked));
        failures += 1;
        assert_eq!(vault.place(), Place::File);
        let restarted = keyring.vault(profile.path());
        restarted.open_file(&passphrase()).unwrap();
        assert_all_five(&restarted, &items);
        assert_eq!(restarted.move_to_keyring(installation), Ok(5));
        assert_all_five(&restarted, &items);
        assert_eq!(names_in(profile.path()), [""; 0]);
    }
    // A search, and for each of five items a writing and a reading back.
    assert!(failures >= 11, "{failures}");
}

#[test]
fn what_the_file_has_since_counts_more_than_a_copy_left_in_the_keyring() {
    let profile = TempDir::new().unwrap();
    let keyring = Memory::default();
    let vault = keyring.vault(profile.path());
    let items = keep_five(&vault);
    let installation = items[0].installation;
    // Fails at the first removal: all copies are left.
    keyring.fail_from(6);
    assert_eq!(vault.move_to_file(installation, &passphrase()), Err(Error::Locked));
    keyring.fail_never();
    assert_eq!(keyring.len(), 5);
    vault.keep(&items[0], "", &secret("newer")).unwrap();
    assert_eq!(vault.move_to_file(installation, &passphrase()), Ok(5));
    assert_eq!(vault.fetch(&items[0]).unwrap().unwrap().expose_str(), Some("newer"));
    assert_eq!(keyring.len(), 0);
}

#[test]
fn a_missing_keyring_has_nothing_to_move_and_cannot_be_moved_to() {
    let profile = TempDir::new().unwrap();
    let vault = Vault::over(|| Err(Error::Missing)).with_file(profile.path().join("secrets.age")).with_work_factor(2);
    assert_eq!(vault.move_to_file(Uuid::nil(), &passphrase()), Ok(0));
    assert_eq!(vault.move_to_keyring(Uuid::nil()), Err(Error::Missing));
    assert_eq!(vault.place(), Place::File);
}

#[test]
fn what_is_kept_while_everything_moves_is_kept_in_the_new_place() {
    let profile = TempDir::new().unwrap();
    let keyring = Memory::default();
    let vault = keyring.vault(profile.path());
    let installation = keep_five(&vault)[0].installation;
    let others: Vec<_> =
        (100..140).map(|id| Item { installation, kind: ItemKind::PrivateKey, id: Uuid::from_u128(id) }).collect();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for item in &others {
                vault.keep(item, "", &secret("while moving")).unwrap();
            }
        });
        for _ in 0..2 {
            vault.move_to_file(installation, &passphrase()).unwrap();
            vault.move_to_keyring(installation).unwrap();
        }
    });
    for item in &others {
        assert!(vault.fetch(item).unwrap().is_some(), "{item}");
    }
}

fn keep_five(vault: &Vault) -> Vec<Item> {
    let items: Vec<_> = (0..5)
        .map(|id| Item { installation: Uuid::from_u128(1), kind: ItemKind::HmacSecret, id: Uuid::from_u128(id) })
        .collect();
    for (number, item) in items.iter().enumerate() {
        vault.keep(item, "", &secret(&format!("secret {number}"))).unwrap();
    }
    items
}

fn assert_all_five(vault: &Vault, items: &[Item]) {
    for (number, item) in items.iter().enumerate() {
        let found = vault.fetch(item).unwrap().unwrap_or_else(|| panic!("{number} is lost"));
        assert_eq!(found.expose_str(), Some(&*format!("secret {number}")));
    }
    assert_eq!(vault.items(items[0].installation).unwrap().len(), items.len());
}

fn names_in(directory: &Path) -> Vec<String> {
    std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

fn passphrase() -> Secret {
    secret("correct horse battery")
}

fn secret(text: &str) -> Secret {
    Secret::from(text.to_owned())
}

/// A keyring in memory that can be searched, and from some call on says that it is locked.
#[derive(Clone, Default)]
struct Memory(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    secrets: BTreeMap<String, Vec<u8>>,
    calls_until_locked: Option<usize>,
}

impl Memory {
    fn vault(&self, profile: &Path) -> Vault {
        let store = self.clone();
        Vault::over(move || Ok(Arc::new(store.clone()) as Arc<CredentialStore>))
            .with_file(profile.join("secrets.age"))
            .with_work_factor(2)
    }

    fn fail_from(&self, call: usize) {
        self.state().calls_until_locked = Some(call);
    }

    fn fail_never(&self) {
        self.state().calls_until_locked = None;
    }

    fn len(&self) -> usize {
        self.state().secrets.len()
    }

    fn names(&self) -> Vec<String> {
        self.state().secrets.keys().cloned().collect()
    }

    fn put(&self, name: &str, secret: &[u8]) {
        self.state().secrets.insert(name.to_owned(), secret.to_vec());
    }

    fn get(&self, name: &str) -> Option<Vec<u8>> {
        self.state().secrets.get(name).cloned()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    fn call(&self) -> keyring_core::Result<MutexGuard<'_, State>> {
        let mut state = self.state();
        match &mut state.calls_until_locked {
            Some(0) => return Err(Keyring::NoStorageAccess("locked".into())),
            Some(left) => *left -= 1,
            None => {}
        }
        Ok(state)
    }
}

impl CredentialStoreApi for Memory {
    fn vendor(&self) -> String {
        "memory".to_owned()
    }

    fn id(&self) -> String {
        "memory".to_owned()
    }

    fn build(&self, _: &str, user: &str, _: Option<&HashMap<&str, &str>>) -> keyring_core::Result<Entry> {
        Ok(Entry::new_with_credential(Arc::new(Line { memory: self.clone(), user: user.to_owned() })))
    }

    fn search(&self, spec: &HashMap<&str, &str>) -> keyring_core::Result<Vec<Entry>> {
        assert_eq!(spec["service"], SERVICE);
        let users: Vec<_> = self.call()?.secrets.keys().cloned().collect();
        Ok(users
            .into_iter()
            .map(|user| Entry::new_with_credential(Arc::new(Line { memory: self.clone(), user })))
            .collect())
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

struct Line {
    memory: Memory,
    user: String,
}

impl CredentialApi for Line {
    fn set_secret(&self, secret: &[u8]) -> keyring_core::Result<()> {
        self.memory.call()?.secrets.insert(self.user.clone(), secret.to_vec());
        Ok(())
    }

    fn get_secret(&self) -> keyring_core::Result<Vec<u8>> {
        self.memory.call()?.secrets.get(&self.user).cloned().ok_or(Keyring::NoEntry)
    }

    fn delete_credential(&self) -> keyring_core::Result<()> {
        self.memory.call()?.secrets.remove(&self.user).map(drop).ok_or(Keyring::NoEntry)
    }

    fn get_credential(&self) -> keyring_core::Result<Option<Arc<Credential>>> {
        Ok(None)
    }

    fn get_specifiers(&self) -> Option<(String, String)> {
        Some((SERVICE.to_owned(), self.user.clone()))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
