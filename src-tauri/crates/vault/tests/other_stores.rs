//! The vault over stores that misbehave in ways a real keyring cannot be made to.
#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

use std::any::Any;
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use keyring_core::api::{Credential, CredentialApi, CredentialStoreApi};
use keyring_core::{CredentialStore, Entry, Error as Keyring, mock};
use uuid::Uuid;
use vault::{Error, Item, ItemKind, Listed, Secret, Vault};

const CANARY: &str = "canary-3d9a";

#[test]
fn a_store_without_labels_will_do() {
    let vault = Vault::over({
        let store = mock::Store::new().unwrap();
        move || Ok(store.clone())
    });
    let item = item();
    assert_eq!(keep(&vault, &item), Ok(()));
    let found = vault.fetch(&item).unwrap().unwrap();
    assert_eq!(found.expose_str(), Some(CANARY));
    assert_eq!(vault.forget(&item), Ok(true));
    assert_eq!(vault.forget(&item), Ok(false));
}

#[test]
fn a_secret_that_comes_back_changed_is_not_kept_and_not_left_behind() {
    // As a KDE Wallet did with bytes above 127 (keyring-rs issue 284).
    let store = Scripted::new(|secret| Some(String::from_utf8_lossy(secret).into_owned().into()));
    let vault = store.vault();
    let item = item();
    let kept = vault.keep(&item, "Token Desk: key", &Secret::new(vec![0x30, 0x82, 0xff]));
    assert_eq!(kept, Err(Error::NotKept));
    assert!(vault.fetch(&item).unwrap().is_none());
}

#[test]
fn a_secret_that_is_gone_at_once_is_not_kept() {
    let store = Scripted::new(|_| None);
    assert_eq!(keep(&store.vault(), &item()), Err(Error::NotKept));
}

#[test]
fn a_longer_or_shorter_answer_is_not_the_secret() {
    let shorter = Scripted::new(|secret| Some(secret[1..].to_vec()));
    assert_eq!(keep(&shorter.vault(), &item()), Err(Error::NotKept));
    let longer = Scripted::new(|secret| Some([secret, b"\0"].concat()));
    assert_eq!(keep(&longer.vault(), &item()), Err(Error::NotKept));
}

#[test]
fn a_store_that_can_search_lists_what_is_kept_and_not_what_was_only_asked_for() {
    let vault = Vault::over({
        let store = mock::Store::new().unwrap();
        move || Ok(store.clone())
    });
    let kept = item();
    assert_eq!(keep(&vault, &kept), Ok(()));
    let asked_for = Item { id: Uuid::new_v4(), ..kept };
    assert!(vault.fetch(&asked_for).unwrap().is_none());
    assert_eq!(keep(&vault, &item()), Ok(()));
    let listed = vault.items(kept.installation).unwrap();
    assert_eq!(listed, [Listed { item: kept, label: String::new() }]);
}

#[test]
fn a_store_that_cannot_search_says_that_it_failed() {
    let store = Scripted::new(|secret| Some(secret.to_vec()));
    let error = store.vault().items(Uuid::new_v4()).unwrap_err();
    assert_eq!(error.code(), "keyring-failed");
}

#[test]
fn the_connection_is_made_at_the_first_call_and_kept() {
    let connections = Arc::new(AtomicUsize::new(0));
    let vault = Vault::over({
        let connections = connections.clone();
        let store = mock::Store::new().unwrap();
        move || {
            connections.fetch_add(1, Ordering::SeqCst);
            Ok(store.clone())
        }
    });
    assert_eq!(connections.load(Ordering::SeqCst), 0);
    let clone = vault.clone();
    for vault in [&vault, &clone, &vault] {
        assert!(vault.fetch(&item()).unwrap().is_none());
    }
    assert_eq!(connections.load(Ordering::SeqCst), 1);
}

#[test]
fn a_failed_connection_is_tried_again_at_the_next_call() {
    let attempts = AtomicUsize::new(0);
    let store = mock::Store::new().unwrap();
    let vault = Vault::over(move || match attempts.fetch_add(1, Ordering::SeqCst) {
        0 => Err(Error::Missing),
        1 => Err(Error::Locked),
        _ => Ok(store.clone()),
    });
    let item = item();
    assert_eq!(vault.fetch(&item).unwrap_err(), Error::Missing);
    assert_eq!(vault.fetch(&item).unwrap_err(), Error::Locked);
    assert!(vault.fetch(&item).unwrap().is_none());
}

#[test]
fn work_over_a_connection_gone_bad_is_repeated_once_over_a_new_one() {
    let store = Scripted::new(|secret| Some(secret.to_vec()));
    let vault = store.vault();
    let item = item();
    assert_eq!(keep(&vault, &item), Ok(()));
    assert_eq!(store.connections(), 1);

    store.fail_next([lost()]);
    assert!(vault.fetch(&item).unwrap().is_some());
    assert_eq!(store.connections(), 2);

    store.fail_next([lost(), lost()]);
    assert_eq!(vault.fetch(&item).unwrap_err().code(), "keyring-failed");
    assert_eq!(store.connections(), 3);

    assert!(vault.fetch(&item).unwrap().is_some());
    assert_eq!(store.connections(), 4);
}

