//! Files that are there already.

use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::Path;

use permitted::give_away;
use private_files::{Error, Unsafe, find, open, open_or_make, read};

use crate::{mode, names, problem, set_mode};

type Look = fn(&Path) -> Result<(), Error>;

/// All that look at an existing file, each as its answer.
const LOOKS: [Look; 4] = [
    |path| find(path).map(drop),
    |path| open(path).map(drop),
    |path| open_or_make(path).map(drop),
    |path| read(path, 100).map(drop),
];

#[test]
fn one_that_is_missing_is_made_private_or_said_to_be_missing() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("file");
    assert!(find(&path).unwrap().is_none() && open(&path).unwrap().is_none() && read(&path, 1).unwrap().is_none());
    assert!(names(dir.path()).is_empty());
    open_or_make(&path).unwrap().write_all(b"kept").unwrap();
    assert_eq!(mode(&path), 0o600);
    open_or_make(&path).unwrap();
    assert_eq!(*read(&path, 4).unwrap().unwrap(), b"kept");
}

#[test]
fn what_others_can_write_is_refused_and_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("file");
    for before in [0o664, 0o602, 0o620, 0o622, 0o660, 0o666, 0o777] {
        fs::write(&path, "kept").unwrap();
        set_mode(&path, before);
        for look in LOOKS {
            assert_eq!(problem(&look(&path)), Some(Unsafe::OthersCanWrite), "{before:o}");
        }
        assert_eq!(mode(&path), before);
        assert_eq!(fs::read(&path).unwrap(), b"kept");
    }
}

#[test]
fn what_others_can_read_is_narrowed_and_its_owner_gets_no_new_right() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("file");
    fs::write(&path, "kept").unwrap();
    for (before, after) in [(0o644, 0o600), (0o600, 0o600), (0o755, 0o600), (0o700, 0o600), (0o640, 0o600)] {
        for look in [LOOKS[1], LOOKS[2], LOOKS[3]] {
            set_mode(&path, before);
            look(&path).unwrap();
            assert_eq!(mode(&path), after, "{before:o}");
        }
    }
    for (before, after) in [(0o444, 0o400), (0o400, 0o400)] {
        set_mode(&path, before);
        assert_eq!(*read(&path, 4).unwrap().unwrap(), b"kept");
        assert_eq!(mode(&path), after, "{before:o}");
    }
}

#[test]
fn one_that_is_found_is_as_it_was_until_it_is_narrowed_and_its_readers_can_be_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("file");
    fs::write(&path, "kept").unwrap();
    for before in [0o644, 0o640, 0o604, 0o700, 0o601] {
        set_mode(&path, before);
        let found = find(&path).unwrap().unwrap();
        assert_eq!(*found.read(4).unwrap(), b"kept");
        assert_eq!(problem(&found.refuse_readers()), Some(Unsafe::OthersCanRead), "{before:o}");
        assert_eq!(mode(&path), before);
    }
    for before in [0o600, 0o400] {
        set_mode(&path, before);
        let found = find(&path).unwrap().unwrap().refuse_readers().unwrap();
        assert_eq!(*found.read(4).unwrap(), b"kept");
    }
    set_mode(&path, 0o644);
    find(&path).unwrap().unwrap().narrow().unwrap();
    assert_eq!(mode(&path), 0o600);
}

#[test]
fn links_are_refused_also_to_a_good_file_and_to_nowhere() {
    let dir = tempfile::tempdir().unwrap();
    let [real, link, dangling] = ["real", "link", "dangling"].map(|name| dir.path().join(name));
    fs::write(&real, "theirs").unwrap();
    set_mode(&real, 0o644);
    symlink(&real, &link).unwrap();
    symlink(dir.path().join("nothing"), &dangling).unwrap();
    for look in LOOKS {
        for path in [&link, &dangling] {
            assert_eq!(problem(&look(path)), Some(Unsafe::SymbolicLink), "{}", path.display());
        }
    }
    assert_eq!(mode(&real), 0o644, "nothing was done through the link");
    assert!(!dir.path().join("nothing").exists());
}

