//! Where the secrets of this installation are kept, and how that changes.

use vault::{Place, Secret};

use crate::blocking::blocking;
use crate::desk::Desk;
use crate::error::Error;
use crate::store::attempt::Stage;

/// The secrets file beside the database, if the person chooses one; its key lies beside it.
pub const SECRETS_FILE: &str = "secrets.age";

/// Where secrets are kept now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Safe {
    /// The keyring, or the file.
    pub place: Place,
    /// `false` while the file waits for its passphrase.
    pub is_open: bool,
    /// Whether copies of what is in the file may be in the keyring too, because a move was cut off.
    pub copies_in_keyring: bool,
}

impl Desk {
    /// Where secrets are kept. Neither keyring nor passphrase is asked.
    pub fn safe(&self) -> Safe {
        let vault = self.vault();
        Safe { place: vault.place(), is_open: vault.is_open(), copies_in_keyring: vault.has_copies_in_keyring() }
    }

    /// Opens the secrets file, once after each start.
    ///
    /// What a move that was cut off left in the keyring is forgotten meanwhile. Nobody waits for that: the keyring may ask
    /// for its password first. If it is away or refuses, the next opening tries again.
    pub async fn open_secrets_file(&self, passphrase: Secret) -> Result<(), Error> {
        let vault = self.vault().clone();
        blocking(move || vault.open_file(&passphrase)).await?;
        let (vault, installation) = (self.vault().clone(), self.installation());
        drop(tokio::task::spawn_blocking(move || vault.finish_move(installation)));
        Ok(())
    }

    /// Moves everything from the keyring into the secrets file; answers how much. Copies that the keyring would not forget
    /// stay there until a later [`Desk::open_secrets_file`].
    ///
    /// A keyring that is missing or locked, or fails, is left only if nothing of this installation is in it: else
    /// [`Error::KeysInKeyring`], and nothing has happened.
    pub async fn keep_in_file(&self, passphrase: Secret) -> Result<usize, Error> {
        use vault::Error::{Failed, Locked, Missing, TimedOut};

        let _not_while_a_token_is_made = self.creating().await;
        let (vault, installation) = (self.vault().clone(), self.installation());
        let has_keys = self.has_keys_in_keyring().await?;
        let moved = move || match vault.move_to_file(installation, &passphrase) {
            // Over what others keep in it, or what no creation came of.
            Err(Failed { .. } | Locked | Missing | TimedOut) if !has_keys => {
                Ok(vault.begin_file(&passphrase).map(|()| 0)?)
            }
            Err(Locked | Missing | TimedOut) => Err(Error::KeysInKeyring),
            moved => Ok(moved?),
        };
        let moved = blocking(moved).await?;
        // It may have been running since before the keyring went away.
        self.practice().keep_state_key().await?;
        Ok(moved)
    }

    /// Whether something of this installation lies in the keyring that is in no memory of ours.
    async fn has_keys_in_keyring(&self) -> Result<bool, Error> {
        if self.vault().place() == Place::File {
            return Ok(false);
        }
        // What the lost database knew of lies there.
        if self.lost().is_some() {
            return Ok(true);
        }
        let has_tokens = self
            .on_store(|store| {
                let open = store.open_attempts()?;
                let sent = open.iter().any(|attempt| matches!(attempt.stage, Stage::Submitted | Stage::Recorded));
                Ok(sent || !store.tokens()?.is_empty())
            })
            .await?;
        Ok(has_tokens || self.practice().needs_its_stored_key().await)
    }

    /// Puts a secrets file that nobody can open aside, and begins an empty one. What was in it is out of reach, so its tokens are
    /// found to have lost their secret part by the next check.
    pub async fn begin_new_secrets_file(&self, passphrase: Secret) -> Result<(), Error> {
        let _not_while_a_token_is_made = self.creating().await;
        let vault = self.vault().clone();
        Ok(blocking(move || vault.begin_new_file(&passphrase)).await?)
    }

    /// Moves everything from the secrets file into the keyring; answers how much.
    pub async fn keep_in_keyring(&self) -> Result<usize, Error> {
        let _not_while_a_token_is_made = self.creating().await;
        let (vault, installation) = (self.vault().clone(), self.installation());
        Ok(blocking(move || vault.move_to_keyring(installation)).await?)
    }

    /// Gives the secrets file another passphrase.
    pub async fn change_passphrase(&self, old: Secret, new: Secret) -> Result<(), Error> {
        let vault = self.vault().clone();
        Ok(blocking(move || vault.change_passphrase(&old, &new)).await?)
    }
}
