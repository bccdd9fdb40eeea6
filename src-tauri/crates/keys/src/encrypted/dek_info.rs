//! OpenSSL's encrypted PEM of old: RFC 1421 headers, the key from MD5 (`EVP_BytesToKey` with one
//! round), the start of the IV as salt. Weak, but still what `openssl genrsa -aes256` of version 1
//! and `ssh-keygen -m PEM` write.

use aes::cipher::{BlockCipherDecrypt, BlockModeDecrypt, KeyInit, KeyIvInit, block_padding::Pkcs7};
use md5::{Digest, Md5};
use zeroize::Zeroizing;

use crate::error::Error;

const SALT: usize = 8;
const MAX_KEY: usize = 32;

#[derive(Clone)]
pub(super) struct Locked {
    cipher: Result<(Cipher, Vec<u8>), Error>,
    data: Vec<u8>,
}

#[derive(Clone, Copy)]
enum Cipher {
    Aes128,
    Aes192,
    Aes256,
    TripleDes,
}

impl Locked {
    /// `info`: for example `AES-256-CBC,1569E95B17203AC9B9D45FDE7F072D9C`.
    pub(super) fn new(info: &str, data: &[u8]) -> Self {
        let (name, iv) = info.split_once(',').unwrap_or((info, ""));
        let cipher = match name.trim() {
            "AES-128-CBC" => Ok(Cipher::Aes128),
            "AES-192-CBC" => Ok(Cipher::Aes192),
            "AES-256-CBC" => Ok(Cipher::Aes256),
            "DES-EDE3-CBC" => Ok(Cipher::TripleDes),
            other => Err(Error::UnsupportedEncryption { scheme: other.chars().take(32).collect() }),
        };
        let with_iv = cipher.and_then(|cipher| {
            unhex(iv.trim())
                .filter(|iv| iv.len() == cipher.block())
                .map(|iv| (cipher, iv))
                .ok_or(Error::Malformed { expected: "encrypted PEM" })
        });
        Self { cipher: with_iv, data: data.to_vec() }
    }

    pub(super) fn obstacle(&self) -> Option<Error> {
        self.cipher.as_ref().err().cloned()
    }

    pub(super) fn decrypt(&self, passphrase: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
        let (cipher, iv) = self.cipher.as_ref().map_err(Clone::clone)?;
        let key = derive(passphrase, &iv[..SALT]);
        let mut buffer = Zeroizing::new(self.data.clone());
        let length = match cipher {
            Cipher::Aes128 => cbc::<aes::Aes128>(&key[..16], iv, &mut buffer),
            Cipher::Aes192 => cbc::<aes::Aes192>(&key[..24], iv, &mut buffer),
            Cipher::Aes256 => cbc::<aes::Aes256>(&key[..32], iv, &mut buffer),
            Cipher::TripleDes => cbc::<des::TdesEde3>(&key[..24], iv, &mut buffer),
        };
        buffer.truncate(length.ok_or(Error::WrongPassphrase)?);
        Ok(buffer)
    }
}

impl Cipher {
    fn block(self) -> usize {
        match self {
            Self::Aes128 | Self::Aes192 | Self::Aes256 => 16,
            Self::TripleDes => 8,
        }
    }
}

/// D₁ = MD5(passphrase ‖ salt), Dᵢ = MD5(Dᵢ₋₁ ‖ passphrase ‖ salt).
fn derive(passphrase: &[u8], salt: &[u8]) -> Zeroizing<[u8; MAX_KEY]> {
    let mut key = Zeroizing::new([0; MAX_KEY]);
    let (first, second) = key.split_at_mut(MAX_KEY / 2);
    let digest = |before: &[u8], out: &mut [u8]| {
        let hash = Md5::new().chain_update(before).chain_update(passphrase).chain_update(salt).finalize();
        out.copy_from_slice(&hash);
    };
    digest(&[], first);
    digest(first, second);
    key
}

/// Decrypts in place; the length of the plain text, unless the padding is wrong.
fn cbc<C: BlockCipherDecrypt + KeyInit>(key: &[u8], iv: &[u8], buffer: &mut [u8]) -> Option<usize> {
    cbc::Decryptor::<C>::new_from_slices(key, iv).ok()?.decrypt_padded::<Pkcs7>(buffer).ok().map(<[u8]>::len)
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.is_ascii() {
        return None;
    }
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok()).collect()
}