/// What is narrowed is what was opened, however often another file takes the name.
#[test]
fn nothing_is_ever_done_to_what_takes_the_name_after_the_look() {
    let dir = tempfile::tempdir().unwrap();
    let [ours, theirs, path] = ["ours", "theirs", "path"].map(|name| dir.path().join(name));
    fs::write(&theirs, "theirs").unwrap();
    set_mode(&theirs, 0o666);
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(std::sync::atomic::Ordering::Relaxed) {
                fs::write(&ours, "ours").unwrap();
                set_mode(&ours, 0o644);
                fs::rename(&ours, &path).unwrap();
                symlink(&theirs, &ours).unwrap();
                fs::rename(&ours, &path).unwrap();
                fs::hard_link(&theirs, &ours).unwrap();
                fs::rename(&ours, &path).unwrap();
            }
        });
        for _ in 0..5_000 {
            if let Ok(Some(content)) = read(&path, 100) {
                assert_eq!(*content, b"ours");
            }
        }
        done.store(true, std::sync::atomic::Ordering::Relaxed);
    });
    assert_eq!(mode(&theirs), 0o666);
}

#[test]
fn what_is_no_ordinary_file_is_refused_and_never_waited_for() {
    let dir = tempfile::tempdir().unwrap();
    let [pipe, socket] = ["pipe", "socket"].map(|name| dir.path().join(name));
    rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, 0o600.into(), 0).unwrap();
    let _listener = UnixListener::bind(&socket).unwrap();
    for look in LOOKS {
        for path in [&*pipe, &*socket, dir.path(), Path::new("/dev/null"), &dir.path().join(".."), Path::new("/")] {
            assert_eq!(problem(&look(path)), Some(Unsafe::NotAFile), "{}", path.display());
        }
    }
}

#[test]
fn one_of_another_user_is_refused_even_for_root_and_with_all_shut_out() {
    let dir = tempfile::tempdir().unwrap();
    for before in [0o644, 0o600, 0o400] {
        let path = dir.path().join(format!("{before:o}"));
        fs::write(&path, "theirs").unwrap();
        set_mode(&path, before);
        if !give_away(&path) {
            // Everybody may read it and nobody but root may write it.
            let theirs = Path::new("/etc/passwd");
            if fs::metadata(theirs).unwrap().uid() != rustix::process::geteuid().as_raw() {
                assert_eq!(problem(&find(theirs)), Some(Unsafe::ForeignOwner));
                assert_eq!(problem(&open(theirs)), Some(Unsafe::ForeignOwner));
            }
            return;
        }
        for look in LOOKS {
            assert_eq!(problem(&look(&path)), Some(Unsafe::ForeignOwner));
        }
        assert_eq!(mode(&path), before);
    }
}

#[test]
fn one_that_is_far_too_large_is_not_read_into_memory() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("file");
    open_or_make(&path).unwrap().set_len(1 << 40).unwrap();
    assert!(matches!(read(&path, 64 << 20), Err(Error::TooLarge(_))));
    fs::write(&path, "1234").unwrap();
    assert!(matches!(read(&path, 3), Err(Error::TooLarge(_))));
    assert_eq!(*read(&path, 4).unwrap().unwrap(), b"1234");
}

/// A backup may have linked it: that gives nobody a way in, and what is written never goes through to the other name.
#[test]
fn one_with_two_names_is_taken() {
    let dir = tempfile::tempdir().unwrap();
    let [path, other] = ["file", "other"].map(|name| dir.path().join(name));
    private_files::replace(&path, b"old").unwrap();
    fs::hard_link(&path, &other).unwrap();
    assert_eq!(*read(&path, 3).unwrap().unwrap(), b"old");
    private_files::replace(&path, b"new").unwrap();
    assert_eq!((fs::read(&path).unwrap(), fs::read(&other).unwrap()), (b"new".to_vec(), b"old".to_vec()));
}

#[test]
fn names_need_not_be_text_and_a_slash_behind_one_is_not_overlooked() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(OsStr::from_bytes(b"\xff\xfe k\n"));
    open_or_make(&path).unwrap();
    assert!(read(&path, 0).unwrap().is_some());
    for look in LOOKS {
        assert!(look(&path.join("")).is_err());
        assert!(look(Path::new("")).is_err() || find(Path::new("")).unwrap().is_none());
    }
    assert_eq!(names(dir.path()), [path.file_name().unwrap()]);
}

#[test]
fn many_that_make_the_same_one_at_once_all_get_it() {
    for _ in 0..50 {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("file");
        std::thread::scope(|scope| {
            for making in (0..8).map(|_| scope.spawn(|| open_or_make(&path).map(drop))).collect::<Vec<_>>() {
                making.join().unwrap().unwrap();
            }
        });
    }
}
