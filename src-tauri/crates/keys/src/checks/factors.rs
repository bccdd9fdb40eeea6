//! Checks that need the private half.

use crypto_bigint::{BoxedUint, ConcatenatingMul, NonZero, Resize};
use crypto_primes::{Flavor, is_prime};
use zeroize::Zeroizing;

use crate::checks::flaw::Flaw;
use crate::checks::numbers::{PrivateNumbers, bit_length, secret_uint, significant};

/// FIPS 186-5 appendix A.1.3 step 5.4: |p - q| > 2^(bits/2 - 100).
const CLOSE_BITS: u32 = 100;

/// Lengths, read off the bytes.
pub(super) fn header(numbers: &PrivateNumbers<'_>, bits: u32) -> Result<(), Flaw> {
    let bits = bits as usize;
    let [d, p, q] = [numbers.d, numbers.p, numbers.q].map(bit_length);
    if d > bits || (d == bits && significant(numbers.d) >= significant(numbers.public.n)) {
        return Err(Flaw::OversizedPrivateExponent);
    }
    if p > bits || q > bits {
        return Err(Flaw::FactorMismatch);
    }
    Ok(())
}

/// d > 2^(bits/2), as FIPS 186-5 appendix A.1.1 asks: Wiener's attack needs one far smaller.
pub(super) fn large_exponent(d: &[u8], bits: u32) -> Result<(), Flaw> {
    if bit_length(d) <= bits as usize / 2 {
        return Err(Flaw::SmallPrivateExponent);
    }
    Ok(())
}

/// n = p·q, p ≠ q.
pub(super) fn product(n: &BoxedUint, p: &BoxedUint, q: &BoxedUint) -> Result<(), Flaw> {
    let product = Zeroizing::new(p.concatenating_mul(q));
    if *product != *n {
        return Err(Flaw::FactorMismatch);
    }
    if p == q {
        return Err(Flaw::EqualFactors);
    }
    Ok(())
}

/// Equal lengths, but far apart.
pub(super) fn distance(p: &BoxedUint, q: &BoxedUint, bits: u32) -> Result<(), Flaw> {
    if p.bit_width() != bits / 2 || q.bit_width() != bits / 2 {
        return Err(Flaw::UnequalFactors);
    }
    let (larger, smaller) = if p > q { (p, q) } else { (q, p) };
    let distance = Zeroizing::new(larger.wrapping_sub(smaller));
    if distance.bit_width() <= bits / 2 - CLOSE_BITS {
        return Err(Flaw::CloseFactors);
    }
    Ok(())
}

/// d·e ≡ 1 modulo p-1 and q-1, and the values made from d, p and q for speed.
pub(super) fn exponents(
    numbers: &PrivateNumbers<'_>,
    [p, q]: [&BoxedUint; 2],
    d: &BoxedUint,
    bits: u32,
) -> Result<(), Flaw> {
    let one = BoxedUint::one_with_precision(bits);
    let e = secret_uint(numbers.public.e, bits);
    for (index, prime) in [p, q].into_iter().enumerate() {
        let order = non_zero(prime.wrapping_sub(&one))?;
        let reduced = Zeroizing::new(d.rem(&*order));
        if reduced.mul_mod(&e, &order) != one {
            return Err(Flaw::ExponentMismatch);
        }
        if let Some(given) = numbers.exponents
            && !same(given[index], &reduced, bits)
        {
            return Err(Flaw::CrtMismatch);
        }
    }

    let coefficient = secret_uint(numbers.coefficient, bits);
    let fits = bit_length(numbers.coefficient) <= bits as usize && *coefficient < *p;
    let modulus = non_zero(p.clone())?;
    let q = Zeroizing::new(q.rem(&*modulus));
    if !fits || coefficient.mul_mod(&q, &modulus) != one {
        return Err(Flaw::CrtMismatch);
    }
    Ok(())
}

/// Baillie-PSW, of which no counterexample is known.
pub(super) fn prime(factors: [&BoxedUint; 2], bits: u32) -> Result<(), Flaw> {
    for factor in factors {
        // A primality test costs by width, and the length of a factor is no secret any more.
        let factor = Zeroizing::new(factor.resize_unchecked(bits / 2));
        if !is_prime(Flavor::Any, &*factor) {
            return Err(Flaw::CompositeFactor);
        }
    }
    Ok(())
}

fn same(given: &[u8], expected: &BoxedUint, bits: u32) -> bool {
    bit_length(given) <= bits as usize && *secret_uint(given, bits) == *expected
}

fn non_zero(number: BoxedUint) -> Result<Zeroizing<NonZero<BoxedUint>>, Flaw> {
    NonZero::new(number).into_option().map(Zeroizing::new).ok_or(Flaw::FactorMismatch)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::numbers::PublicNumbers;

    #[test]
    fn a_factor_longer_than_the_modulus_is_refused_before_it_is_computed_with() {
        let (n, as_long, longer) = ([0xff; 256], [0x80; 256], [1; 257]);
        for (p, q, expected) in [
            (&as_long[..], &[3][..], Ok(())),
            (&[3], &as_long, Ok(())),
            (&longer, &[3], Err(Flaw::FactorMismatch)),
            (&[3], &longer, Err(Flaw::FactorMismatch)),
        ] {
            let public = PublicNumbers { n: &n, e: &[1, 0, 1] };
            let numbers = PrivateNumbers { public, d: &[3], p, q, exponents: None, coefficient: &[] };
            assert_eq!(header(&numbers, 2048), expected);
        }
    }
}
