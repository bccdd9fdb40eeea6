//! What an RSA key must be before it is used: numbers in, a checked key or the [`Flaw`] out.
//!
//! The libraries below check less than one might think: aws-lc accepts e = 3, none of them tests
//! primality or close factors. The list follows NIST SP 800-89 section 5.3.3 (partial validation
//! of public keys), FIPS 186-5 appendix A.1.1 (factors) and badkeys.info (what went wrong).

mod factors;
mod flaw;
mod public;
mod roca;

use crypto_bigint::BoxedUint;
use zeroize::Zeroizing;

pub use self::flaw::Flaw;

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

/// Checks all that can be seen without the factors.
pub(crate) fn public_key(numbers: &PublicNumbers<'_>) -> Result<rsa::PublicKey, Flaw> {
    public::header(numbers)?;
    let n = public_uint(numbers.n);
    public::modulus(&n)?;
    public::composite(&n)?;
    rsa::PublicKey::new(n, public_uint(numbers.e)).map_err(|_| Flaw::Inconsistent)
}

/// Checks a whole private key. The cheap checks come first; primality is last but one.
pub(crate) fn private_key(numbers: &PrivateNumbers<'_>) -> Result<rsa::PrivateKey, Flaw> {
    let bits = public::header(&numbers.public)?;
    factors::header(numbers, bits)?;
    let n = public_uint(numbers.public.n);
    public::modulus(&n)?;
    factors::large_exponent(numbers.d, bits)?;

    let [p, q, d] = [numbers.p, numbers.q, numbers.d].map(|bytes| secret_uint(bytes, bits));
    factors::product(&n, &p, &q)?;
    factors::distance(&p, &q, bits)?;
    factors::exponents(numbers, [&p, &q], &d, bits)?;
    factors::prime([&p, &q], bits)?;

    let e = public_uint(numbers.public.e);
    let factors = vec![BoxedUint::clone(&p), BoxedUint::clone(&q)];
    rsa::PrivateKey::from_components(n, e, BoxedUint::clone(&d), factors).map_err(|_| Flaw::Inconsistent)
}

/// Length in bits of a big-endian magnitude, read off its bytes.
fn bit_length(bytes: &[u8]) -> usize {
    let significant = significant(bytes);
    significant.first().map_or(0, |top| significant.len() * 8 - top.leading_zeros() as usize)
}

fn significant(bytes: &[u8]) -> &[u8] {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    &bytes[zeros..]
}

fn public_uint(bytes: &[u8]) -> BoxedUint {
    BoxedUint::from_be_slice_vartime(significant(bytes))
}

/// Every secret number gets the width of the modulus, whatever its own length: the arithmetic
/// then takes the same time for all of them.
fn secret_uint(bytes: &[u8], bits: u32) -> Zeroizing<BoxedUint> {
    Zeroizing::new(BoxedUint::from_be_slice_truncated(significant(bytes), bits))
}
