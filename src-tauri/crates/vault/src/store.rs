//! The connection to the keyring: made when first needed, dropped when it went bad.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use keyring_core::{CredentialStore, Error as Keyring};

use crate::error::Error;

type Connect = dyn Fn() -> Result<Arc<CredentialStore>, Error> + Send + Sync;

pub(crate) struct Store {
    connect: Box<Connect>,
    connected: Mutex<Option<Arc<CredentialStore>>>,
}

impl Store {
    pub(crate) fn new(connect: impl Fn() -> Result<Arc<CredentialStore>, Error> + Send + Sync + 'static) -> Self {
        Self { connect: Box::new(connect), connected: Mutex::new(None) }
    }

    /// Forgets the connection, so that the next call makes a new one.
    pub(crate) fn disconnect(&self) {
        self.connected().take();
    }

    /// Does `work` over the connection at hand. A connection that was made earlier may belong to a
    /// keyring that is no longer there: if it fails, the work is done once more over a new one, so
    /// `work` must be safe to repeat.
    pub(crate) fn with<T>(&self, work: impl Fn(&CredentialStore) -> keyring_core::Result<T>) -> Result<T, Error> {
        let earlier = self.connected().clone();
        if let Some(store) = earlier {
            match work(store.as_ref()) {
                Err(error) if is_of_the_connection(&error) => self.disconnect(),
                result => return Ok(result?),
            }
        }
        // Not under the lock: connecting may hang, and then nobody else must.
        let store = (self.connect)()?;
        let result = work(store.as_ref());
        if !result.as_ref().is_err_and(is_of_the_connection) {
            *self.connected() = Some(store);
        }
        Ok(result?)
    }

    fn connected(&self) -> MutexGuard<'_, Option<Arc<CredentialStore>>> {
        // An `Option` that is only set and taken cannot be left half-changed.
        self.connected.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("connected", &self.connected().is_some()).finish()
    }
}

/// Whether a new connection might fare better. A locked keyring stays locked, and asking again would
/// show the person a second prompt.
fn is_of_the_connection(error: &Keyring) -> bool {
    matches!(error, Keyring::PlatformFailure(_))
}
