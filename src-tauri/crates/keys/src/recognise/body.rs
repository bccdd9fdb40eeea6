//! From the text between two markers, or from text without any, to the bytes of one structure.
//!
//! DER says its own length in its first bytes. So the end of a body is known without its `END`
//! line, trailing text can be told from data, and a missing character is noticed.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use zeroize::Zeroizing;

use crate::encrypted::openssh::MAGIC as OPENSSH;
use crate::recognise::damage::Damage;

/// The largest structure of interest: certificates and keys of 16,384 bits fit.
pub(super) const MAX_DER: usize = 16 * 1024;

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);
/// Base64 characters that hold the longest DER header of interest.
const HEADER_CHARACTERS: usize = 8;

/// A decoded body.
pub(super) struct Body {
    pub(super) bytes: Zeroizing<Vec<u8>>,
    /// What stood after `DEK-Info:`: the bytes are encrypted.
    pub(super) dek_info: Option<String>,
}

/// Decodes what stands between two markers.
pub(super) fn between_markers(text: &str) -> Result<Body, Damage> {
    if let Some((dek_info, rest)) = dek_info(text) {
        let (bytes, _) = decode(rest, false)?;
        return Ok(Body { bytes, dek_info: Some(dek_info) });
    }
    let (bytes, _) = decode(skip_headers(text), true)?;
    Ok(Body { bytes, dek_info: None })
}

/// Decodes one structure at the start of `text`; also how much of the text it took. If
/// `self_delimiting`, a DER header at the start decides where it ends.
pub(super) fn decode(text: &str, self_delimiting: bool) -> Result<(Zeroizing<Vec<u8>>, usize), Damage> {
    let mut characters = Zeroizing::new(Vec::with_capacity(text.len().min(2 * MAX_DER)));
    let mut wanted = None;
    let mut used = text.len();
    for (at, byte) in text.bytes().enumerate() {
        if is_base64(byte) {
            if wanted == Some(characters.len()) {
                // Glued to the end: no telling which of the characters are the key's.
                let glued = at > 0 && is_base64(text.as_bytes()[at - 1]);
                if glued {
                    return Err(Damage::Malformed);
                }
                used = at;
                break;
            }
            if characters.len() == 2 * MAX_DER {
                return Err(Damage::Malformed);
            }
            characters.push(byte);
            if self_delimiting && characters.len() == HEADER_CHARACTERS {
                wanted = der_characters(&characters)?;
            }
        } else if byte == b'=' {
            used = at;
            break;
        } else if !is_layout(byte) {
            if wanted == Some(characters.len()) {
                used = at;
                break;
            }
            return Err(Damage::BadCharacter);
        }
    }
    if wanted.is_some_and(|wanted| characters.len() < wanted) {
        return Err(Damage::Truncated);
    }
    let mut bytes = Zeroizing::new(vec![0; characters.len().div_ceil(4) * 3]);
    let length = BASE64.decode_slice(&*characters, &mut bytes).map_err(|_| Damage::Malformed)?;
    bytes.truncate(length);
    if bytes.is_empty() {
        return Err(Damage::Truncated);
    }
    Ok((bytes, used))
}

/// Total length of the DER structure at the start of `bytes`, if it starts one. Only SEQUENCEs:
/// every key is one.
pub(super) fn der_length(bytes: &[u8]) -> Option<usize> {
    let [0x30, first, rest @ ..] = bytes else {
        return None;
    };
    let first = usize::from(*first);
    if first < 0x80 {
        return Some(2 + first);
    }
    let count = first - 0x80;
    if !(1..=4).contains(&count) {
        return None;
    }
    let length = rest.get(..count)?.iter().fold(0, |length, byte| length << 8 | usize::from(*byte));
    Some(2 + count + length)
}

pub(super) fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/'
}

/// How many base64 characters the structure takes whose first eight are given.
fn der_characters(first: &[u8]) -> Result<Option<usize>, Damage> {
    let mut header = [0; 6];
    if BASE64.decode_slice(first, &mut header).is_err() {
        return Err(Damage::Malformed);
    }
    if OPENSSH.starts_with(&header) {
        return Ok(None);
    }
    match der_length(&header) {
        Some(length) if length > MAX_DER => Err(Damage::Malformed),
        length => Ok(length.map(|length| (length * 8).div_ceil(6))),
    }
}

