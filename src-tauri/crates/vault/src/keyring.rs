use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use keyring_core::{CredentialStore, Entry, Error as Answer};
use subtle::ConstantTimeEq;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::bounded::{self, Patience, Tell};
use crate::error::Error;
use crate::item::SERVICE;
use crate::platform;
use crate::platform::found::Found;
use crate::secret::Secret;
use crate::store::Store;

/// A person may be answering an unlock prompt.
const LIMIT: Duration = Duration::from_secs(60);

/// The keyring as a place to keep secrets by name. Each call ends within the time-out.
#[derive(Clone)]
pub(crate) struct Keyring {
    store: Arc<Store>,
    reached: Arc<AtomicBool>,
    writing: Arc<Writing>,
    patience: Patience,
}

impl Keyring {
    pub(crate) fn over(connect: impl Fn() -> Result<Arc<CredentialStore>, Error> + Send + Sync + 'static) -> Self {
        Self {
            store: Arc::new(Store::new(connect)),
            reached: Arc::default(),
            writing: Arc::default(),
            patience: Patience { limit: LIMIT, notice: None },
        }
    }

    pub(crate) fn set_timeout(&mut self, timeout: Duration) {
        self.patience.limit = timeout;
    }

    pub(crate) fn set_notice(&mut self, after: Duration, tell: Tell) {
        self.patience.notice = Some((after, tell));
    }

    /// Writes, reads back and compares.
    ///
    /// [`Error::TimedOut`] at once while an earlier write of this name, which nobody waits for any more, may still be carried out:
    /// it could come after this one.
    pub(crate) fn keep(&self, name: &str, label: &str, secret: &Secret) -> Result<(), Error> {
        // Stores refuse an empty label.
        let label = if label.is_empty() { SERVICE } else { label }.to_owned();
        let name = name.to_owned();
        let secret = Zeroizing::new(secret.expose().to_vec());
        let turn = Turn::take(&self.writing, &name)?;
        let kept = self.call(move |store| {
            // It ends with the work, which may be long after nobody waits for that any more.
            let _turn = &turn;
            write_and_read_back(store, &name, &label, &secret)
        });
        if matches!(kept, Err(Error::Failed { .. })) {
            // It may have been taken all the same.
            self.reached.store(true, Ordering::SeqCst);
        }
        if kept? { Ok(()) } else { Err(Error::NotKept) }
    }

    pub(crate) fn fetch(&self, name: &str) -> Result<Option<Secret>, Error> {
        let name = name.to_owned();
        self.call(move |store| found(entry(store, &name, SERVICE)?.get_secret())).map(|bytes| bytes.map(Secret::new))
    }

    /// [`Error::TimedOut`] as for [`Keyring::keep`].
    pub(crate) fn forget(&self, name: &str) -> Result<bool, Error> {
        let name = name.to_owned();
        let turn = Turn::take(&self.writing, &name)?;
        self.call(move |store| {
            let _turn = &turn;
            found(entry(store, &name, SERVICE)?.delete_credential())
        })
        .map(|removed| removed.is_some())
    }

    /// What is kept under this installation's names, known to this version or not.
    pub(crate) fn names(&self, installation: Uuid) -> Result<Vec<Found>, Error> {
        self.call(move |store| names(store, &installation.to_string()))
    }

    /// Whether something of ours may be in it, or come into it: it has answered, or is being written to.
    pub(crate) fn may_have_ours(&self) -> bool {
        self.is_writing() || self.reached.load(Ordering::SeqCst)
    }

    /// Whether it is being changed, also by a call that was given up: a prompt that is answered late carries it out.
    pub(crate) fn is_writing(&self) -> bool {
        !self.writing.names().is_empty()
    }

    fn call<T: Send + 'static>(
        &self,
        work: impl Fn(&CredentialStore) -> keyring_core::Result<T> + Send + 'static,
    ) -> Result<T, Error> {
        let (store, reached) = (Arc::clone(&self.store), Arc::clone(&self.reached));
        let result = bounded::run(&self.patience, move || {
            let result = store.with(&work);
            if result.is_ok() {
                reached.store(true, Ordering::SeqCst);
            }
            result
        });
        if matches!(result, Err(Error::TimedOut | Error::Failed { .. })) {
            // Its connection may be stuck behind the call that was given up.
            self.store.disconnect();
        }
        result
    }
}

/// The names that are being written or removed.
#[derive(Default)]
struct Writing(Mutex<HashSet<String>>);

impl Writing {
    fn names(&self) -> MutexGuard<'_, HashSet<String>> {
        // A set that is only added to and taken from cannot be left half-changed.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The only one to write a name, until it is dropped.
struct Turn {
    writing: Arc<Writing>,
    name: String,
}

impl Turn {
    fn take(writing: &Arc<Writing>, name: &str) -> Result<Self, Error> {
        if writing.names().insert(name.to_owned()) {
            Ok(Self { writing: Arc::clone(writing), name: name.to_owned() })
        } else {
            Err(Error::TimedOut)
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.writing.names().remove(&self.name);
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keyring").field("store", &self.store).field("patience", &self.patience).finish()
    }
}

fn write_and_read_back(store: &CredentialStore, user: &str, label: &str, secret: &[u8]) -> keyring_core::Result<bool> {
    let entry = entry(store, user, label)?;
    entry.set_secret(secret)?;
    // A courtesy to the person: a store that refuses it must not cost the secret.
    let _ = platform::relabel(&entry, label);
    let Some(kept) = found(entry.get_secret())?.map(Zeroizing::new) else {
        return Ok(false);
    };
    if kept.ct_eq(secret).into() {
        return Ok(true);
    }
    // A damaged secret must not be taken for a good one later.
    let _ = entry.delete_credential();
    Ok(false)
}

fn names(store: &CredentialStore, installation: &str) -> keyring_core::Result<Vec<Found>> {
    let search = platform::search_for(installation);
    let search: HashMap<_, _> = search.iter().map(|(key, value)| (*key, value.as_str())).collect();
    let mut names = Vec::new();
    for entry in store.search(&search)? {
        // It may have been forgotten since the search.
        let Some(found) = found(platform::listed(&entry))?.flatten() else { continue };
        if found.user.strip_prefix(installation).is_some_and(|rest| rest.starts_with('/')) {
            names.push(found);
        }
    }
    Ok(names)
}

fn entry(store: &CredentialStore, user: &str, label: &str) -> keyring_core::Result<Entry> {
    match store.build(SERVICE, user, Some(&platform::modifiers(label))) {
        // A store that knows no modifiers, such as the mock, does without.
        Err(Answer::NotSupportedByStore(_)) => store.build(SERVICE, user, None),
        result => result,
    }
}

fn found<T>(result: keyring_core::Result<T>) -> keyring_core::Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(Answer::NoEntry) => Ok(None),
        Err(error) => Err(error),
    }
}
