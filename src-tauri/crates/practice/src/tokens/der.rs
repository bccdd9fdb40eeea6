//! Just enough DER (ITU-T X.690) to read the two numbers of an RSA public key in SPKI form
//! (RFC 5280 section 4.1, RFC 8017 appendix A.1.1), and nothing but DER.

const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const SEQUENCE: u8 = 0x30;
/// AlgorithmIdentifier content: OID 1.2.840.113549.1.1.1 (rsaEncryption), NULL.
const RSA_ENCRYPTION: &[u8] = &[0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];

/// The numbers of an RSA public key, without leading zeros.
pub(crate) struct RsaNumbers<'a> {
    pub(crate) modulus: &'a [u8],
    pub(crate) exponent: &'a [u8],
}

impl RsaNumbers<'_> {
    pub(crate) fn modulus_bits(&self) -> usize {
        let zeros = self.modulus.first().map_or(0, |byte| byte.leading_zeros() as usize);
        self.modulus.len() * 8 - zeros
    }
}

/// `None` for anything that is not exactly one RSA key.
pub(crate) fn rsa_numbers(spki: &[u8]) -> Option<RsaNumbers<'_>> {
    let key_info = whole(SEQUENCE, spki)?;
    let (algorithm, rest) = next(SEQUENCE, key_info)?;
    if algorithm != RSA_ENCRYPTION {
        return None;
    }
    let (unused_bits, key) = whole(BIT_STRING, rest)?.split_first()?;
    if *unused_bits != 0 {
        return None;
    }
    let (modulus, rest) = next(INTEGER, whole(SEQUENCE, key)?)?;
    let exponent = whole(INTEGER, rest)?;
    Some(RsaNumbers { modulus: positive(modulus)?, exponent: positive(exponent)? })
}

/// The content of an element that is all of the input.
fn whole(tag: u8, input: &[u8]) -> Option<&[u8]> {
    let (content, rest) = next(tag, input)?;
    rest.is_empty().then_some(content)
}

/// The content of the first element, and what follows it.
fn next(tag: u8, input: &[u8]) -> Option<(&[u8], &[u8])> {
    let (&found, input) = input.split_first()?;
    let (&first, input) = input.split_first()?;
    let (length, input) = match first {
        0..=0x7f => (usize::from(first), input),
        0x81 => {
            let (&length, input) = input.split_first()?;
            (usize::from(length), input)
        }
        0x82 => {
            let (&length, input) = input.split_first_chunk::<2>()?;
            (usize::from(u16::from_be_bytes(length)), input)
        }
        _ => return None,
    };
    let shortest = match first {
        0x81 => length > 0x7f,
        0x82 => length > 0xff,
        _ => true,
    };
    if found != tag || !shortest {
        return None;
    }
    input.split_at_checked(length)
}

/// A positive INTEGER in its one DER form, without the zero byte that keeps it positive.
fn positive(integer: &[u8]) -> Option<&[u8]> {
    match integer {
        [0, rest @ ..] if rest.first().is_some_and(|byte| byte & 0x80 != 0) => Some(rest),
        [first, ..] if (1..0x80).contains(first) => Some(integer),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_have_one_form() {
        assert_eq!(next(INTEGER, &[2, 1, 5, 9]), Some((&[5][..], &[9][..])));
        for refused in [&[][..], &[2], &[2, 2, 5], &[3, 1, 5], &[2, 0x81, 1, 5], &[2, 0x80], &[2, 0x83, 0, 0, 1, 5]] {
            assert_eq!(next(INTEGER, refused), None, "{refused:?}");
        }
    }

    #[test]
    fn integers_are_positive_and_minimal() {
        assert_eq!(positive(&[0, 0x80]), Some(&[0x80][..]));
        assert_eq!(positive(&[1, 0, 1]), Some(&[1, 0, 1][..]));
        for refused in [&[][..], &[0], &[0, 1], &[0x80], &[0xff, 1]] {
            assert_eq!(positive(refused), None, "{refused:?}");
        }
    }

    #[test]
    fn bits_are_counted_from_the_first_one() {
        let numbers = RsaNumbers { modulus: &[0x01, 0xff], exponent: &[3] };
        assert_eq!(numbers.modulus_bits(), 9);
    }
}
