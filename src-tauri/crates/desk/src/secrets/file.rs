//! A secret in a file of the person's own, because they asked for it.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use vault::Secret;
use zeroize::Zeroizing;

use crate::error::Error;
use crate::token::destination::Destination;
use crate::token::{KnownToken, TokenType};

/// Names of the two lines.
const API_KEY: &str = "THREECOMMAS_API_KEY=";
const API_SECRET: &str = "THREECOMMAS_API_SECRET=";

/// Writes what a script needs of this token into a new file that only the person can read (mode 0600 on Unix).
///
/// A Self generated token's private key is written as it is (PEM); a System generated token's key and secret as two
/// lines of an `.env` file. An existing file is never touched: [`Error::FileExists`]. The file is whole or not there.
pub fn save(path: &Path, token: &KnownToken, secret: &Secret) -> Result<(), Error> {
    private_files::create(path, &contents(token, secret)).map_err(|error| match error {
        private_files::Error::DiskFull => Error::DiskFull,
        private_files::Error::Exists(path) => Error::FileExists(path),
        private_files::Error::Failed { path, source, .. } => Error::FileUnwritable { path, source },
        other => Error::FileUnwritable { path: path.to_owned(), source: io::Error::other(other) },
    })
}

/// Reads back what [`save`] wrote of this token: the secret as it was issued, or the private key as PKCS#8 DER.
///
/// Also takes other forms of an RSA private key that [`keys::recognise`] knows, and lines around the two of an `.env` file.
/// Whose private key it is cannot be told from the file.
pub(crate) fn read(path: &Path, token: &KnownToken) -> Result<Secret, Error> {
    let unreadable = |source| Error::FileUnreadable { path: path.to_owned(), source };
    // Grown by reading, it would leave copies behind.
    let mut text = Zeroizing::new(Vec::with_capacity(keys::MAX_INPUT));
    let most = u64::try_from(keys::MAX_INPUT).unwrap_or(u64::MAX);
    File::open(path).and_then(|file| file.take(most).read_to_end(&mut text)).map_err(unreadable)?;
    let found = match token.token_type {
        TokenType::SelfGenerated => {
            keys::recognise(&text).key_pair().map(|pair| Secret::from(pair.private_pkcs8_der()))
        }
        TokenType::SystemGenerated => issued(&text, &token.api_key),
    };
    found.ok_or_else(|| Error::FileNotOfToken(path.to_owned()))
}

fn issued(text: &[u8], api_key: &str) -> Option<Secret> {
    let text = std::str::from_utf8(text).ok()?;
    let value = |name| text.lines().find_map(|line| line.trim().strip_prefix(name)).filter(|value| !value.is_empty());
    (value(API_KEY)? == api_key).then_some(())?;
    Some(Secret::new(value(API_SECRET)?.as_bytes().to_vec()))
}

