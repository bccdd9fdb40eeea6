use std::any::Any;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;
use std::time::Duration;

use keyring_core::api::{Credential, CredentialApi, CredentialStoreApi};
use keyring_core::{CredentialStore, Entry, Error as Keyring};
use vault::{Error, SERVICE, Vault};

/// A keyring in memory that can be searched, and from some call on says that it is locked.
#[derive(Clone, Default)]
pub(crate) struct Memory(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    secrets: BTreeMap<String, Vec<u8>>,
    calls_until_locked: Option<usize>,
    has_failed: bool,
    is_away: bool,
    holds_writes: bool,
    not_held: Option<String>,
}

impl Memory {
    pub(crate) fn vault(&self, profile: &Path) -> Vault {
        let store = self.clone();
        let connect = move || match store.state().is_away {
            true => Err(Error::Missing),
            false => Ok(Arc::new(store.clone()) as Arc<CredentialStore>),
        };
        Vault::over(connect).with_file(profile.join("secrets.age")).with_work_factor(2)
    }

    pub(crate) fn fail_from(&self, call: usize) {
        self.state().calls_until_locked = Some(call);
    }

    /// Whether it has failed since [`Memory::fail_from`].
    pub(crate) fn fail_never(&self) -> bool {
        let mut state = self.state();
        state.calls_until_locked = None;
        std::mem::take(&mut state.has_failed)
    }

    /// As when its service ends.
    pub(crate) fn leave(&self) {
        self.state().is_away = true;
    }

    pub(crate) fn come_back(&self) {
        self.state().is_away = false;
    }

    /// Keeps whoever writes waiting, as a prompt does that nobody answers.
    pub(crate) fn hold_writes(&self) {
        self.state().holds_writes = true;
    }

    pub(crate) fn let_writes_go_for(&self, name: &str) {
        self.state().not_held = Some(name.to_owned());
    }

    pub(crate) fn let_writes_go(&self) {
        self.state().holds_writes = false;
    }

    pub(crate) fn names(&self) -> Vec<String> {
        self.state().secrets.keys().cloned().collect()
    }

    pub(crate) fn put(&self, name: &str, secret: &[u8]) {
        self.state().secrets.insert(name.to_owned(), secret.to_vec());
    }

    pub(crate) fn get(&self, name: &str) -> Option<Vec<u8>> {
        self.state().secrets.get(name).cloned()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    fn call(&self) -> keyring_core::Result<MutexGuard<'_, State>> {
        let mut state = self.state();
        if state.is_away {
            // The vault then connects anew.
            return Err(Keyring::PlatformFailure("it ended".into()));
        }
        match &mut state.calls_until_locked {
            Some(0) => {
                state.has_failed = true;
                return Err(Keyring::NoStorageAccess("locked".into()));
            }
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
        let is_held = |state: &State| state.holds_writes && state.not_held.as_ref() != Some(&self.user);
        while is_held(&self.memory.state()) {
            thread::sleep(Duration::from_millis(5));
        }
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
