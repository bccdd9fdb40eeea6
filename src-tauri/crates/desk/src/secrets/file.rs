//! A secret in a file of the person's own, because they asked for it.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::Path;

use vault::Secret;
use zeroize::Zeroizing;

use crate::error::Error;
use crate::token::destination::Destination;
use crate::token::{KnownToken, TokenType};

/// Names of the two lines.
const API_KEY: &str = "THREECOMMAS_API_KEY=";
const API_SECRET: &str = "THREECOMMAS_API_SECRET=";

/// What a temporary file of ours begins with, so that one left by a crash is found.
const PARTIAL: &str = ".token-desk-partial-";

/// Writes what a script needs of this token into a new file that only the person can read (mode 0600 on Unix).
///
/// A Self generated token's private key is written as it is (PEM); a System generated token's key and secret as two
/// lines of an `.env` file. An existing file is never touched: [`Error::FileExists`]. The file is whole or not there:
/// it is written without a name where the system can do that, else beside its name, put on disk and only then given the name.
pub fn save(path: &Path, token: &KnownToken, secret: &Secret) -> Result<(), Error> {
    let refused = |error: io::Error| match error.kind() {
        io::ErrorKind::AlreadyExists => Error::FileExists(path.to_owned()),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Error::DiskFull,
        _ => Error::FileUnwritable { path: path.to_owned(), source: error },
    };
    write_new(path, &contents(token, secret)).map_err(refused)
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

fn write_new(path: &Path, contents: &[u8]) -> io::Result<()> {
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    sweep(directory);
    if path.symlink_metadata().is_ok() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    if !nameless::write(directory, path, contents)? {
        write_beside(directory, path, contents)?;
    }
    // What is said not to be saved is not there.
    sync_names(directory).inspect_err(|_| drop(fs::remove_file(path)))
}

/// A new name is on disk only once its directory is (fsync(2)).
fn sync_names(directory: &Path) -> io::Result<()> {
    if cfg!(not(unix)) {
        return Ok(());
    }
    match File::open(directory)?.sync_all() {
        // File systems of other systems and of networks may have no such thing.
        Err(error) if error.kind() == io::ErrorKind::InvalidInput => Ok(()),
        synced => synced,
    }
}

/// A crash leaves the part that was written under another name, until [`sweep`].
fn write_beside(directory: &Path, path: &Path, contents: &[u8]) -> io::Result<()> {
    let mut file = tempfile::Builder::new().prefix(PARTIAL).tempfile_in(directory)?;
    file.write_all(contents)?;
    file.as_file().sync_all()?;
    file.persist_noclobber(path).map(drop).map_err(|error| error.error)
}

/// A file that has no name before it is whole: what a crash leaves of it, the system removes.
#[cfg(target_os = "linux")]
mod nameless {
    use std::fs::File;
    use std::io::{self, Write as _};
    use std::os::fd::AsRawFd as _;
    use std::path::Path;

    use rustix::fs::{AtFlags, CWD, Mode, OFlags, linkat, open};
    use rustix::io::Errno;

    /// Writes a new file; `false` where the file system has no such files (FAT, network shares) or cannot name them.
    pub(super) fn write(directory: &Path, path: &Path, contents: &[u8]) -> io::Result<bool> {
        let Ok(mut file) = make(directory) else { return Ok(false) };
        file.write_all(contents)?;
        file.sync_all()?;
        match name(&file, path) {
            Err(Errno::EXIST) => Err(io::ErrorKind::AlreadyExists.into()),
            named => Ok(named.is_ok()),
        }
    }

    pub(super) fn make(directory: &Path) -> rustix::io::Result<File> {
        let flags = OFlags::TMPFILE | OFlags::WRONLY | OFlags::CLOEXEC;
        open(directory, flags, Mode::RUSR | Mode::WUSR).map(File::from)
    }

    /// As open(2) shows it under `O_TMPFILE`. A name that is taken stays what it is.
    pub(super) fn name(file: &File, path: &Path) -> rustix::io::Result<()> {
        let opened = format!("/proc/self/fd/{}", file.as_raw_fd());
        linkat(CWD, opened, CWD, path, AtFlags::SYMLINK_FOLLOW)
    }
}

#[cfg(not(target_os = "linux"))]
mod nameless {
    use std::io;
    use std::path::Path;

    pub(super) fn write(_directory: &Path, _path: &Path, _contents: &[u8]) -> io::Result<bool> {
        Ok(false)
    }
}

/// Removes what a crash between writing and naming left: nobody asked for it under that name.
fn sweep(directory: &Path) {
    let Ok(entries) = directory.read_dir() else { return };
    for entry in entries.flatten() {
        if entry.file_name().to_string_lossy().starts_with(PARTIAL) {
            // Another program may have done so already.
            drop(fs::remove_file(entry.path()));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

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

    #[cfg(target_os = "linux")]
    #[test]
    fn until_it_is_whole_it_has_no_name_and_then_no_other_ones() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("key.pem");
        let mut file = nameless::make(dir.path()).unwrap();
        file.write_all(b"half a sec").unwrap();
        assert_eq!(dir.path().read_dir().unwrap().count(), 0);
        file.write_all(b"ret").unwrap();
        nameless::name(&file, &path).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "half a secret");

        fs::write(&path, "mine").unwrap();
        assert_eq!(nameless::name(&file, &path), Err(rustix::io::Errno::EXIST));
        assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
        let other = dir.path().join("other.pem");
        assert!(nameless::write(dir.path(), &other, b"other").unwrap());
        assert_eq!(fs::read_to_string(&other).unwrap(), "other");
    }

    #[test]
    fn what_is_written_beside_its_name_takes_no_name_that_is_taken() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("key.pem");
        write_beside(dir.path(), &path, b"pem").unwrap();
        let taken = write_beside(dir.path(), &path, b"another").unwrap_err();
        assert_eq!(taken.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read_to_string(&path).unwrap(), "pem");
        assert_eq!(dir.path().read_dir().unwrap().count(), 1);
    }

    /// proc(5) has no files without a name, nor any that one could write.
    #[cfg(target_os = "linux")]
    #[test]
    fn where_there_are_no_files_without_a_name_it_says_so() {
        let path = Path::new("/proc/key.pem");
        assert!(!nameless::write(Path::new("/proc"), path, b"pem").unwrap());
        let error = save(path, &token(TokenType::SelfGenerated), &Secret::from("pem".to_owned())).unwrap_err();
        assert_eq!(error.code(), Code::FileUnwritable);
    }

    /// The first sync is that of the file, the second that of its folder. The test runs itself once more, under strace.
    #[cfg(target_os = "linux")]
    #[test]
    fn what_could_not_be_put_on_disk_is_not_said_to_be_saved_and_not_there() {
        use std::process::{Command, Stdio};
        const FOLDER: &str = "TOKEN_DESK_TEST_FOLDER";
        if let Some(folder) = std::env::var_os(FOLDER) {
            let path = Path::new(&folder).join("key.pem");
            let saved = save(&path, &token(TokenType::SelfGenerated), &Secret::from("pem".to_owned()));
            return println!("saved: {:?}", saved.map_err(|error| error.code().as_str()));
        }
        if Command::new("strace").arg("-V").stdout(Stdio::null()).status().is_err() {
            return println!("SKIPPED: strace is not installed");
        }
        for (which, expected) in [(1, "Err(\"file-unwritable\")"), (2, "Err(\"file-unwritable\")"), (3, "Ok(())")] {
            let dir = tempfile::tempdir().unwrap();
            let inject = format!("inject=fsync:error=EIO:when={which}");
            let name = "secrets::file::tests::what_could_not_be_put_on_disk_is_not_said_to_be_saved_and_not_there";
            let output = Command::new("strace")
                .args(["-f", "-qq", "-o", "/dev/null", "-e", "trace=fsync", "-e", &inject])
                .arg(std::env::current_exe().unwrap())
                .args(["--exact", name, "--nocapture"])
                .env(FOLDER, dir.path())
                .output()
                .unwrap();
            let said = String::from_utf8(output.stdout).unwrap();
            if !said.contains("saved: ") {
                return println!("SKIPPED: strace may not trace here");
            }
            assert!(said.contains(&format!("saved: {expected}")), "{which}: {said}");
            assert_eq!(dir.path().read_dir().unwrap().count(), usize::from(which == 3), "{which}");
        }
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
