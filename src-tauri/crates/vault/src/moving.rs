//! From the keyring into the file and back.
//!
//! Everything is written to the new place and read back before the place changes, and forgotten in
//! the old one afterwards. The place changes in one step on the disk: the file gets its name, or loses it.
//!
//! While a move is unfinished, a mark lies beside the file: copies of what is in it, or was, may be in the keyring too. As
//! long as the file is the place and the mark is there, [`Vault::finish_move`] has something to do.

use std::sync::{PoisonError, RwLockWriteGuard};

use subtle::ConstantTimeEq;
use uuid::Uuid;

use crate::error::Error;
use crate::file::SecretsFile;
use crate::file::contents::{Contents, Kept};
use crate::file::passphrase::Passphrase;
use crate::secret::Secret;
use crate::vault::Vault;

impl Vault {
    /// Moves everything of this installation into a file under `passphrase`, which becomes the place, and
    /// returns how many items that were. Takes two seconds and the time of the keyring.
    ///
    /// If the keyring is missing, locked or fails before the place has changed, nothing has happened. If it fails
    /// afterwards, everything has moved and copies are left in it: [`Vault::has_copies_in_keyring`]. `Ok(0)` if the place is the file already and this is its passphrase.
    pub fn move_to_file(&self, installation: Uuid, passphrase: &Secret) -> Result<usize, Error> {
        let passphrase = Passphrase::chosen(passphrase)?;
        let Some(file) = self.file.as_deref() else { return Err(NO_FILE_NAMED) };
        let _alone = self.leave();
        let mut moved = 0;
        if file.is_there() {
            file.open(&passphrase)?;
        } else {
            let contents = self.everything_in_the_keyring(installation)?;
            moved = contents.iter().count();
            self.make_file(file, &passphrase, &contents)?;
        }
        // The place has changed: nothing that goes wrong now undoes that.
        drop(self.forget_copies(file, installation));
        Ok(moved)
    }

    /// Makes an empty file under `passphrase`, which becomes the place, without asking the keyring.
    ///
    /// For a keyring that is [`Error::Missing`] or stays [`Error::Locked`], and has nothing of this installation: whoever
    /// calls this has to know. What it does have stays there and is [not fetched](Vault::fetch) from now on. Fails if the file is there already.
    pub fn begin_file(&self, passphrase: &Secret) -> Result<(), Error> {
        let passphrase = Passphrase::chosen(passphrase)?;
        let Some(file) = self.file.as_deref() else { return Err(NO_FILE_NAMED) };
        let _alone = self.leave();
        self.make_file(file, &passphrase, &Contents::default())
    }

    /// Sets a file that nobody can open, and its key, aside, and makes an empty one under `passphrase` in their place.
    ///
    /// What is in it is out of reach from then on, until somebody who knows its passphrase puts it back: `secrets.age.old` and
    /// `secrets.key.age.old` are the pair. Fails where there is no file, or it is open.
    pub fn begin_new_file(&self, passphrase: &Secret) -> Result<(), Error> {
        let passphrase = Passphrase::chosen(passphrase)?;
        let _alone = self.leave();
        let Some(file) = self.chosen_file().filter(|file| !file.is_open()) else { return Err(NO_FILE_NAMED) };
        file.replace(&passphrase, self.work, &Contents::default())
    }

    /// Moves everything in the file into the keyring, which becomes the place, and returns how many items of
    /// this installation that were. The file and its key are removed.
    ///
    /// If the keyring is missing, locked or fails, the file stays the place and whole; copies that
    /// were already written stay in the keyring ([`Vault::has_copies_in_keyring`]), and moving again writes them anew.
    /// `Ok(0)` if the place is the keyring already.
    pub fn move_to_keyring(&self, installation: Uuid) -> Result<usize, Error> {
        let _alone = self.leave();
        let Some(file) = self.chosen_file() else { return Ok(0) };
        let contents = file.contents()?;
        // Also where there is nothing to move: one does not move to a keyring that is not there.
        self.keyring.names(installation)?;
        let mark = file.mark();
        if mark.is_there() {
            self.forget_noted(&mark.forgotten()?, &contents)?;
        } else {
            mark.begin()?;
        }
        for (name, kept) in contents.iter() {
            self.keyring.keep(name, &kept.label, &kept.secret)?;
        }
        file.remove()?;
        // Where there is no file, it says nothing.
        drop(mark.end());
        let prefix = format!("{installation}/");
        Ok(contents.iter().filter(|(name, _)| name.starts_with(&prefix)).count())
    }

    /// Whether a move was cut off, so that copies of what is in the file may be in the keyring too. Asks neither.
    pub fn has_copies_in_keyring(&self) -> bool {
        self.chosen_file().is_some_and(|file| file.mark().is_there())
    }

    /// Forgets in the keyring what a move that was cut off left there; does nothing if none was. The file has to be open.
    ///
    /// Only what the file has under the same name with the same content is forgotten, and what [`Vault::forget`] was asked to
    /// forget since. After an error it can be called again, at the next start too.
    pub fn finish_move(&self, installation: Uuid) -> Result<(), Error> {
        let _stays = self.stays();
        match self.chosen_file() {
            Some(file) => self.forget_copies(file, installation),
            None => Ok(()),
        }
    }

    fn make_file(&self, file: &SecretsFile, passphrase: &Passphrase, contents: &Contents) -> Result<(), Error> {
        // Any other has nothing of which a copy could be in the file.
        if self.keyring.may_have_ours() {
            file.mark().begin()?;
        } else {
            file.mark().end()?;
        }
        file.create(passphrase, self.work, contents)
    }

    fn forget_copies(&self, file: &SecretsFile, installation: Uuid) -> Result<(), Error> {
        let mark = file.mark();
        if !mark.is_there() {
            return Ok(());
        }
        // What it still writes may come after all that is done here.
        let is_writing = self.keyring.is_writing();
        let (contents, forgotten) = (file.contents()?, mark.forgotten()?);
        self.forget_noted(&forgotten, &contents)?;
        for found in self.keyring.names(installation)? {
            let Some(kept) = contents.get(&found.user) else { continue };
            let Some(copy) = self.keyring.fetch(&found.user)? else { continue };
            if copy.expose().ct_eq(kept.secret.expose()).into() {
                self.keyring.forget(&found.user)?;
            }
        }
        if is_writing { Ok(()) } else { file.end_move(&forgotten) }
    }

    fn forget_noted(&self, forgotten: &[String], contents: &Contents) -> Result<(), Error> {
        for name in forgotten.iter().filter(|name| contents.get(name).is_none()) {
            self.keyring.forget(name)?;
        }
        Ok(())
    }

    fn everything_in_the_keyring(&self, installation: Uuid) -> Result<Contents, Error> {
        let mut everything = Contents::default();
        for found in self.keyring.names(installation)? {
            // What is gone since the list was made was forgotten.
            if let Some(secret) = self.keyring.fetch(&found.user)? {
                everything.insert(found.user, Kept { label: found.label, secret });
            }
        }
        Ok(everything)
    }

    fn leave(&self) -> RwLockWriteGuard<'_, ()> {
        self.place.write().unwrap_or_else(PoisonError::into_inner)
    }
}

const NO_FILE_NAMED: Error = Error::FileFailed { doing: "made", kind: std::io::ErrorKind::Unsupported };
