//! The secrets file: the place to keep secrets where there is no keyring.
//!
//! Two files in the age format lie side by side. The key file (`secrets.key.age`) holds random X25519 identities
//! under the passphrase; the secrets file (`secrets.age`) holds all items as JSON, encrypted to the first of them.

pub(crate) mod contents;
mod envelope;
mod keys;
mod mark;
pub(crate) mod passphrase;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use private_files::Staged;
use zeroize::Zeroizing;

use crate::error::Error;
use crate::file::contents::{Contents, Kept};
use crate::file::keys::Keys;
use crate::file::mark::MoveMark;
use crate::file::passphrase::{Passphrase, WorkFactor};
use crate::secret::Secret;

/// Far above what the app writes; a file of this size was not written by it.
const MOST_BYTES: usize = 64 << 20;

pub(crate) struct SecretsFile {
    path: PathBuf,
    key_path: PathBuf,
    mark: MoveMark,
    state: Mutex<State>,
    /// Held from reading to writing, so that of two changes neither is lost.
    changing: Mutex<()>,
}

#[derive(Clone)]
enum State {
    Absent,
    Closed,
    Open(Arc<Keys>),
}

impl SecretsFile {
    /// Only looks whether there is a file.
    pub(crate) fn at(path: PathBuf) -> Self {
        let state = if private_files::exists(&path) { State::Closed } else { State::Absent };
        let key_path = path.with_extension("key.age");
        let mark = MoveMark::at(path.with_extension("moving"));
        Self { path, key_path, mark, state: Mutex::new(state), changing: Mutex::new(()) }
    }

    pub(crate) fn is_there(&self) -> bool {
        !matches!(*self.state(), State::Absent)
    }

    pub(crate) fn is_open(&self) -> bool {
        matches!(*self.state(), State::Open(_))
    }

    /// Makes the file with `contents`. Before it gets its name, which is what makes it the place, both
    /// parts are read back from the disk and opened with the passphrase.
    pub(crate) fn create(&self, passphrase: &Passphrase, work: WorkFactor, contents: &Contents) -> Result<(), Error> {
        if private_files::exists(&self.path) {
            // Put there since the start: its key file stays beside it.
            return Err(Error::FileFailed { doing: "made", kind: io::ErrorKind::AlreadyExists });
        }
        self.replace(passphrase, work, contents)
    }

    /// As [`create`](Self::create), and what has the names is set aside: a pair, or a key file alone, which may belong to a
    /// secrets file that somebody took away for a while.
    pub(crate) fn replace(&self, passphrase: &Passphrase, work: WorkFactor, contents: &Contents) -> Result<(), Error> {
        self.sweep();
        let (key_file, keys) = self.stage_keys(&Keys::generate(), passphrase, work)?;
        let file = self.stage(&keys, contents)?;
        private_files::set_aside(&[&self.path, &self.key_path])?;
        key_file.create()?;
        file.create()?;
        *self.state() = State::Open(Arc::new(keys));
        Ok(())
    }

    pub(crate) fn open(&self, passphrase: &Passphrase) -> Result<(), Error> {
        {
            // What a change that is under way has staged is not left over.
            let _turn = self.turn();
            self.sweep();
        }
        let keys = self.unwrap_keys(passphrase)?;
        // Damage is better said now than at the first secret that is needed.
        self.load(&keys)?;
        *self.state() = State::Open(Arc::new(keys));
        Ok(())
    }

    /// The old passphrase opens neither part afterwards, and somebody who knew it and has the old key file
    /// cannot open what is written from now on: the key changes too. The old key stays in the key
    /// file behind the new one, so that a kill between the two writes leaves a pair that opens.
    pub(crate) fn change_passphrase(&self, old: &Passphrase, new: &Passphrase, work: WorkFactor) -> Result<(), Error> {
        let _turn = self.turn();
        let present = self.unwrap_keys(old)?;
        let contents = self.load(&present)?;
        if !present.is_single() {
            // The contents may still be under the one behind, if an earlier change was cut off: it goes now.
            self.stage(&present, &contents)?.replace()?;
        }
        let (key_file, keys) = self.stage_keys(&present.renewed(), new, work)?;
        let file = self.stage(&keys, &contents)?;
        key_file.replace()?;
        *self.state() = State::Open(Arc::new(keys));
        // The new passphrase is the only one already. What fails here is made good by whatever is written next.
        drop(file.replace());
        Ok(())
    }

