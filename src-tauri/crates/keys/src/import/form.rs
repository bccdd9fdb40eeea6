//! Which structure some DER is. The content decides, never a PEM label: people paste PKCS#1 under
//! a PKCS#8 label and the reverse. Nothing is computed here.

use rsa::pkcs1::{self, RsaPrivateKeyRef, RsaPublicKeyRef};
use rsa::pkcs8::der::asn1::{AnyRef, BitStringRef, ObjectIdentifier, OctetStringRef, UintRef};
use rsa::pkcs8::der::{Decode, Reader, SliceReader, Tag};
use rsa::pkcs8::spki::AlgorithmIdentifierRef;
use rsa::pkcs8::{PrivateKeyInfoRef, SubjectPublicKeyInfoRef};

use crate::kind::Kind;

const RSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");

/// A recognised structure.
pub(crate) enum Form<'a> {
    /// X.509 certificate.
    Certificate { spki: &'a [u8] },
    /// PKCS#8 `EncryptedPrivateKeyInfo`.
    Encrypted { algorithm: AlgorithmIdentifierRef<'a>, data: &'a [u8] },
    /// Private key of another algorithm.
    OtherPrivate(Kind),
    /// Public key of another algorithm.
    OtherPublic(Kind),
    /// PKCS#10 request.
    Request { spki: &'a [u8] },
    /// RSA private key: its PKCS#1 part, which may be damaged.
    RsaPrivate { pkcs1: &'a [u8] },
    /// RSA private key that its algorithm identifier restricts to PSS (RFC 4055).
    RsaPssPrivate,
    /// RSA public key that its algorithm identifier restricts to PSS.
    RsaPssPublic,
    /// RSA public key: its PKCS#1 part, which may be damaged.
    RsaPublic { pkcs1: &'a [u8] },
}

/// Tries every structure. `None`: DER perhaps, but nothing that is known here.
pub(crate) fn classify(der: &[u8]) -> Option<Form<'_>> {
    pkcs8(der)
        .or_else(|| spki(der))
        .or_else(|| encrypted(der))
        .or_else(|| bare_rsa(der))
        .or_else(|| sec1(der))
        .or_else(|| dsa(der))
        .or_else(|| signed(der))
}

pub(crate) fn pkcs8(der: &[u8]) -> Option<Form<'_>> {
    let info = PrivateKeyInfoRef::from_der(der).ok()?;
    Some(match info.algorithm.oid {
        pkcs1::ALGORITHM_OID => Form::RsaPrivate { pkcs1: info.private_key.as_bytes() },
        RSA_PSS => Form::RsaPssPrivate,
        EC => Form::OtherPrivate(Kind::EcPrivate),
        ED25519 => Form::OtherPrivate(Kind::Ed25519Private),
        _ => Form::OtherPrivate(Kind::Unknown),
    })
}

pub(crate) fn spki(der: &[u8]) -> Option<Form<'_>> {
    let info = SubjectPublicKeyInfoRef::from_der(der).ok()?;
    Some(match info.algorithm.oid {
        pkcs1::ALGORITHM_OID => Form::RsaPublic { pkcs1: info.subject_public_key.as_bytes()? },
        RSA_PSS => Form::RsaPssPublic,
        EC => Form::OtherPublic(Kind::EcPublic),
        ED25519 => Form::OtherPublic(Kind::Ed25519Public),
        _ => Form::OtherPublic(Kind::Unknown),
    })
}

/// `EncryptedPrivateKeyInfo ::= SEQUENCE { AlgorithmIdentifier, OCTET STRING }` (RFC 5958). Read
/// by hand because the algorithm may be one that cannot be opened here, and that is to be said.
fn encrypted(der: &[u8]) -> Option<Form<'_>> {
    let mut content = content(der)?;
    let algorithm = AlgorithmIdentifierRef::decode(&mut content).ok()?;
    let data = <&OctetStringRef>::decode(&mut content).ok()?.as_bytes();
    content.is_finished().then_some(Form::Encrypted { algorithm, data })
}

fn bare_rsa(der: &[u8]) -> Option<Form<'_>> {
    if RsaPrivateKeyRef::from_der(der).is_ok() {
        return Some(Form::RsaPrivate { pkcs1: der });
    }
    RsaPublicKeyRef::from_der(der).is_ok().then_some(Form::RsaPublic { pkcs1: der })
}

/// `ECPrivateKey ::= SEQUENCE { INTEGER 1, OCTET STRING, [0], [1] }` (RFC 5915).
fn sec1(der: &[u8]) -> Option<Form<'_>> {
    let mut content = content(der)?;
    let version = UintRef::decode(&mut content).ok()?;
    <&OctetStringRef>::decode(&mut content).ok()?;
    (version.as_bytes() == [1]).then_some(Form::OtherPrivate(Kind::EcPrivate))
}

/// OpenSSL's DSA private key: version 0 and five numbers.
fn dsa(der: &[u8]) -> Option<Form<'_>> {
    let mut content = content(der)?;
    for _ in 0..6 {
        UintRef::decode(&mut content).ok()?;
    }
    content.is_finished().then_some(Form::OtherPrivate(Kind::Unknown))
}

/// `SEQUENCE { SEQUENCE to be signed, AlgorithmIdentifier, BIT STRING }`: certificate (RFC 5280)
/// or request (RFC 2986). The signature is not looked at.
fn signed(der: &[u8]) -> Option<Form<'_>> {
    let mut outer = content(der)?;
    let signed = outer.tlv_bytes().ok()?;
    AlgorithmIdentifierRef::decode(&mut outer).ok()?;
    BitStringRef::decode(&mut outer).ok()?;
    if !outer.is_finished() {
        return None;
    }

    let mut fields = content(signed)?;
    let mut parts = Vec::new();
    while !fields.is_finished() {
        parts.push(fields.tlv_bytes().ok()?);
    }
    // Certificate: [0] version (v1 has none), serial, signature, issuer, validity, subject, key.
    // Request: version, subject, key, [0] attributes.
    let key_at = |index: usize| parts.get(index).copied().filter(|part| spki(part).is_some());
    match (key_at(6), key_at(5), key_at(2)) {
        (Some(spki), _, _) | (None, Some(spki), _) => Some(Form::Certificate { spki }),
        (None, None, Some(spki)) => Some(Form::Request { spki }),
        (None, None, None) => None,
    }
}

/// The inside of one SEQUENCE that is all of `der`.
fn content(der: &[u8]) -> Option<SliceReader<'_>> {
    let whole = AnyRef::from_der(der).ok()?;
    if whole.header().tag() != Tag::Sequence {
        return None;
    }
    SliceReader::new(whole.value()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dsa_private_key_is_one_of_another_algorithm() {
        let numbers = [2, 1, 0, 2, 1, 23, 2, 1, 11, 2, 1, 4, 2, 1, 8, 2, 1, 3];
        let der = |numbers: &[u8]| [&[0x30, u8::try_from(numbers.len()).unwrap()], numbers].concat();
        assert!(matches!(classify(&der(&numbers)), Some(Form::OtherPrivate(Kind::Unknown))));
        for other in [&numbers[..15], &[&numbers[..], &[2, 1, 5]].concat()] {
            assert!(classify(&der(other)).is_none(), "{other:?}");
        }
    }
}
