//! OpenSSH's private key container (OpenSSH source, `PROTOCOL.key`). The public half stands in
//! the clear beside the private one, which may be encrypted.

use aes::cipher::{BlockCipherDecrypt, BlockModeDecrypt, KeyInit, KeyIvInit, StreamCipher, block_padding::NoPadding};
use zeroize::Zeroizing;

use crate::checks::numbers::{PrivateNumbers, PublicNumbers};
use crate::error::Error;
use crate::kind::Kind;
use crate::pair::{KeyPair, PublicKey};
use crate::ssh::{self, Reader};

pub(crate) const MAGIC: &[u8] = b"openssh-key-v1\0";

const IV: usize = 16;
/// `ssh-keygen` uses 16 or 24 and lets people ask for more; a round takes milliseconds.
const MAX_ROUNDS: u32 = 1_000;

const MALFORMED: Error = Error::Malformed { expected: "OpenSSH" };

/// What the container shows without a passphrase.
pub(crate) enum Container {
    /// Needs a passphrase.
    Locked(Locked),
    /// RSA, without a passphrase: [`open_plain`] reads it.
    Plain,
    /// Another algorithm, without a passphrase.
    PlainOther(Kind),
}

/// An encrypted container.
#[derive(Clone)]
pub(crate) struct Locked {
    lock: Result<Bcrypt, Error>,
    public: Vec<u8>,
    data: Vec<u8>,
}

#[derive(Clone)]
struct Bcrypt {
    cipher: Cipher,
    salt: Vec<u8>,
    rounds: u32,
}

#[derive(Clone, Copy)]
enum Cipher {
    Aes128Cbc,
    Aes128Ctr,
    Aes192Cbc,
    Aes192Ctr,
    Aes256Cbc,
    Aes256Ctr,
}

/// Reads a container as far as that takes no passphrase and no arithmetic; `None` if it is damaged.
pub(crate) fn read(bytes: &[u8]) -> Option<Container> {
    let outer = outer(bytes)?;
    if outer.cipher == "none" {
        return section(outer.data).map(|section| match section {
            Section::Rsa(_) => Container::Plain,
            Section::Other(kind) => Container::PlainOther(kind),
        });
    }
    Some(Container::Locked(Locked {
        lock: lock(outer.cipher, outer.kdf, outer.options),
        public: outer.public.to_vec(),
        data: outer.data.to_vec(),
    }))
}

/// Imports the RSA key of a container without a passphrase.
pub(crate) fn open_plain(bytes: &[u8]) -> Result<KeyPair, Error> {
    match outer(bytes).and_then(|outer| section(outer.data)) {
        Some(Section::Rsa(numbers)) => KeyPair::from_numbers(&numbers),
        Some(Section::Other(kind)) => Err(Error::NotRsa(kind)),
        None => Err(MALFORMED),
    }
}

struct Outer<'a> {
    cipher: &'a str,
    kdf: &'a str,
    options: &'a [u8],
    public: &'a [u8],
    data: &'a [u8],
}

fn outer(bytes: &[u8]) -> Option<Outer<'_>> {
    let mut reader = Reader::new(bytes.strip_prefix(MAGIC)?);
    let cipher = reader.text()?;
    let kdf = reader.text()?;
    let options = reader.string()?;
    if reader.number()? != 1 {
        return None;
    }
    let public = reader.string()?;
    let data = reader.string()?;
    Some(Outer { cipher, kdf, options, public, data })
}

impl Locked {
    /// The public half, which is not encrypted.
    pub(super) fn public(&self) -> Result<PublicKey, Error> {
        match ssh::public(&self.public).ok_or(MALFORMED)? {
            ssh::Public::Rsa(numbers) => PublicKey::from_numbers(&numbers),
            ssh::Public::Other(algorithm) => Err(Error::NotRsa(private_kind(algorithm))),
        }
    }

    pub(super) fn obstacle(&self) -> Option<Error> {
        self.lock.as_ref().err().cloned()
    }

    pub(super) fn open(&self, passphrase: &[u8]) -> Result<KeyPair, Error> {
        let bcrypt = self.lock.as_ref().map_err(Clone::clone)?;
        let plain = bcrypt.decrypt(passphrase, &self.data)?;
        match section(&plain) {
            Some(Section::Rsa(numbers)) => KeyPair::from_numbers(&numbers),
            Some(Section::Other(kind)) => Err(Error::NotRsa(kind)),
            None => Err(Error::WrongPassphrase),
        }
    }
}

