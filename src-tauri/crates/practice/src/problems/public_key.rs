//! What is wrong with a public key.

/// Why a text is no public key that tokens may have. The text itself is never repeated: it may be a private key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PublicKeyProblem {
    #[error("is a private key: it must never leave your computer; send its public half (\"BEGIN PUBLIC KEY\")")]
    Private,
    #[error("must be one PEM block \"BEGIN PUBLIC KEY\" (SPKI)")]
    NotSpki,
    #[error("must be an RSA key")]
    NotRsa,
    #[error("must have 2048 or 4096 bits")]
    Size,
    #[error("must have the exponent 65537")]
    Exponent,
}

impl PublicKeyProblem {
    pub(crate) const ALL: [Self; 5] = [Self::Private, Self::NotSpki, Self::NotRsa, Self::Size, Self::Exponent];

    /// A stable word.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Private => "private_key",
            Self::NotSpki => "not_spki",
            Self::NotRsa => "not_rsa",
            Self::Size => "key_size",
            Self::Exponent => "key_exponent",
        }
    }
}
