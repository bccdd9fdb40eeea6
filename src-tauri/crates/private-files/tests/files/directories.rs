use std::fs;
use std::os::unix::fs::symlink;

use permitted::give_away;
use private_files::{DataDir, Error, Unsafe};

use crate::{mode, names, problem, set_mode};

#[test]
fn missing_ones_are_made_private_with_those_above() {
    let parent = tempfile::tempdir().unwrap();
    DataDir::prepare(&parent.path().join("a/b/./c/")).unwrap();
    for path in ["a", "a/b", "a/b/c"] {
        assert_eq!(mode(&parent.path().join(path)), 0o700, "{path}");
    }
}

#[test]
fn what_others_can_read_is_narrowed_and_what_they_can_write_is_refused() {
    for (before, after) in [(0o755, 0o700), (0o700, 0o700), (0o500, 0o500), (0o711, 0o700), (0o750, 0o700)] {
        let parent = tempfile::tempdir().unwrap();
        let path = parent.path().join("desk");
        fs::create_dir(&path).unwrap();
        set_mode(&path, before);
        DataDir::prepare(&path).unwrap();
        assert_eq!(mode(&path), after, "{before:o}");
    }
    // Sticky or not: whoever can write into it can have put there what we would take for ours.
    for before in [0o775, 0o702, 0o720, 0o777, 0o1777] {
        let parent = tempfile::tempdir().unwrap();
        let path = parent.path().join("desk");
        fs::create_dir(&path).unwrap();
        set_mode(&path, before);
        for refused in [DataDir::prepare(&path), DataDir::own(&path).map(drop)] {
            assert_eq!(problem(&refused), Some(Unsafe::OthersCanWrite), "{before:o}");
        }
        assert_eq!(mode(&path), before);
        assert!(names(&path).is_empty(), "no lock either");
    }
}

#[test]
fn links_are_not_followed_however_they_are_written() {
    let parent = tempfile::tempdir().unwrap();
    let [real, link, dangling] = ["real", "link", "dangling"].map(|name| parent.path().join(name));
    fs::create_dir(&real).unwrap();
    set_mode(&real, 0o755);
    symlink(&real, &link).unwrap();
    symlink(parent.path().join("nothing"), &dangling).unwrap();
    for path in [link.clone(), link.join(""), link.join("."), link.join("./"), dangling.clone(), dangling.join("")] {
        assert_eq!(problem(&DataDir::prepare(&path)), Some(Unsafe::SymbolicLink), "{}", path.display());
    }
    assert_eq!(mode(&real), 0o755);
    assert!(!parent.path().join("nothing").exists());
}

#[test]
fn a_home_behind_a_link_is_fine_and_one_behind_a_link_to_nowhere_is_not_made() {
    let parent = tempfile::tempdir().unwrap();
    fs::create_dir(parent.path().join("real")).unwrap();
    symlink(parent.path().join("real"), parent.path().join("home")).unwrap();
    DataDir::prepare(&parent.path().join("home/desk")).unwrap();
    assert_eq!(mode(&parent.path().join("real/desk")), 0o700);

    symlink(parent.path().join("nothing"), parent.path().join("dangling")).unwrap();
    assert!(DataDir::prepare(&parent.path().join("dangling/desk")).is_err());
    assert!(!parent.path().join("nothing").exists());
}

#[test]
fn a_file_or_pipe_in_its_place_is_said() {
    let parent = tempfile::tempdir().unwrap();
    let [file, pipe] = ["file", "pipe"].map(|name| parent.path().join(name));
    fs::write(&file, "").unwrap();
    rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, 0o600.into(), 0).unwrap();
    for path in [&file, &pipe] {
        assert_eq!(problem(&DataDir::prepare(path)), Some(Unsafe::NotADirectory));
    }
    assert!(matches!(DataDir::prepare(&file.join("desk")), Err(Error::Failed { .. })), "nor can one be in it");
}

#[test]
fn one_of_another_user_is_refused_even_for_root_and_with_all_shut_out() {
    let parent = tempfile::tempdir().unwrap();
    for before in [0o755, 0o700] {
        let path = parent.path().join(format!("{before:o}"));
        fs::create_dir(&path).unwrap();
        set_mode(&path, before);
        if !give_away(&path) {
            return;
        }
        assert_eq!(problem(&DataDir::prepare(&path)), Some(Unsafe::ForeignOwner));
        assert_eq!(mode(&path), before);
    }
}

/// Somebody who is faster puts a link where the directory is to be: what they make in between is looked at too.
#[test]
fn what_appears_while_it_is_made_is_never_taken_for_ours() {
    let parent = tempfile::tempdir().unwrap();
    let [theirs, path] = ["theirs", "desk"].map(|name| parent.path().join(name));
    fs::create_dir(&theirs).unwrap();
    set_mode(&theirs, 0o755);
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(std::sync::atomic::Ordering::Relaxed) {
                // Only one of the two can be there, and the other is making one too.
                drop(symlink(&theirs, &path));
                drop(fs::remove_file(&path));
            }
        });
        for _ in 0..2_000 {
            match DataDir::prepare(&path) {
                Ok(()) => assert!(fs::symlink_metadata(&path).unwrap().is_dir()),
                Err(Error::Unsafe { problem, .. }) => assert_eq!(problem, Unsafe::SymbolicLink),
                Err(Error::Failed { .. }) => {}
                Err(error) => panic!("{error}"),
            }
            drop(fs::remove_dir(&path));
        }
        done.store(true, std::sync::atomic::Ordering::Relaxed);
    });
    assert_eq!(mode(&theirs), 0o755, "nothing was done through the link");
}
