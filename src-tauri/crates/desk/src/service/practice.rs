use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;

use practice::{ClockOffset, CodeNow, Config, Fault, Practice, StateKey};
use private_files::DataDir;
use tokio::sync::RwLock;
use url::Url;
use uuid::Uuid;
use vault::{Item, ItemKind, Secret, Vault};
use zeroize::Zeroizing;

use crate::blocking::blocking;
use crate::error::Error;
use crate::error::endpoint::EndpointError;
use crate::service::token_endpoint::TokenEndpoint;

/// The practice service inside the app, started at its first use.
///
/// A start that failed (a locked keyring, say) is tried again at the next use.
pub struct PracticeService {
    data: PathBuf,
    state_key: Item,
    label: &'static str,
    vault: Vault,
    running: RwLock<Option<Running>>,
}

/// The service, and the key that opens what it stores.
struct Running {
    service: Practice,
    key: Secret,
}

impl PracticeService {
    pub(crate) fn new(data: PathBuf, installation: Uuid, vault: Vault, label: &'static str) -> Self {
        let state_key = Item { installation, kind: ItemKind::PracticeStateKey, id: installation };
        Self { data, state_key, label, vault, running: RwLock::new(None) }
    }

    /// The client for making tokens here.
    pub async fn endpoint(&self) -> Result<TokenEndpoint, Error> {
        self.with(|practice| {
            let session = Secret::new(practice.session().expose().as_bytes().to_vec());
            Ok(TokenEndpoint::new(&base_url(practice)?, &session)?)
        })
        .await?
    }

    /// Where the service listens, on loopback.
    pub async fn url(&self) -> Result<Url, Error> {
        self.with(base_url).await?
    }

    /// A code of the practice account's authenticator that would be taken now, or how long to wait for one.
    pub async fn unused_code(&self) -> Result<CodeNow, Error> {
        self.with(Practice::unused_code).await
    }

    /// The authenticator's secret in base32, and as the URI that authenticator apps scan.
    pub async fn authenticator(&self) -> Result<(Zeroizing<String>, Zeroizing<String>), Error> {
        self.with(|practice| (practice.otp_secret_base32(), practice.otpauth_uri())).await
    }

    /// Makes calls from this computer appear to come from `address`.
    pub async fn appear_as(&self, address: IpAddr) -> Result<(), Error> {
        self.with(|practice| practice.set_client_address(address)).await
    }

    /// Makes something go wrong on purpose, for trying what the app does then.
    pub async fn set_fault(&self, fault: Fault) -> Result<(), Error> {
        self.with(|practice| practice.set_fault(fault)).await
    }

    /// Moves the service's clock off the real one.
    pub async fn set_clock_offset(&self, offset: ClockOffset) -> Result<(), Error> {
        self.with(|practice| practice.set_clock_offset(offset)).await
    }

    /// Keeps the key of the stored state once more if it is not where secrets are kept now, and the service runs.
    pub(crate) async fn keep_state_key(&self) -> Result<(), Error> {
        let Some(key) = self.running.read().await.as_ref().map(|running| Secret::new(running.key.expose().to_vec()))
        else {
            return Ok(());
        };
        let (vault, item, label) = (self.vault.clone(), self.state_key, self.label);
        let keep = move || if vault.fetch(&item)?.is_none() { vault.keep(&item, label, &key) } else { Ok(()) };
        Ok(blocking(keep).await?)
    }

    /// Whether there are tokens that nothing but the kept key opens: they are stored, and the service does not run. What
    /// cannot be looked at counts as such.
    pub(crate) async fn needs_its_stored_key(&self) -> bool {
        self.running.read().await.is_none() && self.has_tokens().await.unwrap_or(true)
    }