/// White space, quotes around lines, `>` of quoted mail, commas of lists.
fn is_layout(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'`' | b'>' | b',')
}

/// Splits off RFC 1421 headers of an encrypted key, which may have lost their line breaks: the
/// initialisation vector ends where its hexadecimal digits are complete.
fn dek_info(text: &str) -> Option<(String, &str)> {
    const NAME: &str = "DEK-Info:";
    let at = text.as_bytes().windows(NAME.len()).position(|window| window.eq_ignore_ascii_case(NAME.as_bytes()))?;
    let value = text[at + NAME.len()..].trim_start();
    let Some((cipher, iv)) = value.split_once(',') else {
        return Some((String::new(), ""));
    };
    let iv = iv.trim_start();
    let block = if cipher.starts_with("DES") { 8 } else { 16 };
    let digits = iv.bytes().take(2 * block).take_while(u8::is_ascii_hexdigit).count();
    Some((format!("{cipher},{}", &iv[..digits]), &iv[digits..]))
}

/// Drops lines such as `Comment: "me"` (RFC 4716) before the data.
fn skip_headers(text: &str) -> &str {
    let mut rest = text.trim_start();
    while let Some((line, below)) = rest.split_once('\n') {
        if !line.contains(':') {
            break;
        }
        rest = below.trim_start();
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(text: &str) -> Result<(Vec<u8>, usize), Damage> {
        decode(text, true).map(|(bytes, used)| (bytes.to_vec(), used))
    }

    #[test]
    fn der_ends_where_it_says() {
        // SEQUENCE of 6 bytes: 8 in all, 11 characters.
        let der = [0x30, 6, 2, 1, 7, 2, 1, 9];
        let text = "MAYCAQcCAQk";
        assert_eq!(taken(text), Ok((der.to_vec(), 11)));
        assert_eq!(taken(&format!("{text}=")), Ok((der.to_vec(), 11)));
        assert_eq!(taken(&format!("{text}\nsent from my phone")), Ok((der.to_vec(), 12)));
        assert_eq!(taken("> MAYC\n> AQcC\n> AQk").map(|(der, _)| der), Ok(der.to_vec()));
        assert_eq!(taken(&text[..10]), Err(Damage::Truncated));
        assert_eq!(taken("MAYCAQ*CAQk"), Err(Damage::BadCharacter));
        assert_eq!(taken(&format!("{text}A")), Err(Damage::Malformed));
    }

    #[test]
    fn the_largest_structure_of_interest_is_read_and_a_larger_one_is_not() {
        for (length, is_read) in [(MAX_DER, true), (MAX_DER + 1, false)] {
            let content = u16::try_from(length - 4).unwrap().to_be_bytes();
            let mut der = vec![0x30, 0x82, content[0], content[1]];
            der.resize(length, 0);
            let text = BASE64.encode(&der);
            let expected = if is_read { Ok(der) } else { Err(Damage::Malformed) };
            assert_eq!(taken(&text).map(|(bytes, _)| bytes), expected, "{length}");
        }
    }

    #[test]
    fn der_lengths_are_read_without_overflow() {
        for (bytes, expected) in [
            (&[0x30, 0x05][..], Some(7)),
            (&[0x30, 0x81, 0x90], Some(0x93)),
            (&[0x30, 0x82, 1, 0], Some(260)),
            (&[0x30, 0x84, 0xff, 0xff, 0xff, 0xff], Some(6 + 0xffff_ffff)),
            (&[0x30, 0x85, 1, 1, 1, 1, 1], None),
            (&[0x30, 0x80], None),
            (&[0x30, 0x82, 1], None),
            (&[0x31, 0x05], None),
            (&[], None),
        ] {
            assert_eq!(der_length(bytes), expected, "{bytes:?}");
        }
    }

    #[test]
    fn encryption_headers_are_found_without_their_line_breaks() {
        let glued = "Proc-Type: 4,ENCRYPTEDDEK-Info: AES-128-CBC,000102030405060708090A0B0C0D0E0FMAYC";
        let body = between_markers(glued).ok().unwrap();
        assert_eq!(body.dek_info.as_deref(), Some("AES-128-CBC,000102030405060708090A0B0C0D0E0F"));
        assert_eq!(body.bytes[..], [0x30, 6, 2]);
    }
}