fn contents(token: &KnownToken, secret: &Secret) -> Zeroizing<Vec<u8>> {
    let secret = secret.expose();
    if token.token_type == TokenType::SelfGenerated {
        return Zeroizing::new(secret.to_vec());
    }
    // No name of the person's: a line break or a quote in it would be read as something else.
    let head = match token.destination {
        Destination::Practice => "# Practice: does not work at 3Commas.\n",
        Destination::Guided | Destination::OwnServer => "",
    };
    let head = format!("{head}# Keep this file to yourself.\n{API_KEY}{}\n{API_SECRET}", token.api_key);
    // Grown once: a buffer that moves leaves a copy behind.
    let mut text = Zeroizing::new(Vec::with_capacity(head.len() + secret.len() + 1));
    text.extend_from_slice(head.as_bytes());
    text.extend_from_slice(secret);
    text.push(b'\n');
    text
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;

    use time::OffsetDateTime;
    use uuid::Uuid;

    use super::*;
    use crate::error::code::Code;

    fn token(token_type: TokenType) -> KnownToken {
        KnownToken {
            id: Uuid::new_v4(),
            destination: Destination::Practice,
            token_type,
            name: "Home\nbot".to_owned(),
            api_key: "practice1".to_owned(),
            trusted_ips: Vec::new(),
            permissions: BTreeSet::new(),
            created_at: OffsetDateTime::UNIX_EPOCH,
            note: None,
        }
    }

    #[test]
    fn a_secret_is_two_lines_that_say_whether_they_work() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("home-bot.env");
        save(&path, &token(TokenType::SystemGenerated), &Secret::from("s3cret".to_owned())).unwrap();
        assert_eq!(
            fs::read_to_string(&path).unwrap(),
            "# Practice: does not work at 3Commas.\n# Keep this file to yourself.\n\
             THREECOMMAS_API_KEY=practice1\nTHREECOMMAS_API_SECRET=s3cret\n"
        );
        assert_eq!(dir.path().read_dir().unwrap().count(), 1, "nothing is left beside it");
    }

    #[test]
    fn a_private_key_is_written_as_it_is() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("home-bot.pem");
        save(&path, &token(TokenType::SelfGenerated), &Secret::from("pem".to_owned())).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "pem");
    }

    #[test]
    fn what_was_saved_is_read_back() {
        let dir = tempfile::tempdir().unwrap();
        let (path, of) = (dir.path().join("home-bot.env"), token(TokenType::SystemGenerated));
        save(&path, &of, &Secret::from("s3cret".to_owned())).unwrap();
        assert_eq!(read(&path, &of).unwrap().expose(), b"s3cret");
        // As another system's editor leaves it, among other lines.
        let edited =
            format!("\u{feff}# bot\r\nDEBUG=1\r\n{}", fs::read_to_string(&path).unwrap().replace('\n', "\r\n"));
        fs::write(&path, edited).unwrap();
        assert_eq!(read(&path, &of).unwrap().expose(), b"s3cret");

        let (path, of) = (dir.path().join("home-bot.pem"), token(TokenType::SelfGenerated));
        let pair = keys::KeyPair::generate(keys::Bits::B2048).unwrap();
        save(&path, &of, &Secret::from(pair.private_pem())).unwrap();
        assert_eq!(read(&path, &of).unwrap().expose(), &**pair.private_pkcs8_der());
    }

    #[test]
    fn what_is_not_of_this_token_is_said_and_what_cannot_be_read_too() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("chosen");
        let code = |token_type| read(&path, &token(token_type)).unwrap_err().code();
        assert_eq!(code(TokenType::SystemGenerated), Code::FileUnreadable);
        let pair = keys::KeyPair::generate(keys::Bits::B2048).unwrap();
        for (text, token_type) in [
            (Vec::new(), TokenType::SystemGenerated),
            (b"THREECOMMAS_API_KEY=practice2\nTHREECOMMAS_API_SECRET=s3cret\n".to_vec(), TokenType::SystemGenerated),
            (b"THREECOMMAS_API_KEY=practice1\nTHREECOMMAS_API_SECRET=\n".to_vec(), TokenType::SystemGenerated),
            (b"THREECOMMAS_API_SECRET=s3cret\n".to_vec(), TokenType::SystemGenerated),
            (pair.private_pem().as_bytes().to_vec(), TokenType::SystemGenerated),
            (vec![0xff; 3 * keys::MAX_INPUT], TokenType::SystemGenerated),
            (Vec::new(), TokenType::SelfGenerated),
            (pair.public_pem().into_bytes(), TokenType::SelfGenerated),
            (vec![0xff; 3 * keys::MAX_INPUT], TokenType::SelfGenerated),
        ] {
            fs::write(&path, text).unwrap();
            assert_eq!(code(token_type), Code::FileNotOfToken);
        }
    }

    #[test]
    fn what_exists_is_never_touched() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("mine");
        fs::write(&path, "mine").unwrap();
        let error = save(&path, &token(TokenType::SelfGenerated), &Secret::from("pem".to_owned())).unwrap_err();
        assert_eq!(error.code(), Code::FileExists);
        assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
    }

    #[test]
    fn a_folder_that_is_not_there_is_said() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("no/such/folder");
        let error = save(&path, &token(TokenType::SelfGenerated), &Secret::from("pem".to_owned())).unwrap_err();
        assert_eq!(error.code(), Code::FileUnwritable);
        assert!(error.params().contains_key("path"));
    }

    #[cfg(unix)]
    #[test]
    fn it_is_for_the_person_alone_and_a_link_is_not_followed() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("key.pem");
        save(&path, &token(TokenType::SelfGenerated), &Secret::from("pem".to_owned())).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);

        let (link, target) = (dir.path().join("link"), dir.path().join("target"));
        symlink(&target, &link).unwrap();
        let error = save(&link, &token(TokenType::SelfGenerated), &Secret::from("pem".to_owned())).unwrap_err();
        assert_eq!(error.code(), Code::FileExists);
        assert!(!target.exists());
    }
}
