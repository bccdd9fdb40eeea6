//! Digits of other scripts and widths.

/// A text whose digits and marks are ASCII, and whether a foreign digit was among them.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Ascii {
    /// `None` where a number is no decimal digit (`⑧`, `½`), so that nobody can tell what it stands for.
    pub(crate) text: Option<String>,
    pub(crate) foreign_digits: bool,
}

/// The text with its foreign digits and full-width marks replaced; `None` if it has none.
pub(crate) fn to_ascii(text: &str) -> Option<Ascii> {
    if text.is_ascii() || !text.chars().any(is_foreign) {
        return None;
    }
    Some(Ascii { text: text.chars().map(ascii).collect(), foreign_digits: text.chars().any(is_foreign_digit) })
}

/// Whether the character is a number that is not an ASCII digit.
pub(crate) fn is_foreign_digit(c: char) -> bool {
    !c.is_ascii() && c.is_numeric()
}

fn is_foreign(c: char) -> bool {
    is_foreign_digit(c) || ascii(c).is_some_and(|replaced| replaced != c)
}

/// The ASCII character meant, or the character itself; `None` for a number without a decimal value.
fn ascii(c: char) -> Option<char> {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0),
        // Full stops that IDNA (UTS #46) takes for the dot.
        '\u{3002}' | '\u{ff61}' => Some('.'),
        c if is_foreign_digit(c) => decimal(c),
        c => Some(c),
    }
}

/// The ASCII form of a decimal digit of any script.
fn decimal(c: char) -> Option<char> {
    let code = u32::from(c);
    let zero = ZEROS[..ZEROS.partition_point(|zero| *zero <= code)].last()?;
    char::from_digit(code.checked_sub(*zero)?, 10)
}

/// The zero of every run of ten decimal digits (Unicode 17, general category Nd), sorted.
const ZEROS: [u32; 77] = [
    0x30, 0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50, 0xed0,
    0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620,
    0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10, 0x104a0, 0x10d30, 0x10d40, 0x11066, 0x110f0, 0x11136,
    0x111d0, 0x112f0, 0x11450, 0x114d0, 0x11650, 0x116c0, 0x116d0, 0x116da, 0x11730, 0x118e0, 0x11950, 0x11bf0,
    0x11c50, 0x11d50, 0x11da0, 0x11de0, 0x11f50, 0x16130, 0x16a60, 0x16ac0, 0x16b50, 0x16d70, 0x1ccf0, 0x1d7ce,
    0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6, 0x1e140, 0x1e2f0, 0x1e4f0, 0x1e5f1, 0x1e950, 0x1fbf0,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_run_has_ten_numbers_and_the_table_is_sorted() {
        assert!(ZEROS.is_sorted_by(|a, b| a + 10 <= *b));
        for zero in ZEROS {
            for digit in 0..10 {
                let c = char::from_u32(zero + digit).unwrap();
                assert!(c.is_numeric(), "{c:?}");
                assert_eq!(decimal(c), char::from_digit(digit, 10));
            }
        }
    }

    #[test]
    fn digits_of_any_script_become_ascii() {
        for (given, wanted) in [
            ("８.８.８.８", Some("8.8.8.8")),
            ("８．８．８．８／２４", Some("8.8.8.8/24")),
            ("٨.٨.٨.٨", Some("8.8.8.8")),
            ("八.8.8.8", None),
            ("⑧.8.8.8", None),
            ("𝟖.𝟾.8.8", Some("8.8.8.8")),
        ] {
            let ascii = to_ascii(given);
            assert_eq!(ascii.and_then(|ascii| ascii.text), wanted.map(str::to_owned), "{given}");
        }
        assert_eq!(to_ascii("8.8.8.8"), None);
        assert_eq!(to_ascii("сервер"), None);
    }
}
