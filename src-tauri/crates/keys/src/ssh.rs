//! SSH's wire format (RFC 4251 section 5, RFC 4253 section 6.6).

use crate::checks::numbers::PublicNumbers;

/// The one algorithm name that matters here.
pub(crate) const RSA: &str = "ssh-rsa";

/// A public key in wire format.
pub(crate) enum Public<'a> {
    /// `ssh-rsa`.
    Rsa(PublicNumbers<'a>),
    /// Another algorithm, by its name.
    Other(&'a str),
}

/// Reads a public key that is all of `wire`; `None` if it is damaged or none.
pub(crate) fn public(wire: &[u8]) -> Option<Public<'_>> {
    let mut reader = Reader::new(wire);
    let algorithm = reader.text()?;
    if algorithm != RSA {
        return is_algorithm(algorithm).then_some(Public::Other(algorithm));
    }
    let e = reader.magnitude()?;
    let n = reader.magnitude()?;
    reader.0.is_empty().then_some(Public::Rsa(PublicNumbers { n, e }))
}

/// Whether a word names a key algorithm in OpenSSH's public key files.
pub(crate) fn is_algorithm(word: &str) -> bool {
    ["ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-", "rsa-sha2-"].iter().any(|start| word.starts_with(start))
        && word.len() <= 64
        && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-@.".contains(&byte))
}

/// Reads lengths and strings; `None` where the bytes run out.
pub(crate) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(crate) fn number(&mut self) -> Option<u32> {
        let (number, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u32::from_be_bytes(*number))
    }

    pub(crate) fn string(&mut self) -> Option<&'a [u8]> {
        let length = usize::try_from(self.number()?).ok()?;
        let (string, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(string)
    }

    pub(crate) fn text(&mut self) -> Option<&'a str> {
        std::str::from_utf8(self.string()?).ok()
    }

    /// An `mpint` that is not negative.
    pub(crate) fn magnitude(&mut self) -> Option<&'a [u8]> {
        self.string().filter(|bytes| bytes.first().is_none_or(|top| *top < 0x80))
    }
}