    /// Puts the stored state aside, for a person whose keyring has lost the key to it or whose disk has damaged it, and starts
    /// anew. Its tokens no longer work; a key that is there stays in use.
    ///
    /// Nothing is put aside that can be used, or that something else keeps from being used: then that is the error.
    pub async fn start_over(&self, stamp: &str) -> Result<(), Error> {
        let mut running = self.running.write().await;
        if running.is_some() {
            return Ok(());
        }
        let started = match self.start().await {
            Err(error) if error.needs_start_over() => {
                let aside = self.data.with_file_name(format!("practice-set-aside-{stamp}"));
                private_files::rename(&self.data, &aside)?;
                self.start().await?
            }
            // What was wrong has been mended in the meantime, or it is something else.
            started => started?,
        };
        *running = Some(started);
        Ok(())
    }

    /// Ends the service cleanly, if it runs.
    ///
    /// One that is still starting waits for the keyring, perhaps for a minute, and has nothing to end yet.
    pub async fn stop(&self) {
        if let Ok(mut running) = self.running.try_write()
            && let Some(running) = running.take()
        {
            running.service.shutdown().await;
        }
    }

    /// Where the service listens, if it runs: without starting it, which may ask the person for the keyring's password.
    pub fn running_url(&self) -> Option<Url> {
        base_url(&self.running.try_read().ok()?.as_ref()?.service).ok()
    }

    async fn with<T>(&self, ask: impl FnOnce(&Practice) -> T) -> Result<T, Error> {
        if let Some(running) = self.running.read().await.as_ref() {
            return Ok(ask(&running.service));
        }
        let mut running = self.running.write().await;
        if let Some(running) = running.as_ref() {
            return Ok(ask(&running.service));
        }
        Ok(ask(&running.insert(self.start().await?).service))
    }

    async fn start(&self) -> Result<Running, Error> {
        if private_files::exists(&self.data) {
            DataDir::prepare(&self.data)?;
        }
        let (vault, item) = (self.vault.clone(), self.state_key);
        let key = match blocking(move || vault.fetch(&item)).await?.filter(|key| as_bytes(key).is_some()) {
            Some(kept) => kept,
            None if self.has_tokens().await? => return Err(Error::PracticeKeyLost),
            None => self.keep_new_key().await?,
        };
        let service = match Practice::start(self.config(&key)?).await {
            // An account without tokens has nothing to lose but an authenticator that this key does not open.
            Err(practice::Error::StateKeyWrong) if !self.has_tokens().await? => {
                Practice::start(Config { new_authenticator: true, ..self.config(&key)? }).await
            }
            started => started,
        };
        match service {
            Err(practice::Error::StateKeyWrong) => Err(Error::PracticeKeyLost),
            started => Ok(Running { service: started?, key }),
        }
    }

    fn config(&self, key: &Secret) -> Result<Config, Error> {
        let key = as_bytes(key).ok_or(Error::PracticeKeyLost)?;
        Ok(Config::new(self.data.clone(), StateKey::from_bytes(*key)))
    }

    /// The key that seals the service's secrets at rest: made once, kept where secrets are kept.
    async fn keep_new_key(&self) -> Result<Secret, Error> {
        let (vault, item, label) = (self.vault.clone(), self.state_key, self.label);
        let keep = move || {
            let key = Secret::new(StateKey::generate().expose().to_vec());
            vault.keep(&item, label, &key).map(|()| key)
        };
        Ok(blocking(keep).await?)
    }

    /// Whether tokens are stored, while the service does not run.
    async fn has_tokens(&self) -> Result<bool, Error> {
        let data = self.data.clone();
        if !data.try_exists().unwrap_or(true) {
            return Ok(false);
        }
        Ok(blocking(move || Practice::has_tokens(&data)).await?)
    }
}

/// `None` if it is no state key.
fn as_bytes(key: &Secret) -> Option<&[u8; 32]> {
    key.expose().try_into().ok()
}

fn base_url(practice: &Practice) -> Result<Url, Error> {
    practice.url().parse().map_err(|_| Error::Endpoint(EndpointError::Unreachable))
}

impl fmt::Debug for PracticeService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PracticeService").field("data", &self.data).finish_non_exhaustive()
    }
}
