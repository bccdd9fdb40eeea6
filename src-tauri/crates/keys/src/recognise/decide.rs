//! One decision about everything that was found.

use zeroize::Zeroizing;

use crate::checks::flaw::Flaw;
use crate::error::Error;
use crate::kind::Kind;
use crate::pair::KeyPair;
use crate::recognise::blocks::blocks;
use crate::recognise::body::der_length;
use crate::recognise::damage::Damage;
use crate::recognise::recognised::{Problem, Recognised};
use crate::recognise::text::clean;
use crate::recognise::thing::{Private, Public, RsaNumbers, Thing};

/// Longer input is refused unread. A private key of 4096 bits with a long certificate chain and a
/// mail around it stays well below.
pub const MAX_INPUT: usize = 64 * 1024;

/// rsaEncryption, 1.2.840.113549.1.1.1, as it stands in DER.
const RSA_ENCRYPTION: [u8; 11] = [6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];

/// How a file of PuTTY begins.
pub(super) const PUTTY: &str = "PuTTY-User-Key-File-";
/// Letters and digits of this length may be an API key or a secret.
pub(super) const SHORTEST_SECRET: usize = 32;

pub(super) fn decide(pasted: &[u8]) -> Recognised {
    if pasted.iter().all(u8::is_ascii_whitespace) {
        return Recognised::new(Kind::Empty);
    }
    if pasted.len() > MAX_INPUT {
        return too_long(pasted);
    }
    if let Some(recognised) = binary(pasted) {
        return recognised;
    }
    let text = clean(pasted);
    let things = blocks(&text).into_iter().map(Thing::of_block).collect();
    if text.contains(PUTTY) {
        return Recognised { problem: Some(Problem::Putty), holds_private: true, ..Recognised::new(Kind::Unknown) };
    }
    among(things).unwrap_or_else(|| Recognised::new(words(&text)))
}

/// Not searched for keys, but neither called nothing.
fn too_long(pasted: &[u8]) -> Recognised {
    let has = |needle: &[u8]| pasted.windows(needle.len()).any(|window| window == needle);
    let private = has(b"PRIVATE KEY");
    let mut recognised = Recognised::broken(Damage::TooLong, private);
    if !private && !has(b"BEGIN ") && der_length(pasted).is_none() {
        recognised.kind = Kind::Unknown;
    }
    recognised
}

/// DER as it comes out of a file. `None`: it is text.
fn binary(pasted: &[u8]) -> Option<Recognised> {
    let length = der_length(pasted)?;
    let readable = std::str::from_utf8(pasted).is_ok();
    let Some((der, rest)) = pasted.split_at_checked(length) else {
        return (!readable).then(|| damaged_binary(pasted, Damage::Truncated));
    };
    match Thing::of_bytes(Zeroizing::new(der.to_vec())) {
        Some(thing) if rest.iter().all(u8::is_ascii_whitespace) => among(vec![thing]),
        _ => (!readable).then(|| damaged_binary(pasted, Damage::Malformed)),
    }
}

/// A key if it looks like RSA, else some other DER, such as a PKCS#12 file.
fn damaged_binary(pasted: &[u8], damage: Damage) -> Recognised {
    let content = pasted.get(4..).unwrap_or_default();
    // Version 0, then the algorithm (PKCS#8) or the modulus (PKCS#1).
    let private = content.starts_with(&[2, 1, 0, 0x30]) || content.starts_with(&[2, 1, 0, 2]);
    let modulus_first = content.starts_with(&[2, 0x82]);
    let names_rsa = pasted.windows(RSA_ENCRYPTION.len()).any(|window| window == RSA_ENCRYPTION);
    if private || modulus_first || names_rsa {
        Recognised::broken(damage, private)
    } else {
        Recognised::new(Kind::Unknown)
    }
}

