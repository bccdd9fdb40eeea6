/// Why an RSA key that can be read must not be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Flaw {
    /// p and q are so close that Fermat's method finds them.
    #[error("its two prime factors are too close to each other, so anybody can compute them")]
    CloseFactors,
    /// A factor is not prime.
    #[error("one of its factors is not a prime number")]
    CompositeFactor,
    /// dP, dQ or qInv do not belong to the key; signing with them can give the key away.
    #[error("its precomputed values do not fit the key: the file is damaged or was tampered with")]
    CrtMismatch,
    /// p = q.
    #[error("its two factors are equal, so anybody can compute them")]
    EqualFactors,
    /// n is even.
    #[error("its modulus is an even number")]
    EvenModulus,
    /// d is not the inverse of e.
    #[error("its private and public exponents do not belong together")]
    ExponentMismatch,
    /// e is not 65537.
    #[error("its public exponent is not 65537")]
    Exponent,
    /// p · q is not n.
    #[error("its factors do not give its modulus")]
    FactorMismatch,
    /// The parts pass each check and yet do not make a key.
    #[error("its parts do not belong together")]
    Inconsistent,
    /// n is not 2048 or 4096 bits long.
    #[error("3Commas takes RSA keys of 2048 or 4096 bits; this one has {0} bits. Make a new pair")]
    Length(u32),
    /// More than two factors.
    #[error("it has more than two prime factors, which other programs cannot read")]
    MultiPrime,
    /// d ≥ n.
    #[error("its private exponent is larger than its modulus")]
    OversizedPrivateExponent,
    /// The key says of itself that it is for another signature method.
    #[error("it is restricted to RSA-PSS signatures, which 3Commas does not use")]
    PssOnly,
    /// n is itself prime, so that everyone knows the private key.
    #[error("its modulus is a prime number, so anybody can compute the private key")]
    PrimeModulus,
    /// n bears the marks of CVE-2017-15361.
    #[error("it was made by a faulty chip (ROCA, CVE-2017-15361), so it can be broken")]
    Roca,
    /// n has a factor below 752.
    #[error("its modulus has a small factor")]
    SmallFactor,
    /// d ≤ 2^(bits/2), within reach of Wiener's attack.
    #[error("its private exponent is too small, so it can be computed (Wiener)")]
    SmallPrivateExponent,
    /// p and q are not of equal length.
    #[error("its two factors differ in length")]
    UnequalFactors,
}

impl Flaw {
    /// Stable kebab-case code.
    pub fn code(self) -> &'static str {
        match self {
            Self::CloseFactors => "close-factors",
            Self::CompositeFactor => "composite-factor",
            Self::CrtMismatch => "crt-mismatch",
            Self::EqualFactors => "equal-factors",
            Self::EvenModulus => "even-modulus",
            Self::Exponent => "exponent-not-65537",
            Self::ExponentMismatch => "exponent-mismatch",
            Self::FactorMismatch => "factor-mismatch",
            Self::Inconsistent => "inconsistent-key",
            Self::Length(_) => "key-length",
            Self::MultiPrime => "multi-prime",
            Self::OversizedPrivateExponent => "oversized-private-exponent",
            Self::PrimeModulus => "prime-modulus",
            Self::PssOnly => "pss-only",
            Self::Roca => "roca",
            Self::SmallFactor => "small-factor",
            Self::SmallPrivateExponent => "small-private-exponent",
            Self::UnequalFactors => "unequal-factors",
        }
    }
}
