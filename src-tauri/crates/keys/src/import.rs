//! Reading keys whose form is known: structure, then checks, then proof.

pub(crate) mod form;

use rsa::pkcs1::{RsaPrivateKeyRef, RsaPublicKeyRef};
use rsa::pkcs8::der::Decode;

use crate::checks;
use crate::checks::flaw::Flaw;
use crate::checks::numbers::{PrivateNumbers, PublicNumbers};
use crate::error::Error;
use crate::import::form::Form;
use crate::pair::{KeyPair, PublicKey};

impl KeyPair {
    /// Reads PKCS#8 DER and checks and proves the pair: also one that was made here, because it
    /// may have changed where it was kept.
    pub fn from_pkcs8_der(der: &[u8]) -> Result<Self, Error> {
        match form::pkcs8(der) {
            Some(Form::RsaPrivate { pkcs1 }) => Self::from_pkcs1_der(pkcs1),
            Some(Form::RsaPssPrivate) => Err(Flaw::PssOnly.into()),
            Some(Form::OtherPrivate(kind)) => Err(Error::NotRsa(kind)),
            _ => Err(Error::Malformed { expected: "PKCS#8" }),
        }
    }

    /// Reads PKCS#1 DER (`RSAPrivateKey`), checks and proves the pair.
    pub fn from_pkcs1_der(der: &[u8]) -> Result<Self, Error> {
        let key = RsaPrivateKeyRef::from_der(der).map_err(|_| Error::Malformed { expected: "PKCS#1" })?;
        if key.other_prime_infos.is_some() {
            return Err(Flaw::MultiPrime.into());
        }
        Self::from_numbers(&PrivateNumbers {
            public: PublicNumbers { n: key.modulus.as_bytes(), e: key.public_exponent.as_bytes() },
            d: key.private_exponent.as_bytes(),
            p: key.prime1.as_bytes(),
            q: key.prime2.as_bytes(),
            exponents: Some([key.exponent1.as_bytes(), key.exponent2.as_bytes()]),
            coefficient: key.coefficient.as_bytes(),
        })
    }

    pub(crate) fn from_numbers(numbers: &PrivateNumbers<'_>) -> Result<Self, Error> {
        Self::prove(&checks::private_key(numbers)?)
    }
}

impl PublicKey {
    /// Reads SPKI DER (`SubjectPublicKeyInfo`) and checks the key.
    pub fn from_spki_der(der: &[u8]) -> Result<Self, Error> {
        match form::spki(der) {
            Some(Form::RsaPublic { pkcs1 }) => Self::from_pkcs1_der(pkcs1),
            Some(Form::RsaPssPublic) => Err(Flaw::PssOnly.into()),
            Some(Form::OtherPublic(kind)) => Err(Error::NotRsa(kind)),
            _ => Err(Error::Malformed { expected: "SPKI" }),
        }
    }

    /// Reads PKCS#1 DER (`RSAPublicKey`) and checks the key.
    pub fn from_pkcs1_der(der: &[u8]) -> Result<Self, Error> {
        let key = RsaPublicKeyRef::from_der(der).map_err(|_| Error::Malformed { expected: "PKCS#1" })?;
        Self::from_numbers(&PublicNumbers { n: key.modulus.as_bytes(), e: key.public_exponent.as_bytes() })
    }

    pub(crate) fn from_numbers(numbers: &PublicNumbers<'_>) -> Result<Self, Error> {
        Self::encode(&checks::public_key(numbers)?)
    }
}
