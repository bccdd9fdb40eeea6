//! What a move leaves in the keyring, and how it goes.

use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use uuid::Uuid;
use vault::{Error, Item, Place};

use crate::memory::Memory;
use crate::{INSTALLATION, Profile, assert_is_finished, item, passphrase, secret};

#[test]
fn a_keyring_that_fails_at_any_call_while_copies_are_forgotten_is_tried_again() {
    for call in 0.. {
        let profile = Profile::with_copies_left();
        profile.keyring.fail_from(call);
        let finished = profile.vault.finish_move(INSTALLATION);
        if !profile.keyring.fail_never() {
            assert_eq!(finished, Ok(()));
            return assert!(call >= 11, "a search, and for each of five items a reading and a removal: {call}");
        }
        assert_eq!(finished, Err(Error::Locked));
        let restarted = profile.restart();
        assert!(restarted.has_copies_in_keyring());
        restarted.finish_move(INSTALLATION).unwrap();
        assert_is_finished(&profile, &restarted);
    }
}

#[test]
fn nothing_is_forgotten_in_the_keyring_that_was_not_and_cannot_be_read_in_the_file() {
    let profile = Profile::with_copies_left();
    let (vault, keyring) = (&profile.vault, &profile.keyring);
    vault.forget(&item(0)).unwrap();
    vault.keep(&item(1), "", &secret("newer")).unwrap();
    keyring.put(&item(5).to_string(), b"only in the keyring");
    let theirs = Item { installation: Uuid::from_u128(99), ..item(2) };
    keyring.put(&theirs.to_string(), b"secret 2");

    let closed = keyring.vault(profile.directory.path());
    assert_eq!(closed.finish_move(INSTALLATION), Err(Error::FileClosed));
    assert_eq!(keyring.names().len(), 7);

    vault.finish_move(INSTALLATION).unwrap();
    assert_eq!(keyring.names(), [item(1), item(5), theirs].map(|item| item.to_string()));
    assert_eq!(keyring.get(&item(1).to_string()), Some(b"secret 1".to_vec()));
    assert_eq!(vault.fetch(&item(1)).unwrap().unwrap().expose_str(), Some("newer"));
}

#[test]
fn a_keyring_is_not_asked_when_nothing_was_cut_off() {
    let profile = Profile::with_five();
    profile.vault.move_to_file(INSTALLATION, &passphrase()).unwrap();
    let restarted = profile.restart();
    profile.keyring.fail_from(0);
    assert_eq!(restarted.finish_move(INSTALLATION), Ok(()));
    assert!(!profile.keyring.fail_never());
}

#[test]
fn what_a_keyring_has_that_went_away_is_forgotten_when_it_is_back() {
    let profile = Profile::with_five();
    let vault = &profile.vault;
    let carried = vault.fetch(&item(3)).unwrap().unwrap();
    profile.keyring.leave();
    vault.begin_file(&passphrase()).unwrap();
    vault.keep(&item(3), "", &carried).unwrap();
    assert_eq!(vault.finish_move(INSTALLATION), Err(Error::Missing));

    profile.keyring.come_back();
    let restarted = profile.restart();
    restarted.finish_move(INSTALLATION).unwrap();
    assert_eq!(profile.keyring.names(), [0, 1, 2, 4].map(|id| item(id).to_string()));
    assert!(!restarted.has_copies_in_keyring());
}

#[test]
fn what_is_forgotten_while_copies_are_left_is_forgotten_in_the_keyring_too() {
    let profile = Profile::with_copies_left();
    profile.keyring.fail_from(0);
    assert_eq!(profile.vault.forget(&item(0)), Ok(true));
    assert!(!profile.keyring.fail_never(), "it is not asked: it may be locked");
    let restarted = profile.restart();
    assert_eq!(restarted.forget(&item(1)), Ok(true));
    restarted.finish_move(INSTALLATION).unwrap();
    assert_eq!(profile.keyring.names(), [""; 0]);
    assert!(!restarted.has_copies_in_keyring());
}

