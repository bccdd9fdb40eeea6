//! One person's workplace.

pub(crate) mod items;
pub(crate) mod token_record;
pub(crate) mod tokens;
pub(crate) mod unkept;

use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

use private_files::DataDir;
use time::OffsetDateTime;
use tokio::sync::{Mutex, MutexGuard};
use uuid::Uuid;
use vault::{Item, ItemKind, Listed, Secret, Vault};

use crate::blocking::blocking;
use crate::desk::unkept::Unkept;
use crate::error::Error;
use crate::labels::Labels;
use crate::service::practice::PracticeService;
use crate::service::token_endpoint::TokenEndpoint;
use crate::store::database::DeskStore;
use crate::store::lost::{self, Lost};
use crate::store::opening::Opened;
use crate::token::destination::Destination;

/// One person's workplace: the owned data directory, the database in it, the keyring, and the practice service.
#[derive(Debug)]
pub struct Desk {
    data: Arc<DataDir>,
    store: Arc<DeskStore>,
    vault: Vault,
    labels: Labels,
    installation: Uuid,
    lost: RwLock<Option<Lost>>,
    unkept: Unkept,
    practice: PracticeService,
    creating: Mutex<()>,
}

impl Desk {
    /// Takes the data directory and opens the database. Blocks; neither the keyring nor the network is touched.
    pub fn open(data: &Path, vault: Vault, labels: Labels) -> Result<Self, Error> {
        let data = DataDir::own(data)?;
        let Opened { store, installation, lost } = DeskStore::open(&data, OffsetDateTime::now_utc())?;
        let practice = PracticeService::new(data.join("practice"), installation, vault.clone(), labels.practice);
        Ok(Self {
            data: Arc::new(data),
            store: Arc::new(store),
            vault,
            labels,
            installation,
            lost: RwLock::new(lost),
            unkept: Unkept::default(),
            practice,
            creating: Mutex::new(()),
        })
    }

    /// The practice service.
    pub fn practice(&self) -> &PracticeService {
        &self.practice
    }

    /// The client for making tokens at a destination.
    pub async fn endpoint(&self, destination: Destination) -> Result<TokenEndpoint, Error> {
        match destination {
            Destination::Practice => self.practice.endpoint().await,
            Destination::Guided | Destination::OwnServer => Err(Error::DestinationUnavailable),
        }
    }

    /// Asks the database, off the async threads.
    pub async fn on_store<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&DeskStore) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let store = Arc::clone(&self.store);
        blocking(move || ask(&store)).await
    }

    /// The database before this one, if it is lost and [`recovery::rebuild`](crate::recovery::rebuild) has not dealt with
    /// that yet.
    pub fn lost(&self) -> Option<Lost> {
        self.lost.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Forgets about the loss, at the next start too.
    pub(crate) async fn settle_loss(&self) -> Result<(), Error> {
        let data = Arc::clone(&self.data);
        blocking(move || lost::settled(&data)).await?;
        self.lost.write().unwrap_or_else(PoisonError::into_inner).take();
        Ok(())
    }

    /// The secret of a token, if the keyring has it.
    pub async fn secret(&self, kind: ItemKind, id: Uuid) -> Result<Secret, Error> {
        self.fetch(kind, id).await?.ok_or(Error::SecretGone)
    }

    /// Forgets a token and its keyring items on this computer. At its service the token lives on.
    pub async fn forget(&self, id: Uuid) -> Result<(), Error> {
        let _not_while_it_is_made = self.creating().await;
        self.forget_items(id).await?;
        self.on_store(move |store| store.forget(id)).await?;
        self.unkept.release(id);
        Ok(())
    }

    /// The names of the tokens whose secrets would go with the app: no keyring took them, and nobody saved them.
    pub fn names_at_risk(&self) -> Vec<String> {
        self.unkept.names_at_risk()
    }

    pub(crate) fn unkept(&self) -> &Unkept {
        &self.unkept
    }

    pub(crate) fn vault(&self) -> &Vault {
        &self.vault
    }

    pub(crate) fn installation(&self) -> Uuid {
        self.installation
    }

    /// Held while a token is being made: one at a time.
    pub(crate) async fn creating(&self) -> MutexGuard<'_, ()> {
        self.creating.lock().await
    }

    /// Keeps what belongs to the token of this name.
    pub(crate) async fn keep(&self, kind: ItemKind, id: Uuid, name: &str, secret: Secret) -> Result<(), vault::Error> {
        let (vault, item, label) = (self.vault.clone(), self.item(kind, id), self.labels.of_token(kind, name));
        blocking(move || vault.keep(&item, &label, &secret)).await
    }

    /// What the keyring has of this installation.
    pub(crate) async fn items(&self) -> Result<Vec<Listed>, Error> {
        let (vault, installation) = (self.vault.clone(), self.installation);
        Ok(blocking(move || vault.items(installation)).await?)
    }

    pub(crate) async fn fetch(&self, kind: ItemKind, id: Uuid) -> Result<Option<Secret>, Error> {
        let (vault, item) = (self.vault.clone(), self.item(kind, id));
        Ok(blocking(move || vault.fetch(&item)).await?)
    }

    /// Whatever the keyring has of a token.
    pub(crate) async fn forget_items(&self, id: Uuid) -> Result<(), Error> {
        for kind in [ItemKind::PrivateKey, ItemKind::HmacSecret, ItemKind::IdempotencyKey, ItemKind::TokenRecord] {
            self.forget_item(kind, id).await?;
        }
        Ok(())
    }

    pub(crate) async fn forget_item(&self, kind: ItemKind, id: Uuid) -> Result<bool, Error> {
        let (vault, item) = (self.vault.clone(), self.item(kind, id));
        Ok(blocking(move || vault.forget(&item)).await?)
    }

    fn item(&self, kind: ItemKind, id: Uuid) -> Item {
        Item { installation: self.installation, kind, id }
    }
}
