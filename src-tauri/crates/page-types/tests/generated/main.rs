//! Holds what is generated from these types and the shell's commands equal to them. `./dev update` writes it anew.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first thing that is not as it should be")]

mod bindings;
mod capability;
mod commands;

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::commands::{Command, defined, listed};

#[test]
fn typescript_is_what_the_rust_types_say() {
    hold("ui/src/lib/bindings.ts", &bindings::text(&defined()));
}

#[test]
fn the_window_may_call_our_commands_and_nothing_else() {
    hold("src-tauri/capabilities/main.json", &capability::text(&listed()));
}

/// One that is defined and not listed would be missed by the page only when it is called.
#[test]
fn the_list_of_commands_is_what_the_code_defines() {
    let defined: BTreeSet<(String, String)> =
        defined().into_iter().map(|Command { file, name, .. }| (file, name)).collect();
    let listed: BTreeSet<(String, String)> =
        listed().into_iter().map(|(file, name)| (file.to_owned(), name.to_owned())).collect();
    assert_eq!(listed, defined);
}

/// What is committed is what is generated; with `TOKEN_DESK_UPDATE=1` it is made so.
fn hold(file: &str, generated: &str) {
    let path = root().join(file);
    if std::env::var_os("TOKEN_DESK_UPDATE").is_some_and(|value| value == "1") {
        std::fs::write(&path, generated).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == generated, "{file} is stale: run ./dev update");
}

/// Of the repository.
fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../..")
}
