use age::scrypt;
use age::secrecy::SecretString;

use crate::error::{Error, SHORTEST_PASSPHRASE};
use crate::secret::Secret;

/// scrypt's `log2 N` for what is written: 128 MiB of memory and about a second on a small machine
/// (measured: 0.97 s in release). OWASP's Password Storage Cheat Sheet asks for no less.
const WORK_FACTOR: u8 = 17;

/// More than this is not tried: eight seconds and a gigabyte. Somebody who can change the file must not
/// be able to make the app work for hours; the `age` command itself writes 18.
const MOST_WORK: u8 = 20;

/// How long one guess of a passphrase takes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct WorkFactor(u8);

impl WorkFactor {
    pub(crate) fn new(log_n: u8) -> Self {
        Self(log_n.clamp(1, MOST_WORK))
    }
}

impl Default for WorkFactor {
    fn default() -> Self {
        Self(WORK_FACTOR)
    }
}

/// Text of the person's, taken exactly as typed: `age` does not normalise either.
pub(crate) struct Passphrase(SecretString);

impl Passphrase {
    /// One that a file is to be written under.
    pub(crate) fn chosen(text: &Secret) -> Result<Self, Error> {
        let long_enough = text.expose_str().is_some_and(|text| text.chars().count() >= SHORTEST_PASSPHRASE);
        if !long_enough {
            return Err(Error::PassphraseTooShort { shortest: SHORTEST_PASSPHRASE });
        }
        Self::given(text)
    }

    /// One that is to open a file, however it was chosen.
    pub(crate) fn given(text: &Secret) -> Result<Self, Error> {
        text.expose_str().map(|text| Self(SecretString::from(text))).ok_or(Error::PassphraseWrong)
    }

    pub(crate) fn recipient(&self, work: WorkFactor) -> scrypt::Recipient {
        let mut recipient = scrypt::Recipient::new(self.0.clone());
        recipient.set_work_factor(work.0);
        recipient
    }

    pub(crate) fn identity(&self) -> scrypt::Identity {
        let mut identity = scrypt::Identity::new(self.0.clone());
        identity.set_max_work_factor(MOST_WORK);
        identity
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_is_counted_in_characters_and_nothing_else_is_asked() {
        let short = Err(Error::PassphraseTooShort { shortest: 8 });
        for (text, expected) in [
            ("", short.clone()),
            ("1234567", short.clone()),
            // Seven characters of four bytes each.
            ("\u{1f916}\u{1f916}\u{1f916}\u{1f916}\u{1f916}\u{1f916}\u{1f916}", short),
            ("12345678", Ok(())),
            ("       \u{fc}", Ok(())),
        ] {
            let chosen = Passphrase::chosen(&Secret::from(text.to_owned())).map(drop);
            assert_eq!(chosen, expected, "{text:?}");
        }
    }

    #[test]
    fn an_absurd_work_factor_is_brought_down_to_what_can_be_opened() {
        for (log_n, expected) in [(0, 1), (1, 1), (18, 18), (20, 20), (21, 20), (255, 20)] {
            assert_eq!(WorkFactor::new(log_n).0, expected);
        }
    }
}