    pub(crate) fn contents(&self) -> Result<Contents, Error> {
        self.load(&*self.keys()?)
    }

    pub(crate) fn fetch(&self, name: &str) -> Result<Option<Secret>, Error> {
        Ok(self.contents()?.remove(name).map(|kept| kept.secret))
    }

    pub(crate) fn keep(&self, name: String, kept: Kept) -> Result<(), Error> {
        let _turn = self.turn();
        let keys = self.keys()?;
        let mut contents = self.load(&keys)?;
        contents.insert(name, kept);
        Ok(self.stage(&keys, &contents)?.replace()?)
    }

    pub(crate) fn forget(&self, name: &str) -> Result<bool, Error> {
        let _turn = self.turn();
        let keys = self.keys()?;
        let mut contents = self.load(&keys)?;
        if self.mark.is_there() {
            // First: what is gone here and not noted would stay in the keyring for good.
            self.mark.note_forgotten(name)?;
        }
        if contents.remove(name).is_none() {
            return Ok(false);
        }
        self.stage(&keys, &contents)?.replace()?;
        Ok(true)
    }

    /// Removes the file and then its key. Whatever was in it must be kept elsewhere.
    pub(crate) fn remove(&self) -> Result<(), Error> {
        let _turn = self.turn();
        let removed = private_files::remove(&self.path);
        if !private_files::exists(&self.path) {
            *self.state() = State::Absent;
        }
        removed?;
        // A key to nothing.
        drop(private_files::remove(&self.key_path));
        Ok(())
    }

    /// Whether a move is not finished.
    pub(crate) fn mark(&self) -> &MoveMark {
        &self.mark
    }

    /// Ends the mark of a move, unless something was forgotten since its names were `seen`.
    pub(crate) fn end_move(&self, seen: &[String]) -> Result<(), Error> {
        let _turn = self.turn();
        if self.mark.forgotten()? == seen { self.mark.end() } else { Ok(()) }
    }

    fn load(&self, keys: &Keys) -> Result<Contents, Error> {
        Contents::from_json(&keys.open(&read(&self.path)?)?)
    }

    /// Writes the contents and proves that they can be read, still without a name.
    fn stage(&self, keys: &Keys, contents: &Contents) -> Result<Staged, Error> {
        let staged = private_files::stage(&self.path, &keys.seal(contents.to_json()?)?)?;
        let read_back = Contents::from_json(&keys.open(&staged.read_back()?)?)?;
        if contents.is_same_as(&read_back) { Ok(staged) } else { Err(Error::NotKept) }
    }

    /// The keys are those read back from the disk: if they open the contents, the passphrase does.
    fn stage_keys(&self, keys: &Keys, passphrase: &Passphrase, work: WorkFactor) -> Result<(Staged, Keys), Error> {
        let staged = private_files::stage(&self.key_path, &keys.wrap(passphrase, work)?)?;
        let keys = Keys::unwrap(&staged.read_back()?, passphrase)?;
        Ok((staged, keys))
    }

    fn unwrap_keys(&self, passphrase: &Passphrase) -> Result<Keys, Error> {
        // Refused before the work of scrypt, and before its key is said to be missing.
        read(&self.path)?;
        if !private_files::exists(&self.key_path) {
            return Err(Error::FileDamaged { what: "the key file beside it is gone" });
        }
        Keys::unwrap(&read(&self.key_path)?, passphrase)
    }

    fn keys(&self) -> Result<Arc<Keys>, Error> {
        match &*self.state() {
            State::Open(keys) => Ok(Arc::clone(keys)),
            State::Closed | State::Absent => Err(Error::FileClosed),
        }
    }

    fn sweep(&self) {
        private_files::sweep(&self.path);
        private_files::sweep(&self.key_path);
        self.mark.sweep();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Only ever replaced as a whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn turn(&self) -> MutexGuard<'_, ()> {
        self.changing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The content of a file that only its owner, the person, can read and write.
fn read(path: &Path) -> Result<Zeroizing<Vec<u8>>, Error> {
    let missing = Error::FileFailed { doing: "read", kind: io::ErrorKind::NotFound };
    let found = private_files::find(path)?.ok_or(missing)?;
    Ok(found.refuse_readers()?.read(MOST_BYTES)?)
}
