//! PKCS#8 `EncryptedPrivateKeyInfo` (RFC 5958) with PBES2 (RFC 8018).

use pkcs5::EncryptionScheme;
use pkcs5::pbes2::{Kdf, Parameters};
use rsa::pkcs8::spki::AlgorithmIdentifierRef;
use zeroize::Zeroizing;

use crate::error::Error;

/// OpenSSL's default is 2,048 and OWASP's advice 600,000; ten million take seconds.
const MAX_ITERATIONS: u32 = 10_000_000;
/// scrypt needs 128·N·r bytes: 256 MiB. OpenSSL's default needs 16 MiB.
const MAX_SCRYPT_BLOCKS: u64 = (256 << 20) / 128;
const MAX_SCRYPT_LANES: u16 = 4;

#[derive(Clone)]
pub(super) struct Locked {
    scheme: Result<Parameters, Error>,
    data: Vec<u8>,
}

impl Locked {
    pub(super) fn new(algorithm: AlgorithmIdentifierRef<'_>, data: &[u8]) -> Self {
        let scheme = match EncryptionScheme::try_from(algorithm) {
            Ok(EncryptionScheme::Pbes2(parameters)) => Ok(parameters),
            _ => Err(Error::UnsupportedEncryption { scheme: name(&algorithm.oid.to_string()) }),
        };
        Self { scheme: scheme.and_then(affordable), data: data.to_vec() }
    }

    pub(super) fn obstacle(&self) -> Option<Error> {
        self.scheme.as_ref().err().cloned()
    }

    pub(super) fn decrypt(&self, passphrase: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
        let parameters = self.scheme.as_ref().map_err(Clone::clone)?;
        let mut buffer = Zeroizing::new(self.data.clone());
        let length = match parameters.decrypt_in_place(passphrase, &mut buffer) {
            Ok(plain) => plain.len(),
            Err(pkcs5::Error::UnsupportedAlgorithm { oid }) => {
                return Err(Error::UnsupportedEncryption { scheme: name(&oid.to_string()) });
            }
            Err(_) => return Err(Error::WrongPassphrase),
        };
        buffer.truncate(length);
        Ok(buffer)
    }
}

/// A pasted file says itself how much work opening it takes, so that is bounded. scrypt's N must
/// be a power of two (RFC 7914 section 2); the library below panics at N = 0.
fn affordable(parameters: Parameters) -> Result<Parameters, Error> {
    let fits = match &parameters.kdf {
        Kdf::Pbkdf2(pbkdf2) => (1..=MAX_ITERATIONS).contains(&pbkdf2.iteration_count),
        Kdf::Scrypt(scrypt) => {
            let blocks = scrypt.cost_parameter.saturating_mul(scrypt.block_size.into());
            scrypt.cost_parameter.is_power_of_two()
                && (1..=MAX_SCRYPT_BLOCKS).contains(&blocks)
                && (1..=MAX_SCRYPT_LANES).contains(&scrypt.parallelization)
        }
        _ => false,
    };
    fits.then_some(parameters).ok_or(Error::EncryptionTooCostly)
}

/// A name where people may have seen one, else the object identifier.
fn name(oid: &str) -> String {
    let known = match oid {
        "1.2.840.113549.1.5.3" => "PBES1 (MD5 and DES)",
        "1.2.840.113549.1.5.10" => "PBES1 (SHA-1 and DES)",
        "1.2.840.113549.1.5.13" => "PBES2 with a cipher that is not supported",
        "1.2.840.113549.1.12.1.1" => "PKCS#12 encryption (RC4)",
        "1.2.840.113549.1.12.1.3" => "PKCS#12 encryption (triple DES)",
        "1.2.840.113549.1.12.1.6" => "PKCS#12 encryption (RC2)",
        other => return format!("scheme {other}"),
    };
    known.to_owned()
}
