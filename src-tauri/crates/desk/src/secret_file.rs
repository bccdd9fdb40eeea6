//! A secret in a file of the person's own, because they asked for it.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;

use vault::Secret;
use zeroize::Zeroizing;

use crate::destination::Destination;
use crate::{Error, Token, TokenType};

/// What a temporary file of ours begins with, so that one left by a crash is found.
const PARTIAL: &str = ".token-desk-partial-";

/// Writes what a script needs of this token into a new file that only the person can read (mode 0600 on Unix).
///
/// A Self generated token's private key is written as it is (PEM); a System generated token's key and secret as two
/// lines of an `.env` file. An existing file is never touched: [`Error::FileExists`]. The file is whole or not there:
/// it is written beside its name, put on disk and only then given the name.
pub fn save(path: &Path, token: &Token, secret: &Secret) -> Result<(), Error> {
    let refused = |error: io::Error| match error.kind() {
        io::ErrorKind::AlreadyExists => Error::FileExists(path.to_owned()),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Error::DiskFull,
        _ => Error::FileUnwritable { path: path.to_owned(), source: error },
    };
    write_new(path, &contents(token, secret)).map_err(refused)
}

fn contents(token: &Token, secret: &Secret) -> Zeroizing<Vec<u8>> {
    let secret = secret.expose();
    if token.token_type == TokenType::SelfGenerated {
        return Zeroizing::new(secret.to_vec());
    }
    // No name of the person's: a line break or a quote in it would be read as something else.
    let head = match token.destination {
        Destination::Practice => "# Practice: does not work at 3Commas.\n",
        Destination::Guided | Destination::OwnServer => "",
    };
    let head =
        format!("{head}# Keep this file to yourself.\nTHREECOMMAS_API_KEY={}\nTHREECOMMAS_API_SECRET=", token.api_key);
    // Grown once: a buffer that moves leaves a copy behind.
    let mut text = Zeroizing::new(Vec::with_capacity(head.len() + secret.len() + 1));
    text.extend_from_slice(head.as_bytes());
    text.extend_from_slice(secret);
    text.push(b'\n');
    text
}

fn write_new(path: &Path, contents: &[u8]) -> io::Result<()> {
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    sweep(directory);
    if path.symlink_metadata().is_ok() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    let mut file = tempfile::Builder::new().prefix(PARTIAL).tempfile_in(directory)?;
    file.write_all(contents)?;
    file.as_file().sync_all()?;
    file.persist_noclobber(path).map_err(|error| error.error)?;
    // A new name is on disk only once its directory is (fsync(2)).
    if cfg!(unix) { File::open(directory)?.sync_all() } else { Ok(()) }
}

/// Removes what a crash between writing and naming left: nobody asked for it under that name.
fn sweep(directory: &Path) {
    let Ok(entries) = directory.read_dir() else { return };
    for entry in entries.flatten() {
        if entry.file_name().to_string_lossy().starts_with(PARTIAL) {
            // Another program may have done so already.
            drop(std::fs::remove_file(entry.path()));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;

    use time::OffsetDateTime;
    use uuid::Uuid;

    use super::*;

    fn token(token_type: TokenType) -> Token {
        Token {
            id: Uuid::new_v4(),
            destination: Destination::Practice,
            token_type,
            name: "Home\nbot".to_owned(),
            api_key: "practice1".to_owned(),
            trusted_ips: Vec::new(),
            permissions: BTreeSet::new(),
            created_at: OffsetDateTime::UNIX_EPOCH,
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
    fn what_exists_is_never_touched() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("mine");
        fs::write(&path, "mine").unwrap();
        let error = save(&path, &token(TokenType::SelfGenerated), &Secret::from("pem".to_owned())).unwrap_err();
        assert_eq!(error.code(), crate::Code::FileExists);
        assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
    }

    #[test]
    fn what_a_crash_left_is_removed_by_the_next_save() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(format!("{PARTIAL}abc")), "half a sec").unwrap();
        let path = dir.path().join("new");
        save(&path, &token(TokenType::SelfGenerated), &Secret::from("pem".to_owned())).unwrap();
        assert_eq!(dir.path().read_dir().unwrap().count(), 1);
    }

    #[test]
    fn a_folder_that_is_not_there_is_said() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("no/such/folder");
        let error = save(&path, &token(TokenType::SelfGenerated), &Secret::from("pem".to_owned())).unwrap_err();
        assert_eq!(error.code(), crate::Code::FileUnwritable);
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
        assert_eq!(error.code(), crate::Code::FileExists);
        assert!(!target.exists());
    }
}
