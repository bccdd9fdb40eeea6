//! From the keyring into the file and back.
//!
//! Everything is written to the new place and read back before the place changes, and forgotten in
//! the old one afterwards. The place changes in one step on the disk: the file gets its name, or loses it.

use std::sync::{PoisonError, RwLockWriteGuard};

use uuid::Uuid;

use crate::file::{Contents, Kept, Passphrase};
use crate::{Error, Secret, Vault};

impl Vault {
    /// Moves everything of this installation into a file under `passphrase`, which becomes the place, and
    /// returns how many items that were. Takes two seconds and the time of the keyring.
    ///
    /// A keyring that is [`Error::Missing`] has nothing to move. If it is locked or fails before the place
    /// has changed, nothing has happened. If it fails afterwards, the error is returned although
    /// [`Vault::place`] is the file: copies are left in the keyring, and moving again, with the same
    /// passphrase, removes them. What is in the keyring but not in the file by then is taken over.
    pub fn move_to_file(&self, installation: Uuid, passphrase: &Secret) -> Result<usize, Error> {
        let passphrase = Passphrase::chosen(passphrase)?;
        let Some(file) = self.file.as_deref() else { return Err(NO_FILE_NAMED) };
        let _alone = self.leave();
        let finishing = file.is_there();
        if finishing {
            file.open(&passphrase)?;
        }
        let kept = self.everything_in_the_keyring(installation)?;
        let names: Vec<_> = kept.iter().map(|(name, _)| name.clone()).collect();
        if !finishing {
            let mut contents = Contents::default();
            kept.into_iter().for_each(|(name, kept)| contents.insert(name, kept));
            file.create(&passphrase, self.work, &contents)?;
        } else if !kept.is_empty() {
            file.keep_if_new(kept)?;
        }
        for name in &names {
            self.keyring.forget(name)?;
        }
        Ok(names.len())
    }

    /// Moves everything in the file into the keyring, which becomes the place, and returns how many items of
    /// this installation that were. The file and its key are removed.
    ///
    /// If the keyring is missing, locked or fails, the file stays the place and whole; copies that
    /// were already written stay in the keyring, and moving again writes them anew. `Ok(0)` if the
    /// place is the keyring already.
    pub fn move_to_keyring(&self, installation: Uuid) -> Result<usize, Error> {
        let _alone = self.leave();
        let Some(file) = self.chosen_file() else { return Ok(0) };
        let contents = file.contents()?;
        // Also where there is nothing to move: one does not move to a keyring that is not there.
        self.keyring.names(installation)?;
        for (name, kept) in contents.iter() {
            self.keyring.keep(name, &kept.label, &kept.secret)?;
        }
        file.remove()?;
        let prefix = format!("{installation}/");
        Ok(contents.iter().filter(|(name, _)| name.starts_with(&prefix)).count())
    }

    fn everything_in_the_keyring(&self, installation: Uuid) -> Result<Vec<(String, Kept)>, Error> {
        let names = match self.keyring.names(installation) {
            Err(Error::Missing) => Vec::new(),
            names => names?,
        };
        let mut everything = Vec::with_capacity(names.len());
        for found in names {
            // What is gone since the list was made was forgotten.
            if let Some(secret) = self.keyring.fetch(&found.user)? {
                everything.push((found.user, Kept { label: found.label, secret }));
            }
        }
        Ok(everything)
    }

    fn leave(&self) -> RwLockWriteGuard<'_, ()> {
        self.place.write().unwrap_or_else(PoisonError::into_inner)
    }
}

const NO_FILE_NAMED: Error = Error::FileFailed { doing: "made", kind: std::io::ErrorKind::Unsupported };
