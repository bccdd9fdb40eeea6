use std::fs;

use crate::{inside, said, this_program};

/// In a process of its own: what is switched off stays off.
#[test]
fn switched_off_they_are_off_for_good_and_for_what_is_started() {
    if inside().is_some() {
        private_files::core_dumps::switch_off().unwrap();
        let output = std::process::Command::new("cat").arg("/proc/self/limits").output().unwrap();
        return println!("{}", String::from_utf8(output.stdout).unwrap());
    }
    if fs::metadata("/proc/self/limits").is_err() {
        return permitted::skipped("limits are read from /proc");
    }
    let test = "core_dumps::switched_off_they_are_off_for_good_and_for_what_is_started";
    let limits = said(&this_program(test, "/".as_ref()).output().unwrap());
    let of_core = limits.lines().find_map(|line| line.strip_prefix("Max core file size")).unwrap();
    assert_eq!(of_core.split_whitespace().take(2).collect::<Vec<_>>(), ["0", "0"], "soft and hard");
}
