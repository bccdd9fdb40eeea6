use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use private_files::{Error, create, draft, replace, stage};

use crate::{inside, mode, names, said, set_mode, this_program};

#[test]
fn a_file_is_private_and_replaced_in_one_step_with_nothing_left_beside_it() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("file");
    fs::write(dir.path().join(".file.Ab3xYz.tmp"), "left from a crash, and longer").unwrap();
    replace(&path, b"one, and longer").unwrap();
    set_mode(&path, 0o666);
    replace(&path, b"two").unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"two");
    assert_eq!(mode(&path), 0o600);
    assert_eq!(names(dir.path()), ["file"]);
}

#[test]
fn a_link_is_replaced_itself_and_what_it_leads_to_stays() {
    let dir = tempfile::tempdir().unwrap();
    let [real, link] = ["real", "link"].map(|name| dir.path().join(name));
    fs::write(&real, "theirs").unwrap();
    symlink(&real, &link).unwrap();
    replace(&link, b"ours").unwrap();
    assert_eq!((fs::read(&real).unwrap(), fs::read(&link).unwrap()), (b"theirs".to_vec(), b"ours".to_vec()));
    assert!(fs::symlink_metadata(&link).unwrap().is_file());
}

#[test]
fn what_is_staged_has_no_name_until_it_is_given_one_and_goes_without() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("file");
    let staged = stage(&path, b"content").unwrap();
    assert!(!path.exists());
    assert_eq!(mode(staged.path()), 0o600);
    for _ in 0..2 {
        assert_eq!(*staged.read_back().unwrap(), b"content");
    }
    drop(staged);
    assert!(names(dir.path()).is_empty());

    stage(&path, b"old").unwrap().create().unwrap();
    let taken = stage(&path, b"new").unwrap();
    assert!(matches!(taken.create(), Err(Error::Exists(taken)) if taken == path));
    assert_eq!(fs::read(&path).unwrap(), b"old");
    stage(&path, b"new").unwrap().replace().unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"new");
    assert_eq!(names(dir.path()), ["file"]);
}

#[test]
fn a_draft_is_filled_by_its_path() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("file");
    let draft = draft(&path).unwrap();
    fs::write(draft.path(), "content").unwrap();
    draft.sync().unwrap();
    draft.replace().unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"content");
    assert_eq!((names(dir.path()), mode(&path)), (vec!["file".into()], 0o600));
}

#[test]
fn a_new_file_is_private_and_takes_no_name_that_anything_has() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("file");
    create(&path, b"ours").unwrap();
    assert_eq!((mode(&path), fs::read(&path).unwrap()), (0o600, b"ours".to_vec()));
    let [link, target, directory] = ["link", "target", "directory"].map(|name| dir.path().join(name));
    symlink(&target, &link).unwrap();
    fs::create_dir(&directory).unwrap();
    for taken in [&path, &link, &directory] {
        assert!(matches!(create(taken, b"other"), Err(Error::Exists(path)) if path == *taken));
    }
    assert_eq!(fs::read(&path).unwrap(), b"ours");
    assert_eq!(names(dir.path()), ["directory", "file", "link"]);
}

#[test]
fn of_many_that_make_the_same_new_file_at_once_one_does() {
    for _ in 0..50 {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("file");
        let made = std::thread::scope(|scope| {
            let making: Vec<_> = (0..8_u8)
                .map(|byte| (byte, &path))
                .map(|(byte, path)| scope.spawn(move || (byte, create(path, &[byte; 9]))))
                .collect();
            making
                .into_iter()
                .map(|making| making.join().unwrap())
                .filter(|(_, made)| made.is_ok())
                .map(|(byte, _)| byte)
                .collect::<Vec<_>>()
        });
        assert_eq!(made.len(), 1);
        assert_eq!(fs::read(&path).unwrap(), [made[0]; 9]);
    }
}

#[test]
fn what_a_crash_left_of_a_new_file_goes_with_the_next_whatever_its_name() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join(".token-desk-partial.Ab3xYz.tmp"), "half a sec").unwrap();
    create(&dir.path().join("new"), b"pem").unwrap();
    assert_eq!(names(dir.path()), ["new"]);
}

#[test]
fn names_need_not_be_text_and_may_be_as_long_as_the_system_has_them() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(OsStr::from_bytes(b"\xff\xfe k\n"));
    create(&path, b"1").unwrap();
    replace(&path, b"2").unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"2");
    assert_eq!(names(dir.path()), [path.file_name().unwrap()]);
    create(&dir.path().join("n".repeat(255)), b"1").unwrap();
}

#[test]
fn what_is_no_name_of_a_file_is_refused_and_nothing_is_left() {
    let dir = tempfile::tempdir().unwrap();
    let directory = dir.path().join("directory");
    fs::create_dir(&directory).unwrap();
    let odd = |tail: &str| PathBuf::from(format!("{}/{tail}", dir.path().display()));
    for path in [
        odd(".."),
        odd("directory/.."),
        odd("new/"),
        odd("directory"),
        odd("directory/"),
        odd("no/such"),
        "/".into(),
        "".into(),
    ] {
        for write in [create, replace] {
            assert!(write(&path, b"x").is_err(), "{}", path.display());
        }
        assert!(stage(&path, b"x").and_then(|staged| staged.create()).is_err(), "{}", path.display());
    }
    assert_eq!(names(dir.path()), ["directory"]);
    assert!(names(&directory).is_empty());
}

#[test]
fn a_name_alone_is_one_in_the_directory_where_we_are() {
    let path = Path::new("a-name-alone");
    if inside().is_some() {
        drop(stage(path, b"x").unwrap());
        assert!(!path.exists());
        create(path, b"x").unwrap();
        assert!(path.exists());
        return private_files::remove(path).unwrap();
    }
    // Where we are it may not be allowed to write.
    let dir = tempfile::tempdir().unwrap();
    let mut elsewhere = this_program("writing::a_name_alone_is_one_in_the_directory_where_we_are", dir.path());
    let output = elsewhere.current_dir(dir.path()).output().unwrap();
    assert!(output.status.success() && said(&output).contains("1 passed"), "{}", said(&output));
    assert!(names(dir.path()).is_empty());
}

#[test]
fn a_directory_that_is_read_only_keeps_what_it_has() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("file");
    replace(&path, b"old").unwrap();
    set_mode(dir.path(), 0o500);
    if fs::write(dir.path().join("anything"), "").is_ok() {
        return permitted::skipped("root may write everywhere");
    }
    let outcomes = [replace(&path, b"new"), create(&dir.path().join("new"), b"new"), private_files::remove(&path)];
    set_mode(dir.path(), 0o700);
    assert!(outcomes.iter().all(|outcome| matches!(outcome, Err(Error::Failed { .. }))), "{outcomes:?}");
    assert_eq!((names(dir.path()), fs::read(&path).unwrap()), (vec!["file".into()], b"old".to_vec()));
}
