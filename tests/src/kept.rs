//! What the app keeps as secret, so that it can be searched for.
//!
//! Only a program that runs in the session can ask its keyring: `token-desk-teller` does.

use std::{fs, io::Write, path::Path};

use desk::secrets::SECRETS_FILE;
use uuid::Uuid;
use vault::{ItemKind, Secret, Vault};

use crate::{
    Error, Result, places,
    session::PrivateSession,
    traces::{Trace, Traces},
    window::Window,
};

/// What is to be nowhere else.
#[derive(Debug, Default)]
pub struct Kept {
    /// Every secret and private key of a token.
    pub of_tokens: Traces,
    /// That, the keys that open stored answers, the key of what the practice service stores, and the passphrase where there
    /// is one. The app has the service's key in its memory as long as the service runs.
    pub all: Traces,
}

impl Kept {
    /// Searches what the session's programs wrote (logs, both databases, web storage, temporary files and drafts are all below
    /// its home) and what the app said.
    pub fn written(&self, session: &PrivateSession, said: &[String]) -> Result<Vec<Trace>> {
        let mut found = self.all.in_bytes(said.join("\n").as_bytes(), "its outputs");
        found.extend(self.all.in_directory(session.home())?);
        Ok(found)
    }

    /// Closes the window, and searches everything that was written until then.
    ///
    /// # Panics
    ///
    /// Where any of it is found.
    pub async fn assert_not_left(&self, session: &PrivateSession, window: Window) -> Result<()> {
        let said = window.said();
        window.close().await?;
        assert_eq!(self.written(session, &said)?, [], "something was left");
        Ok(())
    }
}

/// How a test ends whose app keeps a token in the session's keyring: [`Kept::assert_not_left`].
///
/// # Panics
///
/// Where any of what is kept was written elsewhere too.
pub async fn assert_no_traces(session: &PrivateSession, window: Window) -> Result<()> {
    in_keyring(session, &session.home().join("token-desk"))?.assert_not_left(session, window).await
}

/// What the app with this data directory keeps in the session's keyring.
pub fn in_keyring(session: &PrivateSession, data: &Path) -> Result<Kept> {
    let program = places::teller()?;
    let output = session.command(&program).arg(data).output().map_err(|source| Error::Io { path: program, source })?;
    let told = String::from_utf8_lossy(&output.stdout);
    let not_understood =
        || Error::Answer { from: "the keyring's teller", answer: String::from_utf8_lossy(&output.stderr).into_owned() };
    understand(&told).ok_or_else(not_understood)
}

/// What the app with this data directory keeps in its secrets file, and the passphrase of it. The app must not run.
///
/// # Panics
///
/// Where the file cannot be read.
pub fn in_file(data: &Path, passphrase: &str) -> Kept {
    let vault = Vault::over(|| Err(vault::Error::Missing)).with_file(data.join(SECRETS_FILE));
    vault.open_file(&Secret::from(passphrase.to_owned())).expect("the secrets file opens");
    let mut kept = understand(&all_of(&vault, data)).expect("something is kept");
    kept.all.add_text("passphrase", passphrase);
    kept
}

/// In the program that [`in_keyring`] starts: says what is kept.
///
/// # Panics
///
/// Where the keyring does not answer.
pub fn tell(data: &Path) {
    let told = all_of(&Vault::system(), data);
    std::io::stdout().write_all(told.as_bytes()).expect("somebody listens");
}

/// A line for each secret.
fn all_of(vault: &Vault, data: &Path) -> String {
    let name = fs::read_to_string(data.join("installation")).expect("the installation's name");
    let installation: Uuid = name.trim().parse().expect("the installation's name");
    let mut told = String::new();
    for listed in vault.items(installation).expect("a list of what is kept") {
        if listed.item.kind == ItemKind::TokenRecord {
            continue;
        }
        let secret = vault.fetch(&listed.item).expect("a listed item").expect("a listed item");
        let hex: String = secret.expose().iter().map(|byte| format!("{byte:02x}")).collect();
        told += &format!("kept {} {hex}\n", listed.item.kind.as_str());
    }
    told
}

/// `None` if that is not what [`all_of`] says, or nothing is kept.
fn understand(told: &str) -> Option<Kept> {
    let mut kept = Kept::default();
    for (number, item) in told.lines().filter_map(|line| line.strip_prefix("kept ")).enumerate() {
        let (kind, secret) = item.split_once(' ')?;
        let (name, secret) = (format!("{kind} {number}"), bytes(secret)?);
        if [ItemKind::IdempotencyKey, ItemKind::PracticeStateKey].iter().any(|of_none| kind == of_none.as_str()) {
            kept.all.add_bytes(&name, &secret);
            continue;
        }
        for traces in [&mut kept.of_tokens, &mut kept.all] {
            if kind == ItemKind::PrivateKey.as_str() {
                traces.add_private_key(&name, &secret);
            } else {
                traces.add_text(&name, std::str::from_utf8(&secret).ok()?);
            }
        }
    }
    (!kept.of_tokens.is_empty()).then_some(kept)
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use base64::{Engine, engine::general_purpose::STANDARD};
    use keys::{Bits, KeyPair};
    use vault::Item;

    use super::*;

    const PASSPHRASE: &str = "orbit lantern meadow quartz";

    #[test]
    fn everything_in_the_file_and_its_passphrase_is_found_where_it_does_not_belong() {
        let data = tempfile::tempdir().unwrap();
        let installation = Uuid::new_v4();
        fs::write(data.path().join("installation"), installation.to_string()).unwrap();
        let pair = KeyPair::generate(Bits::B2048).unwrap();
        let secrets: [(ItemKind, Vec<u8>); 3] = [
            (ItemKind::HmacSecret, b"hmac-canary-5f2c-9a71".to_vec()),
            (ItemKind::PrivateKey, pair.private_pkcs8_der().to_vec()),
            (ItemKind::PracticeStateKey, (200..232).collect()),
        ];
        let vault = Vault::over(|| Err(vault::Error::Missing)).with_file(data.path().join(SECRETS_FILE));
        vault.with_work_factor(2).begin_file(&Secret::from(PASSPHRASE.to_owned())).unwrap();
        let vault = Vault::over(|| Err(vault::Error::Missing)).with_file(data.path().join(SECRETS_FILE));
        vault.open_file(&Secret::from(PASSPHRASE.to_owned())).unwrap();
        for (kind, secret) in &secrets {
            let item = Item { installation, kind: *kind, id: Uuid::new_v4() };
            vault.keep(&item, "", &Secret::new(secret.clone())).unwrap();
        }

        let kept = in_file(data.path(), PASSPHRASE);
        assert!(kept.all.in_directory(data.path()).unwrap().is_empty(), "the file itself is encrypted");
        let left = data.path().join("left");
        let everything = secrets.iter().map(|(_, secret)| &secret[..]).chain([PASSPHRASE.as_bytes()]);
        for (number, secret) in everything.enumerate() {
            let hex: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
            for content in [secret.to_vec(), hex.into_bytes(), STANDARD.encode(secret).into_bytes()] {
                fs::write(&left, content).unwrap();
                assert!(!kept.all.in_directory(data.path()).unwrap().is_empty(), "{number}");
                let is_of_a_token = number < 2;
                assert_eq!(!kept.of_tokens.in_directory(data.path()).unwrap().is_empty(), is_of_a_token, "{number}");
            }
        }
    }
}
