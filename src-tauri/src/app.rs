use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use desk::safe::SECRETS_FILE;
use desk::{Desk, Error, Token};
use public_address::Sources;
use tauri::{AppHandle, Manager};
use tokio::sync::OnceCell;
use uuid::Uuid;
use vault::{Secret, Vault};
use zeroize::Zeroizing;

use crate::clipboard::{KEPT_FOR, SafeClipboard};
use crate::detecting::Detecting;
use crate::key_slot::KeySlot;

/// What lives as long as the app.
#[derive(Debug)]
pub(crate) struct App {
    data: PathBuf,
    desk: OnceCell<Arc<Desk>>,
    pub(crate) key: KeySlot,
    clipboard: Arc<SafeClipboard>,
    /// The question for the person's address that is under way.
    pub(crate) detecting: Detecting,
    /// Secrets that the keyring did not take, with their tokens: nowhere else on this computer.
    unkept: Mutex<HashMap<Uuid, (Token, Secret)>>,
}

impl App {
    /// Does no I/O: the first paint waits for nothing.
    pub(crate) fn new(data: PathBuf) -> Self {
        Self {
            data,
            desk: OnceCell::new(),
            key: KeySlot::default(),
            clipboard: Arc::default(),
            detecting: Detecting::default(),
            unkept: Mutex::default(),
        }
    }

    /// The desk, opened at its first use; an opening that failed is tried again.
    pub(crate) async fn desk(&self) -> Result<&Arc<Desk>, Error> {
        self.desk
            .get_or_try_init(|| async {
                let data = self.data.clone();
                let opened = tauri::async_runtime::spawn_blocking(move || {
                    Desk::open(&data, Vault::for_person(data.join(SECRETS_FILE)))
                })
                .await;
                match opened {
                    Ok(desk) => desk.map(Arc::new),
                    Err(tauri::Error::JoinError(panic)) => std::panic::resume_unwind(panic.into_panic()),
                    Err(error) => {
                        Err(Error::DataDirUnwritable { path: self.data.clone(), source: std::io::Error::other(error) })
                    }
                }
            })
            .await
    }

    /// Whom to ask for the person's address: without the database, those that the app came with.
    pub(crate) async fn address_sources(&self) -> Sources {
        match self.desk().await {
            Ok(desk) => desk.on_store(|store| store.address_sources()).await.unwrap_or_default(),
            Err(_) => Sources::default(),
        }
    }

    /// Holds a secret that could not be kept, until it can.
    pub(crate) fn hold(&self, token: Token, secret: Secret) {
        self.unkept().insert(token.id, (token, secret));
    }

    /// Stops holding a secret that is kept, or not wanted any more.
    pub(crate) fn release(&self, id: Uuid) -> Option<(Token, Secret)> {
        self.unkept().remove(&id)
    }

    /// A copy of what is held for a token: it stays held until it is safe.
    pub(crate) fn held(&self, id: Uuid) -> Option<(Token, Secret)> {
        let unkept = self.unkept();
        let (token, secret) = unkept.get(&id)?;
        Some((token.clone(), Secret::new(secret.expose().to_vec())))
    }

    /// The held secret as text, where there is one.
    pub(crate) fn held_secret(&self, id: Uuid) -> Option<Zeroizing<String>> {
        let unkept = self.unkept();
        let (_, secret) = unkept.get(&id)?;
        secret.expose_str().map(|text| Zeroizing::new(text.to_owned()))
    }

    /// Tokens whose secrets are held.
    pub(crate) fn held_tokens(&self) -> Vec<Token> {
        self.unkept().values().map(|(token, _)| token.clone()).collect()
    }

    /// The API key of a token whose secret is held.
    pub(crate) fn held_api_key(&self, id: Uuid) -> Option<String> {
        self.unkept().get(&id).map(|(token, _)| token.api_key.clone())
    }

    /// Copies what everybody may see.
    pub(crate) fn copy(&self, text: &str) -> Result<(), arboard::Error> {
        self.clipboard.copy(text)
    }

    /// Copies a secret and clears it after a while if it is still there.
    pub(crate) fn copy_secret(&self, text: Zeroizing<String>) -> Result<(), arboard::Error> {
        let copy = self.clipboard.copy_secret(text)?;
        let clipboard = Arc::clone(&self.clipboard);
        tauri::async_runtime::spawn(async move {
            tokio::time::sleep(KEPT_FOR).await;
            // It talks to the window system, which may be slow.
            drop(tauri::async_runtime::spawn_blocking(move || clipboard.clear(Some(copy))).await);
        });
        Ok(())
    }

    /// Ends the practice service and takes a copied secret out of the clipboard.
    pub(crate) async fn close(&self) {
        self.clipboard.clear(None);
        if let Some(desk) = self.desk.get() {
            desk.practice().stop().await;
        }
    }

    fn unkept(&self) -> MutexGuard<'_, HashMap<Uuid, (Token, Secret)>> {
        self.unkept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// `TOKEN_DESK_DATA_DIR`, else the platform's place for this app's data.
pub(crate) fn data_dir(app: &AppHandle) -> tauri::Result<PathBuf> {
    match std::env::var_os("TOKEN_DESK_DATA_DIR") {
        Some(path) if !path.is_empty() => {
            let path = Path::new(&path);
            Ok(std::path::absolute(path).unwrap_or_else(|_| path.to_owned()))
        }
        _ => app.path().app_local_data_dir(),
    }
}
