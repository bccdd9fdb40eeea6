//! Keeps what it reads from standard input in your keyring, fetches it, and forgets it again:
//! `printf 'correct horse' | cargo run -p vault --example keep`

use std::io::{self, Read, Write};
use std::process::ExitCode;

use uuid::Uuid;
use vault::{Error, Item, ItemKind, Secret, Vault};
use zeroize::Zeroizing;

fn main() -> ExitCode {
    let mut input = Zeroizing::new(Vec::new());
    if let Err(error) = io::stdin().read_to_end(&mut input) {
        eprintln!("standard input: {error}");
        return ExitCode::FAILURE;
    }
    match demonstrate(&Secret::from(input)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error} ({})", error.code());
            ExitCode::FAILURE
        }
    }
}

fn demonstrate(secret: &Secret) -> Result<(), Error> {
    let vault = Vault::system();
    let item = Item { installation: Uuid::new_v4(), kind: ItemKind::HmacSecret, id: Uuid::new_v4() };
    vault.keep(&item, "Token Desk: example", secret)?;
    say("kept and read back");
    if let Some(found) = vault.fetch(&item)? {
        say(&format!("fetched {} bytes: {found:?}", found.expose().len()));
    }
    if vault.forget(&item)? {
        say("forgotten");
    }
    Ok(())
}

fn say(line: &str) {
    // A closed pipe is no reason to leave an item behind.
    let _ = writeln!(io::stdout(), "{line}");
}
