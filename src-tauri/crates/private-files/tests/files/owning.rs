use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Stdio;

use private_files::{DataDir, Error, Unsafe};

use crate::{inside, mode, problem, set_mode, this_program};

#[test]
fn a_second_owner_is_refused_until_the_first_is_gone() {
    let parent = tempfile::tempdir().unwrap();
    let path = parent.path().join("desk");
    let first = DataDir::own(&path).unwrap();
    assert_eq!((first.path(), first.join("lock")), (&*path, path.join("lock")));
    assert_eq!(mode(&path.join("lock")), 0o600);
    assert!(matches!(DataDir::own(&path), Err(Error::InUse(in_use)) if in_use == path));
    drop(first);
    DataDir::own(&path).unwrap();
}

#[test]
fn an_owner_that_is_killed_owns_no_more() {
    if let Some(path) = inside() {
        let _owned = DataDir::own(Path::new(&path)).unwrap();
        println!("\nowned");
        loop {
            std::thread::park();
        }
    }
    let dir = tempfile::tempdir().unwrap();
    let test = "owning::an_owner_that_is_killed_owns_no_more";
    let mut child = this_program(test, dir.path()).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap() == "owned"));
    let refused = DataDir::own(dir.path());
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(matches!(refused, Err(Error::InUse(_))));
    DataDir::own(dir.path()).unwrap();
}

#[test]
fn a_lock_that_is_not_ours_alone_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let lock = dir.path().join("lock");
    symlink(dir.path().join("elsewhere"), &lock).unwrap();
    assert_eq!(problem(&DataDir::own(dir.path())), Some(Unsafe::SymbolicLink));
    fs::remove_file(&lock).unwrap();
    fs::write(&lock, "").unwrap();
    set_mode(&lock, 0o666);
    assert_eq!(problem(&DataDir::own(dir.path())), Some(Unsafe::OthersCanWrite));
}
