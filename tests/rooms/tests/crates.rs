//! Which crate of the workspace may know which.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first thing that is not as it should be")]

use std::collections::BTreeMap;
use std::process::Command;

use serde_json::Value;

/// Top to bottom; a crate knows only crates below its floor. So service and client (`practice`, and `threecommas` with `keys`)
/// know nothing of each other, and a test of one against the other means something.
const FLOORS: &[&str] = &[
    "token-desk-tests",
    "token-desk",
    "page-types",
    "desk",
    "keys practice public-address threecommas vault",
    "private-files trusted-ips",
    "permitted rooms",
];

/// The only crate that may know Tauri.
const SHELL: &str = "token-desk";

#[test]
fn each_crate_knows_only_crates_below_it() {
    let floor_of: BTreeMap<&str, usize> = FLOORS
        .iter()
        .enumerate()
        .flat_map(|(floor, crates)| crates.split(' ').map(move |name| (name, floor)))
        .collect();
    let crates = crates();
    for name in crates.keys() {
        assert!(floor_of.contains_key(name.as_str()), "{name} is on no floor");
    }
    for (name, known) in &crates {
        let floor = floor_of[name.as_str()];
        for other in known.iter().filter(|other| crates.contains_key(*other)) {
            assert!(floor_of[other.as_str()] > floor, "{name} must not know {other}");
        }
    }
    assert_eq!(crates.len(), floor_of.len(), "a floor names a crate that is not there");
}

#[test]
fn only_the_shell_knows_tauri() {
    for (name, known) in crates() {
        let tauri: Vec<_> = known.iter().filter(|other| other.starts_with("tauri")).collect();
        assert!(name == SHELL || tauri.is_empty(), "{name} must not know {tauri:?}");
    }
}

/// Each crate of the workspace with the names of what it depends on, in its tests and build too.
fn crates() -> BTreeMap<String, Vec<String>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let named = |package: &Value| {
        let known = package["dependencies"].as_array().unwrap().iter().map(|other| text(&other["name"])).collect();
        (text(&package["name"]), known)
    };
    metadata["packages"].as_array().unwrap().iter().map(named).collect()
}
