//! Embeds the interface and declares our commands, so that capabilities cover them: a command that is not granted
//! there cannot be called by any page (tauri 2.11.1 release note on `AppManifest`).

include!("src/commands/list.rs");

macro_rules! names {
    ($($file:ident::$command:ident),+ $(,)?) => { &[$(stringify!($command)),+] };
}

const COMMANDS: &[&str] = commands!(names);

fn main() {
    let manifest = tauri_build::AppManifest::new().commands(COMMANDS);
    if let Err(error) = tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest)) {
        println!("cargo::error={error:#}");
    }
}
