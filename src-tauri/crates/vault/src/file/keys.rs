use std::iter;

use age::secrecy::ExposeSecret;
use age::{Decryptor, Identity, x25519};
use zeroize::Zeroizing;

use crate::error::Error;
use crate::file::envelope::{self, Unopened};
use crate::file::passphrase::{Passphrase, WorkFactor};

/// The room for one identity and its line end: `AGE-SECRET-KEY-1` and 58 characters.
const LINE: usize = 80;

/// What opens the secrets file: age identities, of which the first is also what it is written to.
///
/// They are random and lie in the key file under the passphrase, so that only opening costs the work
/// of scrypt, not each secret that is kept.
pub(crate) struct Keys(Vec<x25519::Identity>);

impl Keys {
    pub(crate) fn generate() -> Self {
        Self(vec![x25519::Identity::generate()])
    }

    /// Whether there is no key behind the present one.
    pub(crate) fn is_single(&self) -> bool {
        self.0.len() == 1
    }

    /// A new key before the present one, so that both what was and what will be written opens.
    pub(crate) fn renewed(&self) -> Self {
        Self(iter::once(x25519::Identity::generate()).chain(self.0.first().cloned()).collect())
    }

    /// The key file: an identity file of age, encrypted with the passphrase.
    pub(crate) fn wrap(&self, passphrase: &Passphrase, work: WorkFactor) -> Result<Vec<u8>, Error> {
        let mut lines = Zeroizing::new(Vec::with_capacity(self.0.len() * LINE));
        for identity in &self.0 {
            lines.extend_from_slice(identity.to_string().expose_secret().as_bytes());
            lines.push(b'\n');
        }
        envelope::seal(lines, b'\n', &passphrase.recipient(work))
    }

    pub(crate) fn unwrap(sealed: &[u8], passphrase: &Passphrase) -> Result<Self, Error> {
        const NO_KEYS: Error = Error::FileDamaged { what: "its key file holds no keys" };
        // Asked first: a file made for a key is not one for which this passphrase is wrong.
        if !Decryptor::new_buffered(sealed).is_ok_and(|decryptor| decryptor.is_scrypt()) {
            return Err(Error::FileDamaged { what: "its key file is not one of age under a passphrase" });
        }
        let identity = passphrase.identity();
        let lines = envelope::open(sealed, iter::once(&identity as &dyn Identity)).map_err(|error| match error {
            Unopened::OtherKey => Error::PassphraseWrong,
            Unopened::Damaged(what) => Error::FileDamaged { what },
        })?;
        let lines = std::str::from_utf8(&lines).map_err(|_| NO_KEYS)?;
        let identities: Vec<_> = lines
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
            .map(|line| line.parse().map_err(|_| NO_KEYS))
            .collect::<Result<_, _>>()?;
        if identities.is_empty() { Err(NO_KEYS) } else { Ok(Self(identities)) }
    }

    pub(crate) fn seal(&self, plaintext: Zeroizing<Vec<u8>>) -> Result<Vec<u8>, Error> {
        let Some(current) = self.0.first() else {
            return Err(Error::FileDamaged { what: "its key file holds no keys" });
        };
        envelope::seal(plaintext, b' ', &current.to_public())
    }

    pub(crate) fn open(&self, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
        let identities = self.0.iter().map(|identity| identity as &dyn Identity);
        envelope::open(sealed, identities).map_err(|error| Error::FileDamaged {
            what: match error {
                Unopened::OtherKey => "it does not belong to the key file beside it",
                Unopened::Damaged(what) => what,
            },
        })
    }
}
