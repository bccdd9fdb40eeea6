use std::path::{Path, PathBuf};
use std::sync::Arc;

use desk::secrets::SECRETS_FILE;
use desk::{Desk, Error, Labels};
use public_address::Sources;
use tauri::{AppHandle, Manager};
use tokio::sync::OnceCell;
use vault::Vault;
use zeroize::Zeroizing;

use crate::state::closing::Closing;
use crate::state::detecting::Detecting;
use crate::state::key_slot::KeySlot;
use crate::state::keyring_waits::{KeyringWaits, UNTOLD};
use crate::system::clipboard::{Failed, KEPT_FOR, SafeClipboard};
use crate::system::words;

/// What keyring programs show of our items.
const LABELS: Labels = Labels {
    secret: words::KEYRING_ITEM_SECRET,
    being_made: words::KEYRING_ITEM_BEING_MADE,
    record: words::KEYRING_ITEM_RECORD,
    practice: words::KEYRING_ITEM_PRACTICE,
};

/// What lives as long as the app.
#[derive(Debug)]
pub(crate) struct App {
    data: PathBuf,
    desk: OnceCell<Arc<Desk>>,
    pub(crate) key: KeySlot,
    clipboard: Arc<SafeClipboard>,
    /// The question for the person's address that is under way.
    pub(crate) detecting: Detecting,
    pub(crate) closing: Closing,
    pub(crate) keyring_waits: Arc<KeyringWaits>,
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
            closing: Closing::default(),
            keyring_waits: Arc::default(),
        }
    }

    /// The desk, opened at its first use; an opening that failed is tried again.
    pub(crate) async fn desk(&self) -> Result<&Arc<Desk>, Error> {
        self.desk
            .get_or_try_init(|| async {
                let (data, waits) = (self.data.clone(), Arc::clone(&self.keyring_waits));
                let opened = tauri::async_runtime::spawn_blocking(move || {
                    let vault = Vault::for_person(data.join(SECRETS_FILE));
                    Desk::open(&data, vault.with_notice(UNTOLD, move |waiting| waits.note(waiting)), LABELS)
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

    /// Whether the window is to stay for now, because the person is asked about what would go with it.
    pub(crate) fn keeps_window(&self) -> bool {
        let names = self.desk.get().map(|desk| desk.names_at_risk()).unwrap_or_default();
        !names.is_empty() && self.closing.ask(names)
    }

    /// Copies what everybody may see.
    pub(crate) fn copy(&self, text: &str) -> Result<(), Failed> {
        self.clipboard.copy(text)
    }

    /// Copies a secret and clears it after a while if it is still there.
    pub(crate) fn copy_secret(&self, text: Zeroizing<String>) -> Result<(), Failed> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_of_a_token_is_called_by_its_name() {
        for label in [LABELS.secret, LABELS.being_made, LABELS.record] {
            assert!(label.contains("{name}"), "{label}");
        }
    }
}
