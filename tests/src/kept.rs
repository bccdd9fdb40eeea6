//! What the keyring of a session keeps, so that it can be searched for.
//!
//! Only a program that runs in the session can ask its keyring. The test's own program plays that part: it runs once more, as
//! one test, which calls [`tell`].

use std::{
    env, fs,
    io::Write,
    path::{Path, PathBuf},
};

use uuid::Uuid;
use vault::{ItemKind, Vault};

use crate::{Error, Result, session::PrivateSession, traces::Traces};

const DATA: &str = "TOKEN_DESK_TESTS_TELL_OF";

/// Every secret and private key that the app with this data directory keeps in the session's keyring. `teller` is the test of
/// the calling program that calls [`tell`].
pub fn secrets(session: &PrivateSession, data: &Path, teller: &str) -> Result<Traces> {
    let program = env::current_exe().map_err(|source| Error::Io { path: PathBuf::from(teller), source })?;
    let mut command = session.command(&program);
    command.args([teller, "--exact", "--nocapture", "--test-threads=1"]).env(DATA, data);
    let output = command.output().map_err(|source| Error::Io { path: program, source })?;
    let told = String::from_utf8_lossy(&output.stdout);
    let not_understood =
        || Error::Answer { from: "the keyring's teller", answer: String::from_utf8_lossy(&output.stderr).into_owned() };
    let mut traces = Traces::new();
    let mut items = 0;
    for item in told.lines().filter_map(|line| line.strip_prefix("kept ")) {
        let (kind, secret) = item.split_once(' ').ok_or_else(not_understood)?;
        let secret = bytes(secret).ok_or_else(not_understood)?;
        items += 1;
        match kind {
            "private-key" => traces.add_private_key(&format!("private key {items}"), &secret),
            _ => {
                let text = String::from_utf8(secret).map_err(|_| not_understood())?;
                traces.add_text(&format!("{kind} {items}"), &text);
            }
        }
    }
    if items == 0 { Err(not_understood()) } else { Ok(traces) }
}

/// In the program that [`secrets`] starts: says what is kept. Elsewhere nothing.
///
/// # Panics
///
/// Where the keyring does not answer.
pub fn tell() {
    let Some(data) = env::var_os(DATA).map(PathBuf::from) else { return };
    let name = fs::read_to_string(data.join("installation")).expect("the installation's name");
    let installation: Uuid = name.trim().parse().expect("the installation's name");
    let vault = Vault::system();
    let mut told = String::from("\n");
    for listed in vault.items(installation).expect("the keyring's list") {
        if !matches!(listed.item.kind, ItemKind::HmacSecret | ItemKind::PrivateKey) {
            continue;
        }
        let secret = vault.fetch(&listed.item).expect("a listed item").expect("a listed item");
        let hex: String = secret.expose().iter().map(|byte| format!("{byte:02x}")).collect();
        told += &format!("kept {} {hex}\n", listed.item.kind.as_str());
    }
    std::io::stdout().write_all(told.as_bytes()).expect("somebody listens");
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok()).collect()
}
