//! Embeds the interface and declares our commands, so that capabilities cover them: a command that is not granted
//! there cannot be called by any page (tauri 2.11.1 release note on `AppManifest`).
//!
//! Takes over the words of `ui/messages`, for what the system shows for us.

use std::error::Error;
use std::path::Path;
use std::{env, fs};

include!("src/commands/list.rs");

macro_rules! names {
    ($($file:ident::$command:ident),+ $(,)?) => { &[$(stringify!($command)),+] };
}

const COMMANDS: &[&str] = commands!(names);

const MESSAGES: &str = "../ui/messages/en.json";

fn main() {
    if let Err(error) = take_over_words() {
        println!("cargo::error={MESSAGES}: {error}");
    }
    let manifest = tauri_build::AppManifest::new().commands(COMMANDS);
    if let Err(error) = tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest)) {
        println!("cargo::error={error:#}");
    }
}

/// A constant for each message that is one text, so that a key that is not there does not compile.
fn take_over_words() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={MESSAGES}");
    let messages: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&fs::read_to_string(MESSAGES)?)?;
    let words = messages.iter().filter(|(key, _)| !key.starts_with('$'));
    let constants = words.filter_map(|(key, message)| {
        Some(format!("pub(crate) const {}: &str = {:?};\n", key.to_uppercase(), message.as_str()?))
    });
    Ok(fs::write(Path::new(&env::var("OUT_DIR")?).join("words.rs"), constants.collect::<String>())?)
}
