//! What is wrong with a public key.

use crate::words::words;

words! {
    /// Why a text is no public key that tokens may have. The text itself is never repeated: it may be a private key.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub(crate) enum PublicKeyProblem {
        Private = "private_key" =>
            "is a private key: it must never leave your computer; send its public half (\"BEGIN PUBLIC KEY\")",
        NotSpki = "not_spki" => "must be one PEM block \"BEGIN PUBLIC KEY\" (SPKI)",
        NotRsa = "not_rsa" => "must be an RSA key",
        Size = "key_size" => "must have 2048 or 4096 bits",
        Exponent = "key_exponent" => "must have the exponent 65537",
    }
}
