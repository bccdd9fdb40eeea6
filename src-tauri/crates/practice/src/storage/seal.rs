//! Sealing what lies in the database: XChaCha20-Poly1305 under keys derived from the state key.

use aws_lc_rs::hkdf::{HKDF_SHA256, Salt};
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

use crate::storage::random;
use crate::storage::state_key::StateKey;

const NONCE_LENGTH: usize = 24;

/// Seals and opens under one key. A random 192-bit nonce stands before each sealed text.
pub(crate) struct Sealer(XChaCha20Poly1305);

impl Sealer {
    /// For what the service must open by itself: HMAC secrets and the authenticator secret.
    pub(crate) fn for_secrets(state_key: &StateKey) -> Self {
        Self::derived(&[], state_key.expose(), b"practice/secrets/v1")
    }

    /// For an answer that only who knows the Idempotency-Key can open. The state key goes in as
    /// salt, so that a weak key of some client does not lay the answer open to a reader of the file.
    pub(crate) fn for_answer(state_key: &StateKey, idempotency_key: &[u8]) -> Self {
        Self::derived(state_key.expose(), idempotency_key, b"practice/answer/v1")
    }

    /// `place` says where the sealed text lies: moved elsewhere, it does not open.
    pub(crate) fn seal(&self, place: &str, plain: &[u8]) -> Vec<u8> {
        let nonce = random::bytes::<NONCE_LENGTH>();
        let payload = Payload { msg: plain, aad: place.as_bytes() };
        let sealed = self
            .0
            .encrypt(&XNonce::from(*nonce), payload)
            .expect("XChaCha20-Poly1305 takes any text shorter than 256 GiB");
        [nonce.as_slice(), &sealed].concat()
    }

    /// `None` for another key, another place, or a changed text.
    pub(crate) fn open(&self, place: &str, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (nonce, msg) = sealed.split_first_chunk::<NONCE_LENGTH>()?;
        let payload = Payload { msg, aad: place.as_bytes() };
        let plain = self.0.decrypt(&XNonce::from(*nonce), payload).ok()?;
        Some(Zeroizing::new(plain))
    }

    fn derived(salt: &[u8], secret: &[u8], purpose: &[u8]) -> Self {
        let mut key = Zeroizing::new([0; 32]);
        Salt::new(HKDF_SHA256, salt)
            .extract(secret)
            .expand(&[purpose], HKDF_SHA256)
            .and_then(|okm| okm.fill(key.as_mut_slice()))
            .expect("HKDF-SHA256 gives up to 255 blocks (RFC 5869 section 2.3)");
        Self(XChaCha20Poly1305::new((&*key).into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state_key(byte: u8) -> StateKey {
        StateKey::from_bytes([byte; 32])
    }

    #[test]
    fn what_was_sealed_opens_only_in_its_place_and_whole() {
        let sealer = Sealer::for_secrets(&state_key(1));
        let sealed = sealer.seal("here", b"secret");
        assert_eq!(sealer.open("here", &sealed).unwrap().as_slice(), b"secret");
        assert!(sealer.open("there", &sealed).is_none());
        assert!(Sealer::for_secrets(&state_key(2)).open("here", &sealed).is_none());
        for position in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[position] ^= 1;
            assert!(sealer.open("here", &changed).is_none());
            assert!(sealer.open("here", &sealed[..position]).is_none());
        }
    }

    #[test]
    fn an_answer_needs_its_idempotency_key_and_the_state_key() {
        let sealed = Sealer::for_answer(&state_key(1), b"key").seal("", b"answer");
        assert!(Sealer::for_answer(&state_key(1), b"key").open("", &sealed).is_some());
        assert!(Sealer::for_answer(&state_key(1), b"other").open("", &sealed).is_none());
        assert!(Sealer::for_answer(&state_key(2), b"key").open("", &sealed).is_none());
        assert!(Sealer::for_secrets(&state_key(1)).open("", &sealed).is_none());
    }

    #[test]
    fn the_same_text_never_seals_the_same_way() {
        let sealer = Sealer::for_secrets(&state_key(1));
        assert_ne!(sealer.seal("", b"x"), sealer.seal("", b"x"));
    }
}