/// Private keys go before everything else, so that none is overlooked; damage goes before public
/// keys, so that none is sent that is not the one that was meant. `None`: there are no things.
fn among(things: Vec<Thing>) -> Option<Recognised> {
    let mut privates: Vec<Private> = Vec::new();
    let mut publics: Vec<Public> = Vec::new();
    let mut documents = Vec::new();
    let mut broken = None;
    let mut foreign = None;
    for thing in things {
        match thing {
            Thing::Broken { damage, private } => {
                let (_, before) = broken.unwrap_or((damage, false));
                broken = Some((damage, before || private));
            }
            Thing::Document(kind, numbers) => documents.push((kind, numbers)),
            Thing::Foreign => foreign = Some(Recognised::new(Kind::Unknown)),
            Thing::Private(key) => {
                if !privates.iter().any(|other| other.same(&key)) {
                    privates.push(key);
                }
            }
            Thing::Public(key) => {
                if !publics.contains(&key) {
                    publics.push(key);
                }
            }
        }
    }

    if privates.len() > 1 {
        return Some(several(true));
    }
    if let Some(key) = privates.pop() {
        return Some(private(key, &publics));
    }
    if let Some((damage, private)) = broken {
        return Some(Recognised::broken(damage, private));
    }
    if publics.len() > 1 {
        return Some(several(false));
    }
    publics.pop().map(public).or_else(|| documents.into_iter().next().map(document)).or(foreign)
}

fn several(holds_private: bool) -> Recognised {
    Recognised { holds_private, ..Recognised::new(Kind::SeveralKeys) }
}

/// A private key, and public keys beside it that may only be its own half.
fn private(key: Private, beside: &[Public]) -> Recognised {
    let kind = match &key {
        Private::Encrypted(_) => Kind::EncryptedPrivate,
        Private::OpenSsh(_) | Private::Rsa(_) | Private::RsaPssOnly => Kind::RsaPrivate,
        Private::Other(kind) => *kind,
    };
    if let Private::Encrypted(locked) = key {
        return match locked.look() {
            Ok(public) => Recognised { public, encrypted: Some(locked), ..Recognised::new(kind) },
            Err(error) => Recognised::unusable(kind, error),
        };
    }
    match key.import() {
        Ok(pair) if !beside.iter().all(|public| is_half(&pair, public)) => several(true),
        Ok(pair) => Recognised { public: Some(pair.public().clone()), pair: Some(pair), ..Recognised::new(kind) },
        Err(Error::Malformed { .. }) => Recognised::broken(Damage::Malformed, true),
        Err(Error::NotRsa(_)) => Recognised { holds_private: true, ..Recognised::new(kind) },
        Err(error) => Recognised::unusable(kind, error),
    }
}

fn is_half(pair: &KeyPair, public: &Public) -> bool {
    match public {
        Public::OpenSsh(numbers) | Public::Rsa(numbers) => numbers.import().is_ok_and(|key| key == *pair.public()),
        Public::OpenSshOther(_) | Public::Other(_) | Public::RsaPssOnly => false,
    }
}

fn public(key: Public) -> Recognised {
    let (kind, numbers) = match key {
        Public::OpenSsh(numbers) => (Kind::OpensshPublic, numbers),
        Public::Rsa(numbers) => (Kind::RsaPublic, numbers),
        Public::Other(kind) => return Recognised::new(kind),
        Public::OpenSshOther(other) => {
            return Recognised::unusable(Kind::OpensshPublic, Error::NotRsa(other));
        }
        Public::RsaPssOnly => {
            return Recognised::unusable(Kind::RsaPublic, Flaw::PssOnly.into());
        }
    };
    match numbers.import() {
        Ok(key) => Recognised { public: Some(key), ..Recognised::new(kind) },
        Err(error) => Recognised::unusable(kind, error),
    }
}

fn document((kind, numbers): (Kind, Option<RsaNumbers>)) -> Recognised {
    Recognised { public: numbers.and_then(|numbers| numbers.import().ok()), ..Recognised::new(kind) }
}

/// Text without any key: nothing, one long word, or something else.
fn words(text: &str) -> Kind {
    let quotes = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`');
    let text = text.trim_matches(quotes);
    if text.is_empty() {
        return Kind::Empty;
    }
    // An environment line: NAME=word.
    let word = match text.split_once('=') {
        Some((name, value)) if !name.is_empty() && name.bytes().all(is_name) => value.trim_matches(quotes),
        _ => text,
    };
    if (SHORTEST_SECRET..=128).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Kind::ApiKey;
    }
    Kind::Unknown
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b' ')
}
