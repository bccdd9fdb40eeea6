//! The public key of a self generated token: SPKI PEM, RSA 2048 or 4096.

use aws_lc_rs::signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::problems::public_key::PublicKeyProblem;
use crate::tokens::der;

const BEGIN: &str = "-----BEGIN PUBLIC KEY-----";
const END: &str = "-----END PUBLIC KEY-----";
const F4: &[u8] = &[1, 0, 1];

/// A public key that tokens may have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PublicKey {
    spki: Vec<u8>,
}

impl PublicKey {
    pub(crate) fn parse(pem: &str) -> Result<Self, PublicKeyProblem> {
        if pem.contains("PRIVATE KEY") {
            return Err(PublicKeyProblem::Private);
        }
        let body =
            pem.trim().strip_prefix(BEGIN).and_then(|rest| rest.strip_suffix(END)).ok_or(PublicKeyProblem::NotSpki)?;
        // RFC 7468 lets parsers ignore white space inside the text.
        let base64: String = body.split_ascii_whitespace().collect();
        let spki = STANDARD.decode(base64).map_err(|_| PublicKeyProblem::NotSpki)?;
        let numbers = der::rsa_numbers(&spki).ok_or(PublicKeyProblem::NotRsa)?;
        if !matches!(numbers.modulus_bits(), 2048 | 4096) {
            return Err(PublicKeyProblem::Size);
        }
        if numbers.exponent != F4 {
            return Err(PublicKeyProblem::Exponent);
        }
        ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &spki).map_err(|_| PublicKeyProblem::NotRsa)?;
        Ok(Self { spki })
    }

    /// A key that was parsed when it was stored.
    pub(crate) fn from_stored(spki: Vec<u8>) -> Self {
        Self { spki }
    }

    pub(crate) fn spki(&self) -> &[u8] {
        &self.spki
    }

    /// `None` where the stored key was changed from outside.
    pub(crate) fn verifying_key(&self) -> Option<VerifyingKey> {
        let signature_length = der::rsa_numbers(&self.spki)?.modulus_bits().div_ceil(8);
        let key = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &self.spki).ok()?;
        Some(VerifyingKey { key, signature_length })
    }
}

/// A public key made ready for many signatures.
pub(crate) struct VerifyingKey {
    key: ParsedPublicKey,
    signature_length: usize,
}

impl VerifyingKey {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        self.key.verify_sig(message, signature).is_ok()
    }

    /// In bytes.
    pub(crate) fn signature_length(&self) -> usize {
        self.signature_length
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RSA_2048: &str = include_str!("../../tests/keys/rsa-2048.pub.pem");
    const RSA_4096: &str = include_str!("../../tests/keys/rsa-4096.pub.pem");

    #[test]
    fn rsa_2048_and_4096_are_taken_whatever_the_line_ends() {
        for pem in [RSA_2048, RSA_4096] {
            let key = PublicKey::parse(pem).unwrap();
            assert_eq!(PublicKey::parse(&pem.replace('\n', "\r\n")), Ok(key.clone()));
            assert_eq!(PublicKey::parse(pem.trim_end()), Ok(key));
        }
    }

    #[test]
    fn everything_else_is_refused_with_its_reason() {
        let label = |name: &str| RSA_2048.replace("PUBLIC", name);
        let twice = RSA_2048.repeat(2);
        let truncated = format!("{}\n{END}", RSA_2048.lines().take(4).collect::<Vec<_>>().join("\n"));
        let cases: [(&str, PublicKeyProblem); 13] = [
            ("", PublicKeyProblem::NotSpki),
            ("ssh-rsa AAAAB3", PublicKeyProblem::NotSpki),
            (&twice, PublicKeyProblem::NotSpki),
            (&label("RSA PUBLIC"), PublicKeyProblem::NotSpki),
            (&label("RSA PRIVATE"), PublicKeyProblem::Private),
            (&label("ENCRYPTED PRIVATE"), PublicKeyProblem::Private),
            (&format!("{RSA_2048}\n-----BEGIN PRIVATE KEY-----"), PublicKeyProblem::Private),
            (&RSA_2048.replace('M', "*"), PublicKeyProblem::NotSpki),
            (&truncated, PublicKeyProblem::NotRsa),
            (include_str!("../../tests/keys/ed25519.pub.pem"), PublicKeyProblem::NotRsa),
            (include_str!("../../tests/keys/rsa-1024.pub.pem"), PublicKeyProblem::Size),
            (include_str!("../../tests/keys/rsa-3072.pub.pem"), PublicKeyProblem::Size),
            (include_str!("../../tests/keys/rsa-2048-e3.pub.pem"), PublicKeyProblem::Exponent),
        ];
        for (pem, problem) in cases {
            assert_eq!(PublicKey::parse(pem), Err(problem), "{pem}");
        }
    }

    #[test]
    fn a_private_key_under_a_public_header_is_no_key() {
        let pem = format!("{BEGIN}\n{}\n{END}", STANDARD.encode([0x30, 0x03, 0x02, 0x01, 0x00]));
        assert_eq!(PublicKey::parse(&pem), Err(PublicKeyProblem::NotRsa));
    }
}
