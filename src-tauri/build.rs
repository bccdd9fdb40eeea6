//! Embeds the interface and declares our commands, so that capabilities cover them: a command that is not granted
//! there cannot be called by any page (tauri 2.11.1 release note on `AppManifest`).

const COMMANDS: &[&str] = include!("src/commands/names.rs");

fn main() {
    let manifest = tauri_build::AppManifest::new().commands(COMMANDS);
    if let Err(error) = tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest)) {
        println!("cargo::error={error:#}");
    }
}
