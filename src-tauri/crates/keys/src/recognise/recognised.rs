//! What was pasted, and what is said of it.

use std::fmt;

use crate::encrypted::EncryptedKey;
use crate::error::Error;
use crate::kind::Kind;
use crate::pair::{KeyPair, PublicKey};
use crate::recognise::damage::Damage;
use crate::recognise::field::{Field, FieldVerdict};

/// What was pasted and what becomes of it in each field.
pub struct Recognised {
    pub(super) kind: Kind,
    pub(super) problem: Option<Problem>,
    pub(super) holds_private: bool,
    pub(super) public: Option<PublicKey>,
    pub(super) pair: Option<KeyPair>,
    pub(super) encrypted: Option<EncryptedKey>,
}

/// Why it is accepted in neither field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Problem {
    Damage(Damage),
    /// PuTTY's own file form, which is not read.
    Putty,
    Unusable(Error),
}

impl Recognised {
    /// What it is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// What becomes of it in a field.
    pub fn verdict(&self, field: Field) -> FieldVerdict {
        if self.problem.is_some() {
            return FieldVerdict::Reject;
        }
        match (self.kind, field) {
            (Kind::RsaPublic | Kind::OpensshPublic, Field::Public) | (Kind::RsaPrivate, Field::Private) => {
                FieldVerdict::Accept
            }
            (Kind::EncryptedPrivate, Field::Private) => FieldVerdict::NeedsPassphrase,
            _ => FieldVerdict::Reject,
        }
    }

    /// Stable kebab-case code: of the problem if there is one, else of the kind.
    pub fn code(&self) -> &'static str {
        match &self.problem {
            None => self.kind.as_str(),
            Some(problem) => problem.code(),
        }
    }

    /// One or two short English sentences: what it is, and what to do.
    pub fn message(&self) -> String {
        let what = self.kind.describe();
        match &self.problem {
            None => self.advice(),
            Some(Problem::Damage(damage)) if self.holds_private => {
                format!("This looks like a private key, but {damage}. Copy the whole key again.")
            }
            Some(Problem::Damage(Damage::TooLong)) => {
                format!("{what}: {}. Paste only the key.", Damage::TooLong)
            }
            Some(Problem::Damage(damage)) => {
                format!("{what}: {damage}. Copy the whole key again.")
            }
            Some(Problem::Putty) => "A PuTTY private key. In PuTTYgen choose Conversions, \
                 Export OpenSSH key, and use that file."
                .to_owned(),
            Some(Problem::Unusable(Error::Unfit(flaw))) => {
                format!("{what}, but it cannot be used: {flaw}.")
            }
            Some(Problem::Unusable(error)) => format!("{what}, but {error}."),
        }
    }

    /// The sound RSA public key in it: to be sent where the public field's verdict is accept, else
    /// to be offered instead (the public half of a private key, the key of a certificate).
    pub fn public_key(&self) -> Option<&PublicKey> {
        self.public.as_ref()
    }

    /// The checked and proven pair, where the private field's verdict is accept.
    pub fn key_pair(&self) -> Option<&KeyPair> {
        self.pair.as_ref()
    }

    /// The key to open, where the private field's verdict is needs-passphrase.
    pub fn encrypted_key(&self) -> Option<&EncryptedKey> {
        self.encrypted.as_ref()
    }

    /// Whether there is private material in what was pasted, whatever else it is.
    pub fn holds_private_material(&self) -> bool {
        self.holds_private
    }

    /// What to do with something that is whole and sound, or simply is no RSA key.
    fn advice(&self) -> String {
        let what = self.kind.describe();
        let bits = self.public.as_ref().map_or(0, PublicKey::bits);
        match self.kind {
            Kind::RsaPublic => format!("{what} of {bits} bits."),
            Kind::OpensshPublic => {
                format!("{what} of {bits} bits. It is converted to the form that 3Commas takes.")
            }
            Kind::RsaPrivate => format!(
                "{what} of {bits} bits. It never leaves this computer: as public key its public \
                 half is used."
            ),
            Kind::EncryptedPrivate => {
                format!("{what}. It opens with its passphrase and never leaves this computer.")
            }
            Kind::Certificate | Kind::CertificateRequest if self.public.is_some() => {
                format!("{what}, not a key. The RSA public key in it can be used instead.")
            }
            Kind::Certificate | Kind::CertificateRequest => {
                format!("{what} without an RSA public key that could be used.")
            }
            Kind::EcPublic | Kind::EcPrivate | Kind::Ed25519Public | Kind::Ed25519Private => {
                format!("{what}. 3Commas takes RSA keys of 2048 or 4096 bits only.")
            }
            Kind::SeveralKeys => format!("{what}. Paste only the one that is meant."),
            Kind::ApiKey => format!("{what}. Here an RSA key is asked for, a text of many lines."),
            Kind::Empty | Kind::Broken | Kind::Unknown => format!("{what}."),
        }
    }

    pub(super) fn new(kind: Kind) -> Self {
        Self { kind, problem: None, holds_private: kind.is_private(), public: None, pair: None, encrypted: None }
    }

    pub(super) fn broken(damage: Damage, holds_private: bool) -> Self {
        Self { problem: Some(Problem::Damage(damage)), holds_private, ..Self::new(Kind::Broken) }
    }

    pub(super) fn unusable(kind: Kind, error: Error) -> Self {
        Self { problem: Some(Problem::Unusable(error)), ..Self::new(kind) }
    }
}

impl fmt::Debug for Recognised {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recognised")
            .field("kind", &self.kind)
            .field("code", &self.code())
            .field("public", &self.public)
            .finish_non_exhaustive()
    }
}

impl Problem {
    fn code(&self) -> &'static str {
        match self {
            Self::Damage(damage) => damage.code(),
            Self::Putty => "putty-key",
            Self::Unusable(error) => error.code(),
        }
    }
}
