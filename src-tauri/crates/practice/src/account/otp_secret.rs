//! The authenticator's secret, and the file it may lie in.

use std::fmt;
use std::path::Path;

use totp_rs::Secret;
use zeroize::Zeroizing;

use crate::error::Error;
use crate::storage::random;

pub(crate) const LENGTH: usize = 20;

/// Of a file: base32, and white space around it.
const MOST_BYTES: usize = 4_096;

/// The secret that service and authenticator share: 160 bit (RFC 4226 section 4).
#[derive(Clone)]
pub struct OtpSecret(Zeroizing<[u8; LENGTH]>);

impl OtpSecret {
    pub(crate) fn generate() -> Self {
        Self(random::bytes())
    }

    pub(crate) fn from_bytes(bytes: [u8; LENGTH]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// 32 letters and digits; white space at the ends does not count.
    pub fn from_base32(text: &str) -> Option<Self> {
        let secret = Secret::try_from_base32(text.trim()).ok()?;
        secret.as_bytes().try_into().ok().map(Self::from_bytes)
    }

    /// What an authenticator takes.
    pub fn to_base32(&self) -> Zeroizing<String> {
        Zeroizing::new(Secret::from(self.0.to_vec()).to_base32())
    }

    /// The secret in a file; `None` where there is no file. A file that holds one is made private (0600), any other is left
    /// as it is: somebody may have mistyped its name.
    pub fn read(path: &Path) -> Result<Option<Self>, Error> {
        let unreadable = || Error::OtpSecretUnreadable { path: path.into() };
        let Some(found) = private_files::find(path)? else { return Ok(None) };
        let text = match found.read(MOST_BYTES) {
            Err(private_files::Error::TooLarge(_)) => return Err(unreadable()),
            text => text?,
        };
        let secret = std::str::from_utf8(&text).ok().and_then(Self::from_base32);
        let secret = secret.ok_or_else(unreadable)?;
        found.narrow()?;
        Ok(Some(secret))
    }

    /// Writes the secret to a private file (0600), whole or not at all, in place of one that is there.
    pub fn write(&self, path: &Path) -> Result<(), Error> {
        let text = Zeroizing::new(format!("{}\n", self.to_base32().as_str()));
        Ok(private_files::replace(path, text.as_bytes())?)
    }

    pub(crate) fn expose(&self) -> &[u8; LENGTH] {
        &self.0
    }
}

impl PartialEq for OtpSecret {
    fn eq(&self, other: &Self) -> bool {
        aws_lc_rs::constant_time::verify_slices_are_equal(self.0.as_slice(), other.0.as_slice()).is_ok()
    }
}

impl fmt::Debug for OtpSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OtpSecret([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const BASE32: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    #[test]
    fn a_secret_is_160_bit_in_base32_and_never_printed() {
        let secret = OtpSecret::from_base32(&format!(" {BASE32}\n")).unwrap();
        assert_eq!(secret.expose(), b"12345678901234567890");
        assert_eq!(secret.to_base32().as_str(), BASE32);
        assert_eq!(format!("{secret:?}"), "OtpSecret([redacted])");
        for wrong in ["", "GEZDGNBV", &BASE32.repeat(2), "no base32 !", &BASE32.replace('G', "1")] {
            assert!(OtpSecret::from_base32(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn a_file_is_read_as_it_was_written_and_replaced_whole() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("otp");
        assert_eq!(OtpSecret::read(&path).unwrap(), None);
        for _ in 0..2 {
            let secret = OtpSecret::generate();
            secret.write(&path).unwrap();
            assert_eq!(OtpSecret::read(&path).unwrap(), Some(secret));
        }
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1, "no draft is left");
        fs::write(&path, "nonsense").unwrap();
        assert_eq!(OtpSecret::read(&path).unwrap_err().code(), "practice-otp-secret-unreadable");
    }
}
