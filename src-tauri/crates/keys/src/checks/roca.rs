//! CVE-2017-15361: Infineon's library made primes p = k·M + (65537^a mod M), M the product of the
//! first primes. So such an n is a power of 65537 modulo each of them, which by chance one modulus
//! in 2^27.8 is (Nemec et al., CCS 2017; crocs-muni/roca, `detect.py`).

use crypto_bigint::Word;

/// The 38 odd primes up to 167 that `detect.py` looks at. M of every length contains them.
const PRIMES: [u8; 38] = [
    3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109,
    113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
];

/// Whether n, given by its remainders, looks like a product of such primes.
pub(super) fn marked(remainder: impl Fn(u8) -> Word) -> bool {
    PRIMES.iter().all(|&prime| is_power_of_65537(remainder(prime), Word::from(prime)))
}

fn is_power_of_65537(residue: Word, prime: Word) -> bool {
    let mut power = 1;
    loop {
        if power == residue {
            return true;
        }
        power = power * 65537 % prime;
        if power == 1 {
            return false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chance_hit_is_as_rare_as_published() {
        let bits: f64 = PRIMES
            .iter()
            .map(|&prime| {
                let prime = Word::from(prime);
                let hits = (0..prime).filter(|r| is_power_of_65537(*r, prime)).count();
                (prime as f64 / hits as f64).log2()
            })
            .sum();
        // Over all residues; 2^-27.8 is over those not divisible by any of the primes.
        let coprime: f64 = PRIMES.iter().map(|&prime| (f64::from(prime) / (f64::from(prime) - 1.0)).log2()).sum();
        assert!((bits - coprime - 27.8).abs() < 0.1, "{}", bits - coprime);
    }

    #[test]
    fn powers_of_65537_are_marked_and_their_neighbours_are_not() {
        let power = |exponent: u32| move |prime: u8| pow(exponent, Word::from(prime));
        assert!(marked(power(0)));
        assert!(marked(power(123_456)));
        assert!(!marked(|prime| (pow(5, Word::from(prime)) + 1) % Word::from(prime)));
    }

    fn pow(exponent: u32, prime: Word) -> Word {
        (0..exponent).fold(1, |power, _| power * 65537 % prime)
    }
}