#[test]
fn a_refusal_is_not_repeated() {
    let store = Scripted::new(|secret| Some(secret.to_vec()));
    let vault = store.vault();
    let item = item();
    assert_eq!(keep(&vault, &item), Ok(()));
    store.fail_next([Keyring::NoStorageAccess("locked".into())]);
    assert_eq!(vault.fetch(&item).unwrap_err(), Error::Locked);
    assert_eq!(store.connections(), 1);
}

#[test]
fn two_items_of_one_name_are_an_error_and_no_choice() {
    let store = Scripted::new(|secret| Some(secret.to_vec()));
    store.fail_next([Keyring::Ambiguous(Vec::new())]);
    let error = store.vault().fetch(&item()).unwrap_err();
    assert_eq!(error.code(), "keyring-failed");
}

#[test]
fn no_error_and_no_debug_text_has_the_secret_in_it() {
    let store = Scripted::new(|secret| Some(secret.to_vec()));
    let vault = store.vault();
    let item = item();
    assert_eq!(keep(&vault, &item), Ok(()));
    let shown = format!("{vault:?} {item:?} {:?}", vault.fetch(&item));
    assert!(!shown.contains(CANARY), "{shown}");
    store.fail_next([Keyring::BadDataFormat(CANARY.into(), CANARY.into())]);
    let shown = format!("{:?}", vault.fetch(&item));
    assert!(!shown.contains(CANARY), "{shown}");
}

fn item() -> Item {
    Item { installation: Uuid::new_v4(), kind: ItemKind::HmacSecret, id: Uuid::new_v4() }
}

fn keep(vault: &Vault, item: &Item) -> Result<(), Error> {
    vault.keep(item, "Token Desk: test", &Secret::from(CANARY.to_owned()))
}

fn lost() -> Keyring {
    Keyring::PlatformFailure("connection lost".into())
}

type Store = fn(&[u8]) -> Option<Vec<u8>>;

/// Keeps what `store` makes of a secret, and fails when told to.
#[derive(Clone)]
struct Scripted(Arc<State>);

struct State {
    store: Store,
    secrets: Mutex<HashMap<String, Vec<u8>>>,
    failures: Mutex<Vec<Keyring>>,
    connections: AtomicUsize,
}

impl Scripted {
    fn new(store: Store) -> Self {
        Self(Arc::new(State {
            store,
            secrets: Mutex::default(),
            failures: Mutex::default(),
            connections: AtomicUsize::new(0),
        }))
    }

    fn vault(&self) -> Vault {
        let store = self.clone();
        Vault::over(move || {
            store.0.connections.fetch_add(1, Ordering::SeqCst);
            Ok(Arc::new(store.clone()) as Arc<CredentialStore>)
        })
    }

    fn fail_next(&self, failures: impl IntoIterator<Item = Keyring>) {
        self.0.failures.lock().unwrap().extend(failures);
    }

    fn connections(&self) -> usize {
        self.0.connections.load(Ordering::SeqCst)
    }
}

impl CredentialStoreApi for Scripted {
    fn vendor(&self) -> String {
        "scripted".to_owned()
    }

    fn id(&self) -> String {
        "scripted".to_owned()
    }

    fn build(
        &self,
        _service: &str,
        user: &str,
        _modifiers: Option<&HashMap<&str, &str>>,
    ) -> keyring_core::Result<Entry> {
        Ok(Entry::new_with_credential(Arc::new(Line { state: self.0.clone(), user: user.to_owned() })))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

struct Line {
    state: Arc<State>,
    user: String,
}

impl Line {
    fn failure(&self) -> keyring_core::Result<()> {
        let mut failures = self.state.failures.lock().unwrap();
        if failures.is_empty() { Ok(()) } else { Err(failures.remove(0)) }
    }
}

impl CredentialApi for Line {
    fn set_secret(&self, secret: &[u8]) -> keyring_core::Result<()> {
        self.failure()?;
        if let Some(stored) = (self.state.store)(secret) {
            let mut secrets = self.state.secrets.lock().unwrap();
            secrets.insert(self.user.clone(), stored);
        }
        Ok(())
    }

    fn get_secret(&self) -> keyring_core::Result<Vec<u8>> {
        self.failure()?;
        let secrets = self.state.secrets.lock().unwrap();
        secrets.get(&self.user).cloned().ok_or(Keyring::NoEntry)
    }

    fn delete_credential(&self) -> keyring_core::Result<()> {
        let mut secrets = self.state.secrets.lock().unwrap();
        secrets.remove(&self.user).map(drop).ok_or(Keyring::NoEntry)
    }

    fn get_credential(&self) -> keyring_core::Result<Option<Arc<Credential>>> {
        Ok(None)
    }

    fn get_specifiers(&self) -> Option<(String, String)> {
        None
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
