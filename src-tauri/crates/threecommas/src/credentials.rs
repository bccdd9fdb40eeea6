use std::fmt;

use zeroize::Zeroizing;

use crate::api_key::ApiKey;
use crate::error::Error;
use crate::signature::{sign_hmac, sign_rsa};

/// An API key and what its requests are signed with.
#[derive(Clone)]
pub enum Credentials {
    /// A system generated token.
    Hmac {
        /// The token's public identifier.
        api_key: ApiKey,
        /// The secret that was shown once, as bytes.
        secret: Zeroizing<Vec<u8>>,
    },
    /// A self generated token.
    Rsa {
        /// The token's public identifier.
        api_key: ApiKey,
        /// The private key as PKCS#8 DER.
        private_key_pkcs8: Zeroizing<Vec<u8>>,
    },
}

impl Credentials {
    /// The token's public identifier.
    pub fn api_key(&self) -> &ApiKey {
        match self {
            Self::Hmac { api_key, .. } | Self::Rsa { api_key, .. } => api_key,
        }
    }

    /// The value of the `Signature` header for a message made by [`crate::string_to_sign`].
    pub fn sign(&self, message: &[u8]) -> Result<String, Error> {
        match self {
            Self::Hmac { secret, .. } => Ok(sign_hmac(secret, message)),
            Self::Rsa { private_key_pkcs8, .. } => sign_rsa(private_key_pkcs8, message),
        }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Hmac { .. } => "Hmac([redacted])",
            Self::Rsa { .. } => "Rsa([redacted])",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_prints_the_kind_and_nothing_else() {
        let api_key = ApiKey::parse(&"canary11".repeat(4)).unwrap();
        let hmac = Credentials::Hmac { api_key: api_key.clone(), secret: Zeroizing::new(b"canary".to_vec()) };
        let rsa = Credentials::Rsa { api_key, private_key_pkcs8: Zeroizing::new(b"canary".to_vec()) };
        assert_eq!(format!("{hmac:?}"), "Hmac([redacted])");
        assert_eq!(format!("{rsa:#?}"), "Rsa([redacted])");
    }

    #[test]
    fn an_unusable_private_key_is_named_without_being_shown() {
        let rsa = Credentials::Rsa {
            api_key: ApiKey::parse(&"a".repeat(16)).unwrap(),
            private_key_pkcs8: Zeroizing::new(b"canary".to_vec()),
        };
        let error = rsa.sign(b"message").unwrap_err();
        assert_eq!(error, Error::PrivateKeyUnusable);
        assert!(!format!("{error} {error:?}").contains("canary"));
    }
}
