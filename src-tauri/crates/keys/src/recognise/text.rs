//! From pasted bytes to plain text: undoes what editors, word processors and programming languages
//! do to text, so that what follows sees ASCII dashes, quotes and line ends.

use zeroize::Zeroizing;

/// Text as it will be searched. Wiped on drop, because there may be a private key in it.
pub(super) fn clean(bytes: &[u8]) -> Zeroizing<String> {
    // A replacement character is three bytes where one was: room for the worst case, so that the
    // buffer never moves and leaves a copy behind.
    let mut text = Zeroizing::new(String::with_capacity(bytes.len() * 3));
    match utf16(bytes) {
        Some(units) => text.extend(
            char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).filter_map(plain),
        ),
        None => {
            for chunk in bytes.utf8_chunks() {
                text.extend(chunk.valid().chars().filter_map(plain));
                if !chunk.invalid().is_empty() {
                    text.push(char::REPLACEMENT_CHARACTER);
                }
            }
        }
    }
    if text.contains('\\') {
        return unescape(&text);
    }
    text
}

/// Windows editors save "Unicode" as UTF-16 with a byte order mark.
fn utf16(bytes: &[u8]) -> Option<impl Iterator<Item = u16>> {
    let decode: fn([u8; 2]) -> u16 = match bytes {
        [0xff, 0xfe, ..] => u16::from_le_bytes,
        [0xfe, 0xff, ..] => u16::from_be_bytes,
        _ => return None,
    };
    let pairs = bytes[2..].chunks_exact(2);
    Some(pairs.map(move |pair| decode([pair[0], pair[1]])))
}

fn plain(character: char) -> Option<char> {
    Some(match character {
        // Zero width, soft hyphen, direction marks.
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}' => {
            return None;
        }
        // Carriage return, vertical tab, form feed, line and paragraph separator.
        '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => '\n',
        // Hyphens and dashes, minus, full width.
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}' => '-',
        '\u{2018}'..='\u{201f}' | '\u{ab}' | '\u{bb}' => '"',
        other if other.is_whitespace() && other != '\n' => ' ',
        other => other,
    })
}

/// Escapes of JSON, shells and most languages: a literal `\n` between the lines of a key, `\/` from
/// PHP, `\u002B` from .NET, doubled backslashes from text that was quoted twice, and a backslash
/// that continues a line.
fn unescape(text: &str) -> Zeroizing<String> {
    let mut out = Zeroizing::new(String::with_capacity(text.len()));
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let escaped = rest[at..].trim_start_matches('\\');
        let (meaning, used) = meaning(escaped);
        out.push(meaning);
        rest = &escaped[used..];
    }
    out.push_str(rest);
    out
}

/// What stands for the escape, and how much of the text after the backslash it uses up.
fn meaning(escaped: &str) -> (char, usize) {
    match escaped.as_bytes() {
        [b'n' | b'r' | b'\n', ..] => ('\n', 1),
        [b't', ..] => (' ', 1),
        [b'/', ..] => ('/', 1),
        [b'"' | b'\'', ..] => ('"', 1),
        [b'u', b'0', b'0', ..] => escaped
            .get(3..5)
            .and_then(|digits| u8::from_str_radix(digits, 16).ok())
            .filter(u8::is_ascii)
            .map_or(('\\', 0), |code| (plain(char::from(code)).unwrap_or(' '), 5)),
        _ => ('\\', 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_programs_do_to_text_is_undone() {
        for (pasted, expected) in [
            ("a\r\nb\rc", "a\n\nb\nc"),
            (r"a\nb\r\nc\\nd", "a\nb\n\nc\nd"),
            (r"+\/\u002B\u002f\u003D", "+/+/="),
            ("a\\\nb", "a\nb"),
            ("\u{feff}—–BEGIN\u{a0}X", "--BEGIN X"),
            ("\u{201c}k\u{201d}\u{200b}", "\"k\""),
            (r#"\"k\""#, "\"k\""),
            (r"\x", r"\x"),
            (r"\", r"\"),
            (r"\u00", r"\u00"),
            (r"\u00é", r"\u00é"),
        ] {
            assert_eq!(*clean(pasted.as_bytes()), expected, "{pasted:?}");
        }
    }

    #[test]
    fn utf_16_of_either_order_is_read() {
        let little: Vec<u8> = "\u{feff}Key—1".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = "\u{feff}Key—1".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(*clean(&little), "Key-1");
        assert_eq!(*clean(&big), "Key-1");
        assert_eq!(*clean(&little[..little.len() - 1]), "Key-");
    }

    #[test]
    fn bytes_that_are_no_text_are_marked_and_not_dropped() {
        assert_eq!(*clean(b"a\xffb"), "a\u{fffd}b");
    }

    #[test]
    fn the_buffer_never_moves() {
        let worst = vec![0xff; 1000];
        assert_eq!(clean(&worst).capacity(), 3000);
    }
}
