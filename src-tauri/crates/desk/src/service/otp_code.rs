use crate::error::Error;

/// A one-time code as the token endpoint takes it: six ASCII digits (RFC 6238 with the defaults of authenticator apps).
#[derive(Clone)]
pub struct OtpCode(String);

impl OtpCode {
    /// Parses what a person typed or pasted; spaces, as authenticator apps show them, do not count.
    pub fn parse(typed: &str) -> Result<Self, Error> {
        let digits: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
        if digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_digit()) {
            Ok(Self(digits))
        } else {
            Err(Error::OtpFormat)
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for OtpCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("OtpCode([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_digits_with_or_without_spaces_are_a_code() {
        for typed in ["123456", "123 456", " 123\u{a0}456\n"] {
            assert_eq!(OtpCode::parse(typed).unwrap().as_str(), "123456", "{typed:?}");
        }
        for typed in ["", "12345", "1234567", "12345a", "１２３４５６", "123-456"] {
            assert!(matches!(OtpCode::parse(typed), Err(Error::OtpFormat)), "{typed:?}");
        }
    }
}
