use crate::checks::flaw::Flaw;
use crate::kind::Kind;

/// Why a key could not be made, read or opened. Never carries key material or a passphrase.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Opening the encryption would take more time or memory than a pasted key may ask for.
    #[error("the passphrase protection of this key asks for too much work to be opened here")]
    EncryptionTooCostly,
    /// The operating system's random numbers, or the search for primes, failed.
    #[error("a key pair could not be made: the random number source failed")]
    GenerationFailed,
    /// It is not the structure that it was said to be.
    #[error("this is not a complete RSA key in {expected} form")]
    Malformed {
        /// The form that was expected, in words.
        expected: &'static str,
    },
    /// It is a key, but not an RSA key.
    #[error("it is not an RSA key ({0})")]
    NotRsa(Kind),
    /// One implementation's signature was not accepted by the other.
    #[error("the key pair failed its test: a signature made with it could not be verified")]
    ProofFailed,
    /// The key must not be used.
    #[error("this RSA key cannot be used: {0}")]
    Unfit(#[from] Flaw),
    /// The encryption is of a form that this program cannot open.
    #[error(
        "keys encrypted with {scheme} cannot be opened here: remove the passphrase with the \
         program that made the key, or make a new pair"
    )]
    UnsupportedEncryption {
        /// Name or object identifier of the scheme.
        scheme: String,
    },
    /// A pair of this length is not made.
    #[error("3Commas takes RSA keys of 2048 or 4096 bits, so a pair of {bits} bits is not made")]
    UnsupportedLength {
        /// What was asked for.
        bits: u32,
    },
    /// The passphrase does not open the key (or the key is damaged: nobody can tell which).
    #[error("this passphrase does not open the key")]
    WrongPassphrase,
}

impl Error {
    /// Stable kebab-case code, by which a caller classifies the error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::EncryptionTooCostly => "encryption-too-costly",
            Self::GenerationFailed => "generation-failed",
            Self::Malformed { .. } => "malformed",
            Self::NotRsa(_) => "not-rsa",
            Self::ProofFailed => "proof-failed",
            Self::Unfit(flaw) => flaw.code(),
            Self::UnsupportedEncryption { .. } => "unsupported-encryption",
            Self::UnsupportedLength { .. } => "unsupported-length",
            Self::WrongPassphrase => "wrong-passphrase",
        }
    }
}
