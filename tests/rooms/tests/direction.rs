//! Crates made on the spot: what is refused, and in which words.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first thing that is not as it should be")]

use std::fs;
use std::panic;
use std::path::Path;

/// Writes a crate of these files, holds it to these floors, and answers what was said.
fn said(files: &[(&str, &str)], floors: &[&str]) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join("src").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    held(folder.path(), floors)
}

fn held(folder: &Path, floors: &[&str]) -> Option<String> {
    let outcome = panic::catch_unwind(|| rooms::hold(folder, floors));
    outcome.err().map(|said| *said.downcast::<String>().unwrap())
}

const HOUSE: &[(&str, &str)] = &[
    ("lib.rs", "pub use upper::Window;\nmod upper;\nmod lower;\nmod ground;"),
    ("upper/mod.rs", "pub use self::window::Window;\nmod window;\nmod pane;"),
    ("upper/window.rs", "use crate::lower::Door;\nuse super::pane::Pane;\npub struct Window(Pane, Door);"),
    ("upper/pane.rs", "use crate::ground::Stone;\npub struct Pane(Stone);"),
    ("lower.rs", "pub struct Door;"),
    ("ground.rs", "pub struct Stone;"),
];

fn with(name: &'static str, text: &'static str) -> Vec<(&'static str, &'static str)> {
    HOUSE.iter().copied().map(|file| if file.0 == name { (name, text) } else { file }).collect()
}

const FLOORS: &[&str] = &["upper", "lower", "ground"];

#[test]
fn a_house_whose_arrows_all_run_down_is_held() {
    assert_eq!(said(HOUSE, FLOORS), None);
}

#[test]
fn an_import_that_runs_upwards_is_refused_however_it_is_written() {
    for text in [
        "use crate::upper::Window;\npub struct Door(Window);",
        "use crate::{ground::Stone, upper::{Window as View}};\npub struct Door(View, Stone);",
        "use crate::upper::*;\npub struct Door;",
        "pub struct Door(crate::upper::Window);",
        "pub fn door() { crate::upper::open(); }",
        "use super::upper::Window;\npub struct Door(Window);",
        "pub fn door() { assert!(crate::upper::is_open()); }",
        "mod inner { pub struct Door(super::super::upper::Window); }",
        "pub use crate::upper::Window;",
    ] {
        let said = said(&with("lower.rs", text), FLOORS).expect(text);
        assert!(said.contains("lower.rs imports upper/mod.rs: that runs upwards"), "{text}\n{said}");
    }
}

#[test]
fn a_neighbour_on_the_same_floor_is_refused() {
    let said = said(HOUSE, &["upper lower", "ground"]).unwrap();
    assert!(said.contains("upper/window.rs imports lower.rs: that runs to a neighbour on its floor"), "{said}");
}

#[test]
fn a_circle_inside_a_room_is_refused() {
    let files = with("upper/pane.rs", "use super::window::Window;\npub struct Pane(Box<Window>);");
    let said = said(&files, FLOORS).unwrap();
    assert!(said.contains("in a circle: upper/pane.rs, upper/window.rs"), "{said}");
}

#[test]
fn what_comes_from_the_root_shows_no_direction_and_is_refused() {
    let said = said(&with("lower.rs", "use crate::Window;\npub struct Door(Window);"), FLOORS).unwrap();
    assert!(said.contains("lower.rs imports Window from the root"), "{said}");
}

#[test]
fn the_list_names_each_room_and_no_other() {
    let said = said(HOUSE, &["upper", "attic", "ground"]).unwrap();
    assert!(said.contains("lower is on no floor"), "{said}");
    assert!(said.contains("attic is on the list, and there is no such room"), "{said}");
}

#[test]
fn words_and_tests_are_no_imports() {
    let text = "//! See [`crate::upper`].\n\
        const TEXT: &str = \"crate::upper::Window\";\n\
        #[cfg(test)]\nmod tests { use crate::upper::Window; }\n\
        pub struct Door;";
    assert_eq!(said(&with("lower.rs", text), FLOORS), None);
}

#[test]
fn a_module_of_another_crate_that_has_the_name_of_a_room_is_no_import() {
    let text = "use std::upper;\npub fn door(upper: u8) -> u8 { upper + other::upper::one() }";
    assert_eq!(said(&with("lower.rs", text), FLOORS), None);
}
