//! Private keys under a passphrase.

mod dek_info;
pub(crate) mod openssh;
mod pbes2;

use std::fmt;

use rsa::pkcs8::spki::AlgorithmIdentifierRef;

use crate::checks::flaw::Flaw;
use crate::error::Error;
use crate::import::form::{Form, classify};
use crate::pair::{KeyPair, PublicKey};

/// A private key that needs a passphrase, as it was pasted: nothing of it is open yet.
///
/// Three forms are opened: PKCS#8 with PBES2 (PBKDF2 or scrypt; AES or triple DES), OpenSSL's old
/// `DEK-Info` PEM (AES-CBC or triple DES), and OpenSSH's own (bcrypt; AES-CTR or AES-CBC).
#[derive(Clone)]
pub struct EncryptedKey(Lock);

#[derive(Clone)]
enum Lock {
    DekInfo(dek_info::Locked),
    OpenSsh(openssh::Locked),
    Pbes2(pbes2::Locked),
}

impl EncryptedKey {
    /// Opens the key, checks it and proves it like every imported one.
    ///
    /// Takes as long as the key's own protection asks for, up to some seconds.
    pub fn open(&self, passphrase: &[u8]) -> Result<KeyPair, Error> {
        match &self.0 {
            Lock::DekInfo(locked) => read(&locked.decrypt(passphrase)?),
            Lock::OpenSsh(locked) => locked.open(passphrase),
            Lock::Pbes2(locked) => read(&locked.decrypt(passphrase)?),
        }
    }

    /// The public half, where the form shows it without a passphrase (OpenSSH does), or what is
    /// already known to stand in the way before any passphrase is typed.
    pub fn look(&self) -> Result<Option<PublicKey>, Error> {
        let public = match &self.0 {
            Lock::OpenSsh(locked) => Some(locked.public()?),
            Lock::DekInfo(_) | Lock::Pbes2(_) => None,
        };
        match self.obstacle() {
            Some(error) => Err(error),
            None => Ok(public),
        }
    }

    fn obstacle(&self) -> Option<Error> {
        match &self.0 {
            Lock::DekInfo(locked) => locked.obstacle(),
            Lock::OpenSsh(locked) => locked.obstacle(),
            Lock::Pbes2(locked) => locked.obstacle(),
        }
    }

    pub(crate) fn pbes2(algorithm: AlgorithmIdentifierRef<'_>, data: &[u8]) -> Self {
        Self(Lock::Pbes2(pbes2::Locked::new(algorithm, data)))
    }

    /// `info` is what stands after `DEK-Info:`.
    pub(crate) fn dek_info(info: &str, data: &[u8]) -> Self {
        Self(Lock::DekInfo(dek_info::Locked::new(info, data)))
    }

    pub(crate) fn openssh(locked: openssh::Locked) -> Self {
        Self(Lock::OpenSsh(locked))
    }
}

impl fmt::Debug for EncryptedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let form = match self.0 {
            Lock::DekInfo(_) => "DEK-Info",
            Lock::OpenSsh(_) => "OpenSSH",
            Lock::Pbes2(_) => "PKCS#8",
        };
        f.debug_struct("EncryptedKey").field("form", &form).finish()
    }
}

/// Reads the plain text. A wrong passphrase can leave valid padding behind (one time in 256), so
/// that what is no key at all means a wrong passphrase too.
fn read(plain: &[u8]) -> Result<KeyPair, Error> {
    match classify(plain) {
        Some(Form::RsaPrivate { pkcs1 }) => KeyPair::from_pkcs1_der(pkcs1),
        Some(Form::RsaPssPrivate) => Err(Flaw::PssOnly.into()),
        Some(Form::OtherPrivate(kind)) => Err(Error::NotRsa(kind)),
        _ => Err(Error::WrongPassphrase),
    }
}
