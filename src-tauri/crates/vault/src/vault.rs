use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};
use std::time::Duration;

use keyring_core::CredentialStore;
use uuid::Uuid;

use crate::error::{Error, LIMIT};
use crate::file::SecretsFile;
use crate::file::contents::Kept;
use crate::file::passphrase::{Passphrase, WorkFactor};
use crate::item::{Item, Listed};
use crate::keyring::Keyring;
use crate::platform;
use crate::secret::Secret;

/// Where a vault keeps secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In the secrets file, under the person's passphrase.
    File,
    /// In the keyring of the operating system.
    Keyring,
}

/// The way to the secrets. Cheap to clone; clones share the place and one connection to the keyring.
///
/// Making one does nothing yet: the connection is made at the first call and, when it failed or was
/// lost, again at the next.
#[derive(Clone)]
pub struct Vault {
    pub(crate) keyring: Keyring,
    pub(crate) file: Option<Arc<SecretsFile>>,
    pub(crate) work: WorkFactor,
    /// Read by whoever keeps and fetches, written by whoever changes the place or its passphrase:
    /// nothing may be kept in a place that is being left.
    pub(crate) place: Arc<RwLock<()>>,
}

impl Vault {
    /// The keyring, unless the person has chosen a file: then that is at `file`, its key beside it. The only
    /// I/O is to look whether it exists; neither keyring nor passphrase is asked.
    pub fn for_person(file: PathBuf) -> Self {
        Self::system().with_file(file)
    }

    /// The keyring of the operating system.
    pub fn system() -> Self {
        Self::over(platform::connect)
    }

    /// Any other store of keyring-core, for instance its mock in tests. `connect` is called at the
    /// first use and after each failure of the connection.
    pub fn over(connect: impl Fn() -> Result<Arc<CredentialStore>, Error> + Send + Sync + 'static) -> Self {
        Self { keyring: Keyring::over(connect), file: None, work: WorkFactor::default(), place: Arc::default() }
    }

    /// Where the file is, if the person chooses one. If it exists, it has been chosen.
    #[must_use]
    pub fn with_file(mut self, file: PathBuf) -> Self {
        self.file = Some(Arc::new(SecretsFile::at(file)));
        self
    }

    /// Waits this long for each call to the keyring instead of 60 seconds.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.keyring.set_timeout(timeout);
        self
    }

    /// Tells of each call to the keyring that takes longer than `after`, as when it asks the person for its password: `true`
    /// then, and `false` when it is over.
    #[must_use]
    pub fn with_notice(mut self, after: Duration, tell: impl Fn(bool) + Send + Sync + 'static) -> Self {
        self.keyring.set_notice(after, Arc::new(tell));
        self
    }

    /// Writes files whose passphrase costs `2^log_n` rounds of scrypt instead of `2^17`, for tests: each step
    /// less halves the second that a guess takes.
    #[must_use]
    pub fn with_work_factor(mut self, log_n: u8) -> Self {
        self.work = WorkFactor::new(log_n);
        self
    }

    /// Where this vault keeps now.
    pub fn place(&self) -> Place {
        if self.chosen_file().is_some() { Place::File } else { Place::Keyring }
    }

    /// Whether secrets can be kept and fetched without a passphrase: always in the keyring (which may
    /// still ask for its own), in the file after [`Vault::open_file`].
    pub fn is_open(&self) -> bool {
        self.chosen_file().is_none_or(SecretsFile::is_open)
    }

    /// Opens the file, after each start. Takes about a second.
    ///
    /// [`Error::PassphraseWrong`], [`Error::FileDamaged`] and [`Error::FileUnsafe`] change nothing.
    pub fn open_file(&self, passphrase: &Secret) -> Result<(), Error> {
        let _stays = self.stays();
        self.chosen_file().ok_or(NO_FILE)?.open(&Passphrase::given(passphrase)?)
    }

    /// Replaces the passphrase of the file, and its key. Takes about three seconds. Copies of the two
    /// files that were made before still open with the old passphrase.
    pub fn change_passphrase(&self, old: &Secret, new: &Secret) -> Result<(), Error> {
        let new = Passphrase::chosen(new)?;
        let _alone = self.place.write().unwrap_or_else(PoisonError::into_inner);
        self.chosen_file().ok_or(NO_FILE)?.change_passphrase(&Passphrase::given(old)?, &new, self.work)
    }

    /// Writes the secret, reads it back and compares. `label` is what keyring programs show.
    ///
    /// After [`Error::TimedOut`] the secret may still be written later, when the person answers the
    /// prompt: keep it again or [`Vault::forget`] it. [`Error::FileClosed`] before the file was opened.
    pub fn keep(&self, item: &Item, label: &str, secret: &Secret) -> Result<(), Error> {
        let bytes = secret.expose().len();
        if bytes > LIMIT {
            return Err(Error::TooLarge { bytes, limit: LIMIT });
        }
        let _stays = self.stays();
        match self.chosen_file() {
            Some(file) => {
                let secret = Secret::new(secret.expose().to_vec());
                file.keep(item.to_string(), Kept { label: label.to_owned(), secret })
            }
            None => self.keyring.keep(&item.to_string(), label, secret),
        }
    }

    /// Reads a secret; `None` if there is no such item.
    pub fn fetch(&self, item: &Item) -> Result<Option<Secret>, Error> {
        let _stays = self.stays();
        match self.chosen_file() {
            Some(file) => file.fetch(&item.to_string()),
            None => self.keyring.fetch(&item.to_string()),
        }
    }

    /// Removes an item; `false` if there was none.
    pub fn forget(&self, item: &Item) -> Result<bool, Error> {
        let _stays = self.stays();
        match self.chosen_file() {
            Some(file) => file.forget(&item.to_string()),
            None => self.keyring.forget(&item.to_string()),
        }
    }

    /// Everything kept for this installation, sorted by item. Names of ours that this version does not
    /// know are left out; items of other programs are not touched.
    ///
    /// A locked keyring asks the person, as for [`Vault::fetch`]. [`Error::Failed`] if the keyring
    /// cannot list.
    pub fn items(&self, installation: Uuid) -> Result<Vec<Listed>, Error> {
        let _stays = self.stays();
        let listed = |name: &str, label: String| Some(Listed { item: name.parse().ok()?, label });
        let mut items: Vec<_> = match self.chosen_file() {
            Some(file) => {
                let contents = file.contents()?;
                contents.iter().filter_map(|(name, kept)| listed(name, kept.label.clone())).collect()
            }
            None => {
                let names = self.keyring.names(installation)?;
                names.into_iter().filter_map(|found| listed(&found.user, found.label)).collect()
            }
        };
        items.retain(|listed| listed.item.installation == installation);
        items.sort_unstable_by_key(|listed| listed.item);
        Ok(items)
    }

    pub(crate) fn chosen_file(&self) -> Option<&SecretsFile> {
        self.file.as_deref().filter(|file| file.is_there())
    }

    pub(crate) fn stays(&self) -> RwLockReadGuard<'_, ()> {
        // It guards no data that could be left half-changed.
        self.place.read().unwrap_or_else(PoisonError::into_inner)
    }
}

const NO_FILE: Error = Error::FileFailed { doing: "opened", kind: std::io::ErrorKind::NotFound };

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vault").field("place", &self.place()).field("keyring", &self.keyring).finish_non_exhaustive()
    }
}
