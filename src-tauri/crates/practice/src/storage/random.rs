//! Random text and bytes from the operating system's generator.

use zeroize::Zeroizing;

const HEX: &[u8] = b"0123456789abcdef";
const LETTERS_AND_DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

pub(crate) fn bytes<const N: usize>() -> Zeroizing<[u8; N]> {
    let mut bytes = Zeroizing::new([0; N]);
    aws_lc_rs::rand::fill(bytes.as_mut_slice()).expect("AWS-LC aborts rather than return without randomness");
    bytes
}

pub(crate) fn hex(length: usize) -> Zeroizing<String> {
    text(HEX, length)
}

pub(crate) fn letters_and_digits(length: usize) -> Zeroizing<String> {
    text(LETTERS_AND_DIGITS, length)
}

/// Each character equally likely: bytes beyond the last whole multiple are drawn again.
fn text(alphabet: &[u8], length: usize) -> Zeroizing<String> {
    let fair = 256 - 256 % alphabet.len();
    let mut text = Zeroizing::new(String::with_capacity(length));
    while text.len() < length {
        let drawn = bytes::<64>();
        let fair_bytes = drawn.iter().map(|&byte| usize::from(byte)).filter(|&byte| byte < fair);
        let missing = length - text.len();
        text.extend(fair_bytes.take(missing).map(|byte| char::from(alphabet[byte % alphabet.len()])));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_have_the_length_and_alphabet_asked_for() {
        for length in [0, 1, 56, 64, 200] {
            assert_eq!(hex(length).len(), length);
            assert!(hex(length).bytes().all(|byte| HEX.contains(&byte)));
            assert!(letters_and_digits(length).bytes().all(|byte| byte.is_ascii_alphanumeric()));
        }
    }

    #[test]
    fn every_character_of_the_alphabet_comes_up() {
        let long = letters_and_digits(20_000);
        assert!(LETTERS_AND_DIGITS.iter().all(|&byte| long.as_bytes().contains(&byte)));
        assert_ne!(letters_and_digits(64), letters_and_digits(64));
    }
}
