use std::fmt;
use std::str::FromStr;

use crate::error::Error;

/// The public identifier of a token.
///
/// No secret, but people paste the secret in its place: `Debug` does not print it either.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ApiKey(String);

impl ApiKey {
    /// Takes 16 to 256 ASCII letters and digits; white space around them is pasted along and ignored.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let text = text.trim();
        let fits = (16..=256).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if fits { Ok(Self(text.to_owned())) } else { Err(Error::ApiKeyMalformed) }
    }

    /// The key as sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey([redacted])")
    }
}

impl FromStr for ApiKey {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_16_to_256_ascii_letters_and_digits_are_a_key() {
        let table = [
            ("a".repeat(16), true),
            ("Z9".repeat(128), true),
            (format!("  {}\n", "k".repeat(64)), true),
            ("a".repeat(15), false),
            ("a".repeat(257), false),
            (String::new(), false),
            (format!("{}-{}", "a".repeat(20), "b".repeat(20)), false),
            (format!("{}\r\nX-Evil: 1", "a".repeat(20)), false),
            ("é".repeat(20), false),
            ("１".repeat(20), false),
        ];
        for (text, accepted) in table {
            assert_eq!(ApiKey::parse(&text).is_ok(), accepted, "{text:?}");
        }
    }

    #[test]
    fn debug_does_not_print_the_key() {
        let key = ApiKey::parse(&"canary11".repeat(4)).unwrap();
        assert!(!format!("{key:?}").contains("canary"));
    }
}
