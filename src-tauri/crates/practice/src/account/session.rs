//! The account session: the bearer of the token endpoint.

use std::fmt;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use zeroize::Zeroizing;

use crate::storage::random;

/// The account session (RFC 6750 bearer, 256 bit): made at every start, held in memory only.
pub struct Session(Zeroizing<String>);

impl Session {
    pub(crate) fn new() -> Self {
        Self(random::hex(64))
    }

    /// The text that goes into `Authorization: Bearer ...`.
    pub fn expose(&self) -> &str {
        &self.0
    }

    pub(crate) fn is(&self, presented: &[u8]) -> bool {
        verify_slices_are_equal(self.0.as_bytes(), presented).is_ok()
    }
}

impl Clone for Session {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Session([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_64_hex_characters_and_never_printed() {
        let session = Session::new();
        assert_eq!(session.expose().len(), 64);
        assert_eq!(format!("{session:?}"), "Session([redacted])");
        assert!(session.is(session.expose().as_bytes()));
        assert!(!session.is(b""));
        assert!(!session.is(Session::new().expose().as_bytes()));
    }
}
