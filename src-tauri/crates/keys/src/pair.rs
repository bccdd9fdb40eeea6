//! A proven pair and a sound public key: what the rest of the app may hold.

use std::fmt;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use rsa::pkcs1::{EncodeRsaPrivateKey, EncodeRsaPublicKey};
use rsa::pkcs8::{DecodePublicKey, EncodePrivateKey, EncodePublicKey};
use rsa::sha2::{Digest, Sha256};
use rsa::traits::PublicKeyParts;
use zeroize::Zeroizing;

use crate::error::Error;
use crate::pem::armour;

/// An RSA key pair of 2048 or 4096 bits with which two implementations agree.
///
/// It can only be made ([`generate`](Self::generate)) or read, and both end in a signature made
/// by aws-lc-rs and verified by `rsa`. Overwritten in memory when dropped.
#[derive(Clone)]
pub struct KeyPair {
    pkcs8: Zeroizing<Vec<u8>>,
    pkcs1: Zeroizing<Vec<u8>>,
    public: PublicKey,
}

/// An RSA public key of 2048 or 4096 bits that passed every check a public key can be put to.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey {
    spki: Vec<u8>,
    pkcs1: Vec<u8>,
    bits: u32,
}

impl KeyPair {
    /// The private key as PKCS#8 DER: the form that fits into every keyring.
    pub fn private_pkcs8_der(&self) -> Zeroizing<Vec<u8>> {
        self.pkcs8.clone()
    }

    /// The private key as PKCS#8 PEM (`BEGIN PRIVATE KEY`).
    pub fn private_pem(&self) -> Zeroizing<String> {
        armour("PRIVATE KEY", &self.pkcs8)
    }

    /// The private key as PKCS#1 DER.
    pub fn private_pkcs1_der(&self) -> Zeroizing<Vec<u8>> {
        self.pkcs1.clone()
    }

    /// The private key as PKCS#1 PEM (`BEGIN RSA PRIVATE KEY`), which older clients ask for.
    pub fn private_pkcs1_pem(&self) -> Zeroizing<String> {
        armour("RSA PRIVATE KEY", &self.pkcs1)
    }

    /// The public half.
    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    /// The public half as SPKI PEM, which is what 3Commas is given.
    pub fn public_pem(&self) -> String {
        self.public.pem()
    }

    /// Length of the modulus.
    pub fn bits(&self) -> u32 {
        self.public.bits
    }

    /// Encodes the pair and has it tested: aws-lc-rs reads what will be kept and signs a random
    /// message, `rsa` reads what will be given away and verifies. An encoding that only its own
    /// writer understands, or halves that do not belong together, end here.
    pub(crate) fn prove(key: &rsa::PrivateKey) -> Result<Self, Error> {
        let pkcs8 = key.to_pkcs8_der().map_err(|_| Error::ProofFailed)?;
        let pkcs1 = key.to_pkcs1_der().map_err(|_| Error::ProofFailed)?;
        let pair =
            Self { pkcs8: pkcs8.to_bytes(), pkcs1: pkcs1.to_bytes(), public: PublicKey::encode(key.as_public_key())? };
        proof(&pair.pkcs8, &pair.public.spki).map(|()| pair)
    }
}

impl PublicKey {
    /// SPKI PEM (`BEGIN PUBLIC KEY`), LF, final newline.
    pub fn pem(&self) -> String {
        armour("PUBLIC KEY", &self.spki).to_string()
    }

    /// SPKI DER.
    pub fn spki_der(&self) -> &[u8] {
        &self.spki
    }

    /// PKCS#1 PEM (`BEGIN RSA PUBLIC KEY`).
    pub fn pkcs1_pem(&self) -> String {
        armour("RSA PUBLIC KEY", &self.pkcs1).to_string()
    }

    /// Length of the modulus.
    pub fn bits(&self) -> u32 {
        self.bits
    }

    /// SHA-256 of the SPKI DER in lower-case hex, by which a person can compare two keys
    /// (`openssl pkey -pubin -outform DER | sha256sum`).
    pub fn fingerprint(&self) -> String {
        Sha256::digest(&self.spki).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Callers have checked `key`; this only fixes its one encoding.
    pub(crate) fn encode(key: &rsa::PublicKey) -> Result<Self, Error> {
        Ok(Self {
            spki: key.to_public_key_der().map_err(|_| Error::ProofFailed)?.into_vec(),
            pkcs1: key.to_pkcs1_der().map_err(|_| Error::ProofFailed)?.into_vec(),
            bits: key.n().bit_width_vartime(),
        })
    }
}

impl fmt::Debug for KeyPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyPair").field("public", &self.public).field("private", &"[redacted]").finish()
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PublicKey").field("bits", &self.bits).field("fingerprint", &self.fingerprint()).finish()
    }
}

fn proof(pkcs8: &[u8], spki: &[u8]) -> Result<(), Error> {
    let mut message = [0; 32];
    getrandom::fill(&mut message).map_err(|_| Error::GenerationFailed)?;

    let signer = RsaKeyPair::from_pkcs8(pkcs8).map_err(|_| Error::ProofFailed)?;
    let mut signature = vec![0; signer.public_modulus_len()];
    signer.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), &message, &mut signature).map_err(|_| Error::ProofFailed)?;

    rsa::PublicKey::from_public_key_der(spki)
        .map_err(|_| Error::ProofFailed)?
        .verify(rsa::Pkcs1v15Sign::new::<Sha256>(), &Sha256::digest(message), &signature)
        .map_err(|_| Error::ProofFailed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_of_two_pairs_fail_the_proof() {
        let [one, other] = [(); 2].map(|()| pair());
        assert_eq!(proof(&one.pkcs8, &one.public.spki), Ok(()));
        assert_eq!(proof(&one.pkcs8, &other.public.spki), Err(Error::ProofFailed));
    }

    #[test]
    fn debug_shows_the_length_and_nothing_private() {
        let pair = pair();
        let shown = format!("{pair:?} {pair:#?}");
        assert!(shown.contains("2048") && shown.contains("[redacted]"));
        let numbers: String = pair.private_pkcs1_der()[300..400].iter().map(|byte| format!("{byte}, ")).collect();
        assert!(!shown.contains(&numbers[..40]));
        for line in pair.private_pem().lines() {
            assert!(!shown.contains(line));
        }
    }

    fn pair() -> KeyPair {
        KeyPair::prove(&rsa::PrivateKey::new(&mut getrandom::SysRng, 2048).unwrap()).unwrap()
    }
}
