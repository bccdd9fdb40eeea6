use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::Path;

use permitted::give_away;
use private_files::{Error, exists, remove, rename, set_aside, sweep};

use crate::{names, set_mode};

#[test]
fn a_link_to_nowhere_and_what_cannot_be_looked_at_are_there() {
    let dir = tempfile::tempdir().unwrap();
    let link = dir.path().join("link");
    assert!(!exists(&link));
    symlink("nothing", &link).unwrap();
    assert!(exists(&link));
    let shut = dir.path().join("shut");
    fs::create_dir(&shut).unwrap();
    set_mode(&shut, 0o000);
    // Root may look everywhere, if nothing was taken from it.
    assert_eq!(exists(&shut.join("file")), fs::read_dir(&shut).is_err());
    set_mode(&shut, 0o700);
}

#[test]
fn what_is_removed_may_be_gone_already_and_a_link_goes_itself() {
    let dir = tempfile::tempdir().unwrap();
    let [real, link] = ["real", "link"].map(|name| dir.path().join(name));
    fs::write(&real, "").unwrap();
    symlink(&real, &link).unwrap();
    for _ in 0..2 {
        remove(&link).unwrap();
    }
    assert_eq!(names(dir.path()), ["real"]);
    assert!(remove(dir.path()).is_err(), "a directory does not go");
    assert!(remove(&real.join("")).is_err(), "nor what a slash says to be one");
    assert!(real.exists());
}

#[test]
fn a_new_name_is_taken_from_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let [from, to] = ["from", "to"].map(|name| dir.path().join(name));
    fs::write(&from, "from").unwrap();
    for taken in [|path: &Path| fs::write(path, "to").unwrap(), |path: &Path| symlink("nothing", path).unwrap()] {
        taken(&to);
        assert!(matches!(rename(&from, &to), Err(Error::Exists(path)) if path == to));
        assert!(from.exists() && exists(&to));
        fs::remove_file(&to).unwrap();
    }
    rename(&from, &to).unwrap();
    assert_eq!(names(dir.path()), ["to"]);
    assert!(matches!(rename(&from, &dir.path().join("other")), Err(Error::Failed { .. })));
}

#[test]
fn of_many_that_want_the_same_name_at_once_one_gets_it_and_the_others_keep_theirs() {
    for _ in 0..50 {
        let dir = tempfile::tempdir().unwrap();
        let to = dir.path().join("to");
        let froms: Vec<_> = (0..8).map(|number| dir.path().join(number.to_string())).collect();
        for from in &froms {
            fs::write(from, "").unwrap();
        }
        let renamed = std::thread::scope(|scope| {
            let renaming: Vec<_> = froms.iter().map(|from| scope.spawn(|| rename(from, &to).is_ok())).collect();
            renaming.into_iter().map(|renaming| renaming.join().unwrap()).filter(|renamed| *renamed).count()
        });
        assert_eq!((renamed, names(dir.path()).len()), (1, 8));
    }
}

#[test]
fn what_is_set_aside_keeps_its_companions_and_all_that_was_set_aside_before() {
    let dir = tempfile::tempdir().unwrap();
    let [file, key] = [&b"\xff.age"[..], b"key"].map(|name| dir.path().join(OsStr::from_bytes(name)));
    set_aside(&[&file, &key]).unwrap();
    assert!(names(dir.path()).is_empty());
    fs::write(&file, "1").unwrap();
    set_aside(&[&file, &key]).unwrap();
    for path in [&file, &key] {
        fs::write(path, "2").unwrap();
    }
    set_aside(&[&file, &key]).unwrap();
    assert_eq!(
        names(dir.path()).iter().map(|name| name.as_bytes()).collect::<Vec<_>>(),
        [&b"key.old.old"[..], b"\xff.age.old", b"\xff.age.old.old"]
    );
}

#[test]
fn a_sweep_takes_what_was_left_under_this_name_and_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(OsStr::from_bytes(b"\xff.age"));
    let stays: [&[u8]; 9] = [
        b"\xff.age",
        b".\xff.age.Ab3xY.tmp",
        b".\xff.age.Ab3xYzz.tmp",
        b".\xff.age.Ab-xYz.tmp",
        b".\xff.age.Ab3xYz.tmp.old",
        b".\xff.age.Ab3xYz",
        b".\xfe.age.Ab3xYz.tmp",
        b"\xff.age.Ab3xYz.tmp",
        b".other.Ab3xYz.tmp",
    ];
    for name in stays.into_iter().chain([&b".\xff.age.Ab3xYz.tmp"[..]]) {
        fs::write(dir.path().join(OsStr::from_bytes(name)), "").unwrap();
    }
    fs::create_dir(dir.path().join(OsStr::from_bytes(b".\xff.age.Ab3xYd.tmp"))).unwrap();
    symlink(&path, dir.path().join(OsStr::from_bytes(b".\xff.age.Ab3xYl.tmp"))).unwrap();
    sweep(&path);
    assert_eq!(names(dir.path()).len(), stays.len() + 2);
    assert!(!dir.path().join(OsStr::from_bytes(b".\xff.age.Ab3xYz.tmp")).exists());
    for odd in ["", "/", "..", "/nonexistent/file"] {
        sweep(Path::new(odd));
    }
}

/// In a directory that many use, another's may still be writing.
#[test]
fn a_sweep_leaves_what_another_user_left() {
    let dir = tempfile::tempdir().unwrap();
    let theirs = dir.path().join(".file.Ab3xYz.tmp");
    fs::write(&theirs, "").unwrap();
    if give_away(&theirs) {
        sweep(&dir.path().join("file"));
        assert!(theirs.exists());
    }
}
