use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use keyring_core::{CredentialStore, Entry, Error as Keyring};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::store::Store;
use crate::{Error, Item, LIMIT, SERVICE, Secret, bounded, platform};

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
