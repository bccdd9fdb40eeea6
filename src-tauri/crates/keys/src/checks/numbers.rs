//! The numbers of a key, as bytes and to compute with.

use crypto_bigint::BoxedUint;
use zeroize::Zeroizing;

/// Big-endian magnitudes as they stand in a file, not yet looked at.
pub(crate) struct PublicNumbers<'a> {
    pub(crate) n: &'a [u8],
    pub(crate) e: &'a [u8],
}

/// Big-endian magnitudes of a two-prime private key. A form that leaves out the CRT exponents
/// (OpenSSH does) has `None` there.
pub(crate) struct PrivateNumbers<'a> {
    pub(crate) public: PublicNumbers<'a>,
    pub(crate) d: &'a [u8],
    pub(crate) p: &'a [u8],
    pub(crate) q: &'a [u8],
    pub(crate) exponents: Option<[&'a [u8]; 2]>,
    pub(crate) coefficient: &'a [u8],
}

/// Length in bits of a big-endian magnitude, read off its bytes.
pub(super) fn bit_length(bytes: &[u8]) -> usize {
    let significant = significant(bytes);
    significant.first().map_or(0, |top| significant.len() * 8 - top.leading_zeros() as usize)
}

pub(super) fn significant(bytes: &[u8]) -> &[u8] {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    &bytes[zeros..]
}

pub(super) fn public_uint(bytes: &[u8]) -> BoxedUint {
    BoxedUint::from_be_slice_vartime(significant(bytes))
}

/// Every secret number gets the width of the modulus, whatever its own length: the arithmetic
/// then takes the same time for all of them.
pub(super) fn secret_uint(bytes: &[u8], bits: u32) -> Zeroizing<BoxedUint> {
    Zeroizing::new(BoxedUint::from_be_slice_truncated(significant(bytes), bits))
}
