//! Writing PEM: strict RFC 7468, 64 columns, LF, final newline.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

const COLUMNS: usize = 64;

/// Puts DER into armour. Treated as secret, because it is used for private keys too.
pub(crate) fn armour(label: &str, der: &[u8]) -> Zeroizing<String> {
    let body = Zeroizing::new(STANDARD.encode(der));
    // Enough from the start: growing would leave a copy behind.
    let lines = body.len().div_ceil(COLUMNS);
    let mut pem = Zeroizing::new(String::with_capacity(body.len() + lines + 2 * label.len() + 40));
    for part in ["-----BEGIN ", label, "-----\n"] {
        pem.push_str(part);
    }
    let mut rest = body.as_str();
    while !rest.is_empty() {
        let (line, tail) = rest.split_at(rest.len().min(COLUMNS));
        pem.push_str(line);
        pem.push('\n');
        rest = tail;
    }
    for part in ["-----END ", label, "-----\n"] {
        pem.push_str(part);
    }
    pem
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_have_64_columns_and_end_with_lf() {
        let pem = armour("PUBLIC KEY", &[0xff; 49]);
        let expected = format!("-----BEGIN PUBLIC KEY-----\n{}\n/w==\n-----END PUBLIC KEY-----\n", "/".repeat(64));
        assert_eq!(*pem, expected);
    }

    #[test]
    fn an_exact_line_is_not_followed_by_an_empty_one() {
        let pem = armour("X", &[0; 48]);
        assert_eq!(pem.lines().count(), 3);
    }

    #[test]
    fn the_buffer_never_grows() {
        for len in 0..300 {
            let pem = armour("ENCRYPTED PRIVATE KEY", &vec![0; len]);
            assert!(pem.capacity() <= pem.len() + 40 + COLUMNS);
        }
    }
}
