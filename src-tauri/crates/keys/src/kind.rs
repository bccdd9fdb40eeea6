//! What a thing that was pasted can be.

use std::fmt;

/// What was pasted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// One word of 32 to 128 letters and digits: a key or a secret, nobody can tell which.
    ApiKey,
    /// Meant to be a key, but damaged.
    Broken,
    /// X.509 certificate.
    Certificate,
    /// PKCS#10 certificate request.
    CertificateRequest,
    /// Elliptic curve private key.
    EcPrivate,
    /// Elliptic curve public key.
    EcPublic,
    /// Ed25519 private key.
    Ed25519Private,
    /// Ed25519 public key.
    Ed25519Public,
    /// Nothing visible.
    Empty,
    /// Private key under a passphrase.
    EncryptedPrivate,
    /// Public key in OpenSSH form, of any algorithm.
    OpensshPublic,
    /// RSA private key.
    RsaPrivate,
    /// RSA public key.
    RsaPublic,
    /// More than one key.
    SeveralKeys,
    /// Something else.
    Unknown,
}

impl Kind {
    /// Every kind.
    pub const ALL: &[Self] = &[
        Self::ApiKey,
        Self::Broken,
        Self::Certificate,
        Self::CertificateRequest,
        Self::EcPrivate,
        Self::EcPublic,
        Self::Ed25519Private,
        Self::Ed25519Public,
        Self::Empty,
        Self::EncryptedPrivate,
        Self::OpensshPublic,
        Self::RsaPrivate,
        Self::RsaPublic,
        Self::SeveralKeys,
        Self::Unknown,
    ];

    /// Stable kebab-case code.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ApiKey => "api-key",
            Self::Broken => "broken",
            Self::Certificate => "certificate",
            Self::CertificateRequest => "certificate-request",
            Self::EcPrivate => "ec-private",
            Self::EcPublic => "ec-public",
            Self::Ed25519Private => "ed25519-private",
            Self::Ed25519Public => "ed25519-public",
            Self::Empty => "empty",
            Self::EncryptedPrivate => "encrypted-private",
            Self::OpensshPublic => "openssh-public",
            Self::RsaPrivate => "rsa-private",
            Self::RsaPublic => "rsa-public",
            Self::SeveralKeys => "several-keys",
            Self::Unknown => "unknown",
        }
    }

    /// Whether it is private material by its kind alone.
    pub(crate) fn is_private(self) -> bool {
        match self {
            Self::EcPrivate | Self::Ed25519Private | Self::EncryptedPrivate | Self::RsaPrivate => true,
            Self::ApiKey
            | Self::Broken
            | Self::Certificate
            | Self::CertificateRequest
            | Self::EcPublic
            | Self::Ed25519Public
            | Self::Empty
            | Self::OpensshPublic
            | Self::RsaPublic
            | Self::SeveralKeys
            | Self::Unknown => false,
        }
    }

    /// The start of a sentence.
    pub(crate) fn describe(self) -> &'static str {
        match self {
            Self::ApiKey => "This looks like an API key or a secret",
            Self::Broken => "This looks like a key",
            Self::Certificate => "A certificate",
            Self::CertificateRequest => "A certificate request",
            Self::EcPrivate => "An elliptic curve private key",
            Self::EcPublic => "An elliptic curve public key",
            Self::Ed25519Private => "An Ed25519 private key",
            Self::Ed25519Public => "An Ed25519 public key",
            Self::Empty => "Nothing was pasted",
            Self::EncryptedPrivate => "A private key protected by a passphrase",
            Self::OpensshPublic => "A public key in OpenSSH form",
            Self::RsaPrivate => "An RSA private key",
            Self::RsaPublic => "An RSA public key",
            Self::SeveralKeys => "More than one key",
            Self::Unknown => "This is not a key in any known form",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