impl Bcrypt {
    fn decrypt(&self, passphrase: &[u8], data: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
        let mut derived = Zeroizing::new(vec![0; self.cipher.key() + IV]);
        bcrypt_pbkdf::bcrypt_pbkdf(passphrase, &self.salt, self.rounds, &mut derived)
            .map_err(|_| Error::WrongPassphrase)?;
        let (key, iv) = derived.split_at(self.cipher.key());
        let mut buffer = Zeroizing::new(data.to_vec());
        match self.cipher {
            Cipher::Aes128Cbc => cbc::<aes::Aes128>(key, iv, &mut buffer),
            Cipher::Aes128Ctr => ctr::<ctr::Ctr128BE<aes::Aes128>>(key, iv, &mut buffer),
            Cipher::Aes192Cbc => cbc::<aes::Aes192>(key, iv, &mut buffer),
            Cipher::Aes192Ctr => ctr::<ctr::Ctr128BE<aes::Aes192>>(key, iv, &mut buffer),
            Cipher::Aes256Cbc => cbc::<aes::Aes256>(key, iv, &mut buffer),
            Cipher::Aes256Ctr => ctr::<ctr::Ctr128BE<aes::Aes256>>(key, iv, &mut buffer),
        }
        .ok_or(MALFORMED)?;
        Ok(buffer)
    }
}

impl Cipher {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "aes128-cbc" => Self::Aes128Cbc,
            "aes128-ctr" => Self::Aes128Ctr,
            "aes192-cbc" => Self::Aes192Cbc,
            "aes192-ctr" => Self::Aes192Ctr,
            "aes256-cbc" => Self::Aes256Cbc,
            "aes256-ctr" => Self::Aes256Ctr,
            _ => return None,
        })
    }

    fn key(self) -> usize {
        match self {
            Self::Aes128Cbc | Self::Aes128Ctr => 16,
            Self::Aes192Cbc | Self::Aes192Ctr => 24,
            Self::Aes256Cbc | Self::Aes256Ctr => 32,
        }
    }
}

fn lock(cipher: &str, kdf: &str, options: &[u8]) -> Result<Bcrypt, Error> {
    let unsupported = |name: &str| Error::UnsupportedEncryption { scheme: name.chars().take(48).collect() };
    let cipher = Cipher::named(cipher).ok_or_else(|| unsupported(cipher))?;
    if kdf != "bcrypt" {
        return Err(unsupported(kdf));
    }
    let mut options = Reader::new(options);
    let (Some(salt), Some(rounds)) = (options.string(), options.number()) else {
        return Err(MALFORMED);
    };
    if !(1..=MAX_ROUNDS).contains(&rounds) {
        return Err(Error::EncryptionTooCostly);
    }
    Ok(Bcrypt { cipher, salt: salt.to_vec(), rounds })
}

enum Section<'a> {
    Rsa(PrivateNumbers<'a>),
    Other(Kind),
}

/// The private section: two equal check words, the key, a comment, padding 1, 2, 3...
fn section(plain: &[u8]) -> Option<Section<'_>> {
    let mut reader = Reader::new(plain);
    if reader.number()? != reader.number()? {
        return None;
    }
    let algorithm = reader.text()?;
    if algorithm != ssh::RSA {
        return Some(Section::Other(private_kind(algorithm)));
    }
    let mut numbers = [&[][..]; 6];
    for number in &mut numbers {
        *number = reader.magnitude()?;
    }
    let [n, e, d, coefficient, p, q] = numbers;
    reader.string()?;
    Some(Section::Rsa(PrivateNumbers { public: PublicNumbers { n, e }, d, p, q, exponents: None, coefficient }))
}

fn private_kind(algorithm: &str) -> Kind {
    if algorithm.starts_with("ecdsa-") {
        Kind::EcPrivate
    } else if algorithm == "ssh-ed25519" {
        Kind::Ed25519Private
    } else {
        Kind::Unknown
    }
}

fn cbc<C: BlockCipherDecrypt + KeyInit>(key: &[u8], iv: &[u8], buffer: &mut [u8]) -> Option<()> {
    cbc::Decryptor::<C>::new_from_slices(key, iv).ok()?.decrypt_padded::<NoPadding>(buffer).ok().map(|_| ())
}

fn ctr<C: KeyIvInit + StreamCipher>(key: &[u8], iv: &[u8], buffer: &mut [u8]) -> Option<()> {
    C::new_from_slices(key, iv).ok()?.try_apply_keystream(buffer).ok()
}
