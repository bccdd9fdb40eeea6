//! Checks that need only n and e.

use crypto_bigint::{BoxedUint, Limb, NonZero, Resize, Word};
use crypto_primes::{Flavor, is_prime};

use crate::checks::flaw::Flaw;
use crate::checks::numbers::{PublicNumbers, bit_length, significant};
use crate::checks::roca;

const EXPONENT: [u8; 3] = [1, 0, 1]; // 65537
/// NIST SP 800-89 section 5.3.3: no factor smaller than 752.
const SMALLEST_FACTOR: Word = 752;
/// badkeys.info tries as many: the flawed generators behind CVE-2022-26320 need one or two.
const FERMAT_ROUNDS: usize = 100;

/// Length and exponent, read off the bytes: no arithmetic on a modulus of any other length
/// (CVE-2023-29409 was about that time). Returns the length.
pub(super) fn header(numbers: &PublicNumbers<'_>) -> Result<u32, Flaw> {
    let bits = match bit_length(numbers.n) {
        2048 => 2048,
        4096 => 4096,
        other => return Err(Flaw::Length(u32::try_from(other).unwrap_or(u32::MAX))),
    };
    if significant(numbers.e) != EXPONENT {
        return Err(Flaw::Exponent);
    }
    Ok(bits)
}

/// Properties of n by which its factors can be found.
pub(super) fn modulus(n: &BoxedUint) -> Result<(), Flaw> {
    if remainder(n, 2) == 0 {
        return Err(Flaw::EvenModulus);
    }
    if (3..SMALLEST_FACTOR).any(|divisor| remainder(n, divisor) == 0) {
        return Err(Flaw::SmallFactor);
    }
    if roca::marked(|prime| remainder(n, Word::from(prime))) {
        return Err(Flaw::Roca);
    }
    fermat(n)
}

/// A prime n is no RSA modulus: its totient is known to everyone.
pub(super) fn composite(n: &BoxedUint) -> Result<(), Flaw> {
    if is_prime(Flavor::Any, n) {
        return Err(Flaw::PrimeModulus);
    }
    Ok(())
}

/// Fermat: with a = (p+q)/2 and b = (p-q)/2, n = a² - b². Starting at a = ceil(√n), a² - n is a
/// square after few steps if p and q are close, at once if they are equal.
fn fermat(n: &BoxedUint) -> Result<(), Flaw> {
    // One limb of head room for the sums.
    let n = n.resize_unchecked(n.bits_precision() + Limb::BITS);
    let mut a = n.floor_sqrt_vartime().resize_unchecked(n.bits_precision());
    if a.wrapping_square() == n {
        return Err(Flaw::EqualFactors);
    }
    let one = BoxedUint::one_with_precision(n.bits_precision());
    a = a.wrapping_add(&one);
    let mut square = a.wrapping_square().wrapping_sub(&n);
    for _ in 0..FERMAT_ROUNDS {
        if may_be_square(&square) && square.checked_sqrt_vartime().is_some() {
            return Err(Flaw::CloseFactors);
        }
        // (a+1)² - n = (a² - n) + 2a + 1
        square = square.wrapping_add(&a).wrapping_add(&a).wrapping_add(&one);
        a = a.wrapping_add(&one);
    }
    Ok(())
}

/// Saves most square roots: a square is 0, 1, 4 or 9 modulo 16.
fn may_be_square(number: &BoxedUint) -> bool {
    matches!(number.as_words()[0] % 16, 0 | 1 | 4 | 9)
}

fn remainder(n: &BoxedUint, divisor: Word) -> Word {
    NonZero::new(Limb(divisor)).into_option().map_or(0, |divisor| n.rem_limb(divisor).0)
}
