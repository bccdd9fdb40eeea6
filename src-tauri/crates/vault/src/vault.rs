use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use keyring_core::{CredentialStore, Entry, Error as Keyring};
use subtle::ConstantTimeEq;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::platform::Found;
use crate::store::Store;
use crate::{Error, Item, LIMIT, Listed, SERVICE, Secret, bounded, platform};

/// A person may be answering an unlock prompt.
const PATIENCE: Duration = Duration::from_secs(60);

/// The way to the keyring. Cheap to clone; clones share one connection.
///
/// Making one does nothing yet: the connection is made at the first call and, when it failed or was
/// lost, again at the next.
#[derive(Clone)]
pub struct Vault {
    store: Arc<Store>,
    timeout: Duration,
}

impl Vault {
    /// The keyring of the operating system.
    pub fn system() -> Self {
        Self::over(platform::connect)
    }

    /// Any other store of keyring-core, for instance its mock in tests. `connect` is called at the
    /// first use and after each failure of the connection.
    pub fn over(connect: impl Fn() -> Result<Arc<CredentialStore>, Error> + Send + Sync + 'static) -> Self {
        Self { store: Arc::new(Store::new(connect)), timeout: PATIENCE }
    }

    /// Waits this long for each call instead of 60 seconds.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Writes the secret, reads it back and compares. `label` is what keyring programs show.
    ///
    /// After [`Error::TimedOut`] the secret may still be written later, when the person answers the
    /// prompt: keep it again or [`Vault::forget`] it.
    pub fn keep(&self, item: &Item, label: &str, secret: &Secret) -> Result<(), Error> {
        let bytes = secret.expose().len();
        if bytes > LIMIT {
            return Err(Error::TooLarge { bytes, limit: LIMIT });
        }
        // Stores refuse an empty label.
        let label = if label.is_empty() { SERVICE } else { label }.to_owned();
        let user = item.to_string();
        let secret = Zeroizing::new(secret.expose().to_vec());
        let kept = self.call(move |store| write_and_read_back(store, &user, &label, &secret))?;
        if kept { Ok(()) } else { Err(Error::NotKept) }
    }

    /// Reads a secret; `None` if there is no such item.
    pub fn fetch(&self, item: &Item) -> Result<Option<Secret>, Error> {
        let user = item.to_string();
        self.call(move |store| found(entry(store, &user, SERVICE)?.get_secret())).map(|bytes| bytes.map(Secret::new))
    }

    /// Removes an item; `false` if there was none.
    pub fn forget(&self, item: &Item) -> Result<bool, Error> {
        let user = item.to_string();
        self.call(move |store| found(entry(store, &user, SERVICE)?.delete_credential()))
            .map(|removed| removed.is_some())
    }

    /// Everything kept for this installation, sorted by item. Names of ours that this version does not
    /// know are left out; items of other programs are not touched.
    ///
    /// A locked keyring asks the person, as for [`Vault::fetch`]. [`Error::Failed`] if the keyring
    /// cannot list.
    pub fn items(&self, installation: Uuid) -> Result<Vec<Listed>, Error> {
        let names = self.call(move |store| names(store, &installation.to_string()))?;
        let mut items: Vec<_> = names
            .into_iter()
            .filter_map(|found| Some(Listed { item: found.user.parse().ok()?, label: found.label }))
            .collect();
        items.sort_unstable_by_key(|listed| listed.item);
        Ok(items)
    }

    fn call<T: Send + 'static>(
        &self,
        work: impl Fn(&CredentialStore) -> keyring_core::Result<T> + Send + 'static,
    ) -> Result<T, Error> {
        let store = Arc::clone(&self.store);
        let result = bounded::run(self.timeout, move || store.with(work));
        if matches!(result, Err(Error::TimedOut | Error::Failed { .. })) {
            // Its connection may be stuck behind the call that was given up.
            self.store.disconnect();
        }
        result
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vault").field("store", &self.store).field("timeout", &self.timeout).finish()
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

/// What is kept under this installation's names, known to this version or not.
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
        Err(Keyring::NotSupportedByStore(_)) => store.build(SERVICE, user, None),
        result => result,
    }
}

fn found<T>(result: keyring_core::Result<T>) -> keyring_core::Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(Keyring::NoEntry) => Ok(None),
        Err(error) => Err(error),
    }
}
