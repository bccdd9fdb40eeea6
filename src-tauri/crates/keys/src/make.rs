//! Making a pair.

use rsa::rand_core::TryCryptoRng;

use crate::error::Error;
use crate::pair::KeyPair;

/// The key lengths that 3Commas documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bits {
    /// 2048 bits.
    B2048,
    /// 4096 bits, the default of the app.
    B4096,
}

impl Bits {
    /// The length as a number.
    pub fn get(self) -> u32 {
        match self {
            Self::B2048 => 2048,
            Self::B4096 => 4096,
        }
    }
}

impl TryFrom<u32> for Bits {
    type Error = Error;

    fn try_from(bits: u32) -> Result<Self, Error> {
        match bits {
            2048 => Ok(Self::B2048),
            4096 => Ok(Self::B4096),
            _ => Err(Error::UnsupportedLength { bits }),
        }
    }
}

impl KeyPair {
    /// Makes a pair with the operating system's random numbers and proves it.
    ///
    /// Takes a tenth of a second to some seconds: not for a thread that draws a window.
    pub fn generate(bits: Bits) -> Result<Self, Error> {
        Self::generate_from(&mut getrandom::SysRng, bits)
    }

    /// Like [`generate`](Self::generate), with the random numbers given.
    pub fn generate_from<R: TryCryptoRng + ?Sized>(rng: &mut R, bits: Bits) -> Result<Self, Error> {
        rsa::PrivateKey::new(rng, bits.get() as usize)
            .map_err(|_| Error::GenerationFailed)
            .and_then(|key| Self::prove(&key))
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use rsa::rand_core::{TryCryptoRng, TryRng};

    use super::*;

    #[test]
    fn only_the_documented_lengths_are_made() {
        assert_eq!(Bits::try_from(2048), Ok(Bits::B2048));
        assert_eq!(Bits::try_from(4096).map(Bits::get), Ok(4096));
        for bits in [0, 512, 1024, 2047, 3072, 8192, u32::MAX] {
            assert_eq!(Bits::try_from(bits), Err(Error::UnsupportedLength { bits }));
        }
    }

    #[test]
    fn a_failing_random_source_makes_no_pair() {
        struct Broken;
        #[derive(Debug, thiserror::Error)]
        #[error("no entropy")]
        struct NoEntropy;
        impl TryRng for Broken {
            type Error = NoEntropy;
            fn try_next_u32(&mut self) -> Result<u32, NoEntropy> {
                Err(NoEntropy)
            }
            fn try_next_u64(&mut self) -> Result<u64, NoEntropy> {
                Err(NoEntropy)
            }
            fn try_fill_bytes(&mut self, _: &mut [u8]) -> Result<(), NoEntropy> {
                Err(NoEntropy)
            }
        }
        impl TryCryptoRng for Broken {}

        let error = KeyPair::generate_from(&mut Broken, Bits::B2048).unwrap_err();
        assert_eq!(error, Error::GenerationFailed);
    }

    #[test]
    fn the_same_random_numbers_make_the_same_pair() {
        /// SplitMix64: predictable on purpose.
        struct Predictable(u64);
        impl TryRng for Predictable {
            type Error = Infallible;
            fn try_next_u32(&mut self) -> Result<u32, Infallible> {
                self.try_next_u64().map(|n| (n >> 32) as u32)
            }
            fn try_next_u64(&mut self) -> Result<u64, Infallible> {
                self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
                let mut z = self.0;
                z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
                z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
                Ok(z ^ (z >> 31))
            }
            fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
                for chunk in out.chunks_mut(8) {
                    let word = self.try_next_u64()?.to_le_bytes();
                    chunk.copy_from_slice(&word[..chunk.len()]);
                }
                Ok(())
            }
        }
        impl TryCryptoRng for Predictable {}

        let make = |seed| KeyPair::generate_from(&mut Predictable(seed), Bits::B2048).unwrap().public_pem();
        assert_eq!(make(7), make(7));
        assert_ne!(make(7), make(8));
    }
}