#[test]
fn what_is_forgotten_while_copies_are_left_does_not_come_back_with_the_keyring() {
    for fails_at in 0.. {
        let profile = Profile::with_copies_left();
        profile.vault.forget(&item(0)).unwrap();
        profile.vault.forget(&item(1)).unwrap();
        // Named like one that was forgotten, but new.
        profile.vault.keep(&item(1), "", &secret("newer")).unwrap();
        profile.keyring.fail_from(fails_at);
        let moved = profile.vault.move_to_keyring(INSTALLATION);
        let failed = profile.keyring.fail_never();
        let vault = profile.restart();
        if failed {
            assert_eq!((moved, vault.place()), (Err(Error::Locked), Place::File));
            assert_eq!(vault.move_to_keyring(INSTALLATION), Ok(4));
        }
        assert_eq!(profile.keyring.names(), [1, 2, 3, 4].map(|id| item(id).to_string()));
        assert_eq!(vault.fetch(&item(1)).unwrap().unwrap().expose_str(), Some("newer"));
        if !failed {
            return assert!(fails_at >= 10, "a search, a removal, and for each of four a writing and a reading back");
        }
    }
}

#[test]
fn an_older_mark_says_nothing_about_a_later_move() {
    let profile = Profile::with_copies_left();
    let forgotten = item(0);
    profile.vault.forget(&forgotten).unwrap();
    let mark = profile.directory.path().join("secrets.moving");
    let older = std::fs::read(&mark).unwrap();
    assert_eq!(profile.vault.move_to_keyring(INSTALLATION), Ok(4));
    // As where it could not be removed.
    std::fs::write(&mark, older).unwrap();
    profile.vault.keep(&forgotten, "", &secret("secret 0")).unwrap();
    profile.vault.begin_file(&passphrase()).unwrap();
    profile.vault.finish_move(INSTALLATION).unwrap();
    assert_eq!(profile.keyring.names().len(), 5, "the file knows of none of them, and none was forgotten since");
}

/// A prompt for the keyring's password that is answered after the person has decided for a file.
#[test]
fn what_a_keyring_takes_long_after_it_was_given_up_is_forgotten_there() {
    let (directory, keyring) = (TempDir::new().unwrap(), Memory::default());
    let vault = keyring.vault(directory.path()).with_timeout(Duration::from_millis(100));
    keyring.hold_writes();
    assert_eq!(vault.keep(&item(0), "", &secret("secret 0")), Err(Error::TimedOut));
    vault.begin_file(&passphrase()).unwrap();
    assert!(vault.has_copies_in_keyring(), "there may be one soon");
    assert_eq!(vault.forget(&item(0)), Ok(false), "what came of it is cleaned up");
    assert_eq!(vault.finish_move(INSTALLATION), Err(Error::TimedOut));
    assert!(vault.has_copies_in_keyring(), "it may still come");

    keyring.let_writes_go();
    let finished = || vault.finish_move(INSTALLATION).is_ok() && !vault.has_copies_in_keyring();
    assert!(in_time(finished));
    assert_eq!(keyring.names(), [""; 0]);
}

/// Else the earlier one could be carried out after the later one, and take its place.
#[test]
fn what_may_still_be_written_is_neither_written_nor_forgotten_beside_it() {
    let (directory, keyring) = (TempDir::new().unwrap(), Memory::default());
    let vault = keyring.vault(directory.path()).with_timeout(Duration::from_millis(100));
    keyring.hold_writes();
    assert_eq!(vault.keep(&item(0), "", &secret("earlier")), Err(Error::TimedOut));
    keyring.let_writes_go_for(&item(1).to_string());
    assert_eq!(vault.keep(&item(1), "", &secret("another")), Ok(()));
    assert_eq!(vault.keep(&item(0), "", &secret("later")), Err(Error::TimedOut));
    assert_eq!(vault.forget(&item(0)), Err(Error::TimedOut), "it is not said to be gone");

    keyring.let_writes_go();
    assert!(in_time(|| vault.keep(&item(0), "", &secret("later")).is_ok()));
    assert_eq!(keyring.get(&item(0).to_string()), Some(b"later".to_vec()));
    assert_eq!(vault.forget(&item(0)), Ok(true));
}

fn in_time(is_so: impl Fn() -> bool) -> bool {
    let end = Instant::now() + Duration::from_secs(20);
    while !is_so() {
        if Instant::now() > end {
            return false;
        }
        thread::sleep(Duration::from_millis(20));
    }
    true
}
