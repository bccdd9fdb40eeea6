//! What one block is, by its content. Structure only: nothing is computed yet.

use rsa::pkcs1::RsaPublicKeyRef;
use rsa::pkcs8::der::Decode;
use zeroize::Zeroizing;

use crate::checks::flaw::Flaw;
use crate::checks::numbers::PublicNumbers;
use crate::encrypted::{EncryptedKey, openssh};
use crate::error::Error;
use crate::import::form::{Form, classify, spki};
use crate::kind::Kind;
use crate::pair::{KeyPair, PublicKey};
use crate::recognise::blocks::Block;
use crate::recognise::damage::Damage;
use crate::recognise::markers::Label;
use crate::ssh;

/// A named block.
pub(super) enum Thing {
    /// Meant to be a key.
    Broken {
        damage: Damage,
        private: bool,
    },
    /// Certificate or request, and the RSA key in it.
    Document(Kind, Option<RsaNumbers>),
    /// Of another world, such as PGP's.
    Foreign,
    Private(Private),
    Public(Public),
}

pub(super) enum Private {
    Encrypted(EncryptedKey),
    /// OpenSSH container without a passphrase, RSA.
    OpenSsh(Zeroizing<Vec<u8>>),
    Other(Kind),
    /// PKCS#1.
    Rsa(Zeroizing<Vec<u8>>),
    RsaPssOnly,
}

#[derive(PartialEq, Eq)]
pub(super) enum Public {
    OpenSsh(RsaNumbers),
    OpenSshOther(Kind),
    Other(Kind),
    Rsa(RsaNumbers),
    RsaPssOnly,
}

/// Magnitudes of a public key, unchecked.
#[derive(PartialEq, Eq)]
pub(super) struct RsaNumbers {
    n: Vec<u8>,
    e: Vec<u8>,
}

impl Thing {
    pub(super) fn of_block(block: Block) -> Self {
        let foreign = block.label == Some(Label::Foreign);
        let private = block.label == Some(Label::Private);
        let thing = match block.body {
            Ok(body) => match body.dek_info {
                Some(info) => Some(Self::Private(Private::Encrypted(EncryptedKey::dek_info(&info, &body.bytes)))),
                None => Self::of_bytes(body.bytes),
            },
            Err(_) if foreign => None,
            Err(damage) => Some(Self::Broken { damage, private }),
        };
        thing.unwrap_or(if foreign { Self::Foreign } else { Self::Broken { damage: Damage::Malformed, private } })
    }

    /// Whether there is private material in it, or was meant to be.
    pub(super) fn is_private(&self) -> bool {
        match self {
            Self::Broken { private, .. } => *private,
            Self::Private(_) => true,
            Self::Document(..) | Self::Foreign | Self::Public(_) => false,
        }
    }

    /// `None`: no known structure.
    pub(super) fn of_bytes(bytes: Zeroizing<Vec<u8>>) -> Option<Self> {
        if bytes.starts_with(openssh::MAGIC) {
            return Some(Self::of_container(bytes));
        }
        if let Some(public) = ssh::public(&bytes) {
            return Some(Self::Public(match public {
                ssh::Public::Rsa(numbers) => Public::OpenSsh(RsaNumbers::new(&numbers)),
                ssh::Public::Other(algorithm) => Public::OpenSshOther(public_kind(algorithm)),
            }));
        }
        Some(match classify(&bytes)? {
            Form::Certificate { spki } => Self::Document(Kind::Certificate, RsaNumbers::spki(spki)),
            Form::Encrypted { algorithm, data } => {
                Self::Private(Private::Encrypted(EncryptedKey::pbes2(algorithm, data)))
            }
            Form::OtherPrivate(kind) => Self::Private(Private::Other(kind)),
            Form::OtherPublic(kind) => Self::Public(Public::Other(kind)),
            Form::Request { spki } => Self::Document(Kind::CertificateRequest, RsaNumbers::spki(spki)),
            Form::RsaPrivate { pkcs1 } => Self::Private(Private::Rsa(Zeroizing::new(pkcs1.to_vec()))),
            Form::RsaPssPrivate => Self::Private(Private::RsaPssOnly),
            Form::RsaPssPublic => Self::Public(Public::RsaPssOnly),
            Form::RsaPublic { pkcs1 } => match RsaNumbers::pkcs1(pkcs1) {
                Some(numbers) => Self::Public(Public::Rsa(numbers)),
                None => Self::Broken { damage: Damage::Malformed, private: false },
            },
        })
    }

    fn of_container(bytes: Zeroizing<Vec<u8>>) -> Self {
        match openssh::read(&bytes) {
            Some(openssh::Container::Locked(locked)) => {
                Self::Private(Private::Encrypted(EncryptedKey::openssh(locked)))
            }
            Some(openssh::Container::Plain) => Self::Private(Private::OpenSsh(bytes)),
            Some(openssh::Container::PlainOther(kind)) => Self::Private(Private::Other(kind)),
            None => Self::Broken { damage: Damage::Truncated, private: true },
        }
    }
}

impl Private {
    /// Whether both are the same key, as far as the bytes tell.
    pub(super) fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::OpenSsh(one), Self::OpenSsh(two)) | (Self::Rsa(one), Self::Rsa(two)) => one == two,
            _ => false,
        }
    }

    /// The pair of an RSA key that is not encrypted.
    pub(super) fn import(&self) -> Result<KeyPair, Error> {
        match self {
            Self::OpenSsh(container) => openssh::open_plain(container),
            Self::Rsa(pkcs1) => KeyPair::from_pkcs1_der(pkcs1),
            Self::RsaPssOnly => Err(Flaw::PssOnly.into()),
            Self::Other(kind) => Err(Error::NotRsa(*kind)),
            Self::Encrypted(_) => Err(Error::WrongPassphrase),
        }
    }
}

impl RsaNumbers {
    pub(super) fn import(&self) -> Result<PublicKey, Error> {
        PublicKey::from_numbers(&PublicNumbers { n: &self.n, e: &self.e })
    }

    pub(super) fn pkcs1(der: &[u8]) -> Option<Self> {
        let key = RsaPublicKeyRef::from_der(der).ok()?;
        Some(Self { n: key.modulus.as_bytes().to_vec(), e: key.public_exponent.as_bytes().to_vec() })
    }

    fn spki(der: &[u8]) -> Option<Self> {
        match spki(der)? {
            Form::RsaPublic { pkcs1 } => Self::pkcs1(pkcs1),
            _ => None,
        }
    }

    fn new(numbers: &PublicNumbers<'_>) -> Self {
        let trimmed = |bytes: &[u8]| {
            let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
            bytes[zeros..].to_vec()
        };
        Self { n: trimmed(numbers.n), e: trimmed(numbers.e) }
    }
}

fn public_kind(algorithm: &str) -> Kind {
    if algorithm.starts_with("ecdsa-") {
        Kind::EcPublic
    } else if algorithm == "ssh-ed25519" {
        Kind::Ed25519Public
    } else {
        Kind::Unknown
    }
}
