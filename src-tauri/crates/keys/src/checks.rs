//! What an RSA key must be before it is used: numbers in, a checked key or the [`Flaw`] out.
//!
//! The libraries below check less than one might think: aws-lc accepts e = 3, none of them tests
//! primality or close factors. The list follows NIST SP 800-89 section 5.3.3 (partial validation
//! of public keys), FIPS 186-5 appendix A.1.1 (factors) and badkeys.info (what went wrong).

mod factors;
pub(crate) mod flaw;
pub(crate) mod numbers;
mod public;
mod roca;

use crypto_bigint::BoxedUint;

use crate::checks::flaw::Flaw;
use crate::checks::numbers::{PrivateNumbers, PublicNumbers, public_uint, secret_uint};

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
