//! A person's authenticator app.

use totp_rs::{Builder, Secret, Totp};

use crate::{Error, Result};

/// Makes the six-digit codes of one account (RFC 6238: SHA-1, 30 seconds, 6 digits).
pub struct Authenticator(Totp);

impl Authenticator {
    /// From the secret that was shown at setting up, in base32.
    pub fn new(secret: &str) -> Result<Authenticator> {
        let secret = Secret::try_from_base32(secret).map_err(|_| answer("a secret that is not base32"))?;
        let totp = Builder::new().with_secret(secret).build().map_err(|_| answer("a secret that is too short"))?;
        Ok(Authenticator(totp))
    }

    /// The code at a time, in seconds since 1970.
    pub fn code_at(&self, unix_seconds: u64) -> String {
        self.0.generate(unix_seconds).to_string()
    }
}

fn answer(said: &str) -> Error {
    Error::Answer { from: "the practice service", answer: said.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238 appendix B, the last six of its eight digits.
    #[test]
    fn the_codes_are_those_of_the_standard() {
        let authenticator = Authenticator::new("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ").unwrap();
        for (time, code) in [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")] {
            assert_eq!(authenticator.code_at(time), code, "at {time}");
        }
    }
}
