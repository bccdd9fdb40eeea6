//! RSA key pairs for self generated API tokens: make them, and recognise what a person pasted.
//!
//! [`KeyPair::generate`] makes a pair with the `rsa` crate and lets a second implementation
//! (aws-lc-rs) sign with it before it is returned. [`recognise`] takes whatever stands in a key
//! field, repairs what mail programs, shells and word processors do to keys, and says for each
//! field what becomes of it. A private key never leaves by the public key field: it is refused
//! there and its public half offered.
//!
//! # What is checked
//! Every key: length 2048 or 4096 bits (read from the DER header, before any arithmetic), public
//! exponent 65537, odd composite modulus without a factor below 752, no very close factors
//! (Fermat), no ROCA residues (CVE-2017-15361). A private key also: exactly two probably prime
//! factors of equal length whose product is the modulus and which are not close to each other, a
//! private exponent that is neither small (Wiener) nor too large and belongs to the public one,
//! consistent CRT values, and a signature made by one implementation and verified by the other.
//!
//! # What is not checked
//! Debian's weak keys of 2008 (CVE-2008-0166) and primes shared with other people's keys: both
//! need lists that are not shipped. Nobody can tell from a key who else has a copy of it.
//!
//! # What this crate never does
//! No network, no files, no decryption of messages, no signature that leaves it; no private key or
//! passphrase in an error, a message or `Debug` output. Its own copies of private material are
//! overwritten when dropped; the arithmetic of the libraries below leaves short-lived
//! intermediate values that cannot be reached from here.

mod checks;
mod encrypted;
mod error;
mod import;
mod kind;
mod make;
mod pair;
mod pem;
mod recognise;
mod ssh;

pub use checks::flaw::Flaw;
pub use encrypted::EncryptedKey;
pub use error::Error;
pub use kind::Kind;
pub use make::Bits;
pub use pair::{KeyPair, PublicKey};
pub use recognise::{Damage, Field, FieldVerdict, Leak, MAX_INPUT, Recognised, leak_in, recognise};
