use std::fmt;

use zeroize::{Zeroize, Zeroizing};

/// Bytes that must not be seen by accident.
///
/// `Debug` prints a redaction; there is no `Display`, no `Serialize`, no `Clone` and no comparison.
/// Whoever needs the bytes calls [`Secret::expose`], which is easy to search for. The memory is
/// wiped when the value is dropped.
pub struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    /// Takes over `bytes`: no copy is left behind.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The bytes themselves.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// The secret as text, if it is text (UTF-8).
    pub fn expose_str(&self) -> Option<&str> {
        std::str::from_utf8(&self.0).ok()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret([redacted])")
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self::new(text.into_bytes())
    }
}

impl From<Zeroizing<Vec<u8>>> for Secret {
    fn from(bytes: Zeroizing<Vec<u8>>) -> Self {
        Self(bytes)
    }
}

impl From<Zeroizing<String>> for Secret {
    fn from(mut text: Zeroizing<String>) -> Self {
        Self::from(std::mem::take(&mut *text))
    }
}

impl Zeroize for Secret {
    fn zeroize(&mut self) {
        self.0.zeroize();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_neither_the_bytes_nor_their_number() {
        let secret = Secret::from("canary-5f2c".to_owned());
        assert_eq!(format!("{secret:?}"), "Secret([redacted])");
        assert_eq!(format!("{secret:#?}"), "Secret([redacted])");
    }

    #[test]
    fn bytes_that_are_no_text_are_not_given_as_text() {
        let secret = Secret::new(vec![0xff, 0x00]);
        assert_eq!(secret.expose_str(), None);
        assert_eq!(secret.expose(), [0xff, 0x00]);
    }

    #[test]
    fn the_text_that_went_in_comes_out() {
        let secret = Secret::from(Zeroizing::new("grüße".to_owned()));
        assert_eq!(secret.expose_str(), Some("grüße"));
    }

    #[test]
    fn wiping_leaves_nothing_to_expose() {
        let mut secret = Secret::new(vec![7; 32]);
        secret.zeroize();
        assert!(secret.expose().is_empty());
    }

    /// Compiles only while `Secret` has none of these traits: with one of them two implementations
    /// of `Lacks` would apply and the call below would be ambiguous.
    #[test]
    fn a_secret_cannot_be_compared_printed_copied_or_serialised() {
        trait Lacks<Which> {
            fn holds() -> bool {
                true
            }
        }
        struct Comparison;
        struct Printing;
        struct Copying;
        struct Serialising;
        impl<T> Lacks<()> for T {}
        impl<T: PartialEq> Lacks<Comparison> for T {}
        impl<T: fmt::Display> Lacks<Printing> for T {}
        impl<T: Clone> Lacks<Copying> for T {}
        impl<T: serde::Serialize> Lacks<Serialising> for T {}
        assert!(<Secret as Lacks<_>>::holds());
    }
}
