//! A file that others could read or could have put there is not used.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;

use permitted::give_away;
use vault::{Error, ItemKind, Place};

use crate::{Profile, item, passphrase, secret, vault_at};

#[test]
fn a_file_that_others_may_read_write_or_run_is_refused_whichever_of_the_two_it_is() {
    let profile = Profile::with_file();
    let vault = profile.open_vault();
    for path in [profile.file(), profile.key_file()] {
        for mode in [0o640, 0o604, 0o620, 0o602, 0o644, 0o660, 0o666, 0o700, 0o777] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            assert_unsafe(profile.vault().open_file(&passphrase()));
            if path == profile.file() {
                assert_unsafe(vault.keep(&item(ItemKind::HmacSecret), "Token Desk: a", &secret("x")));
            }
        }
        for mode in [0o600, 0o400] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(profile.vault().open_file(&passphrase()), Ok(()));
        }
    }
}

#[test]
fn a_link_is_refused_also_to_a_good_file_and_to_nowhere() {
    let profile = Profile::with_file();
    let elsewhere = Profile::empty();
    for (path, name) in [(profile.file(), "moved.age"), (profile.key_file(), "moved.key.age")] {
        let moved = elsewhere.path().join(name);
        fs::rename(&path, &moved).unwrap();
        symlink(&moved, &path).unwrap();
        assert_unsafe(profile.vault().open_file(&passphrase()));
        fs::remove_file(&path).unwrap();
        fs::rename(&moved, &path).unwrap();
    }
    assert_eq!(profile.vault().open_file(&passphrase()), Ok(()));

    let dangling = elsewhere.file();
    symlink("/nonexistent/secrets.age", &dangling).unwrap();
    let vault = vault_at(&dangling);
    assert_eq!(vault.place(), Place::File);
    assert_unsafe(vault.open_file(&passphrase()));
    assert_unsafe(vault.move_to_file(uuid::Uuid::new_v4(), &passphrase()).map(drop));
}

#[test]
fn what_is_no_ordinary_file_is_refused_and_never_waited_for() {
    let profile = Profile::empty();
    let pipe = profile.path().join("pipe");
    rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR).unwrap();
    let directory = profile.path().join("directory");
    fs::create_dir(&directory).unwrap();
    for path in [&*pipe, &*directory, Path::new("/dev/null")] {
        let vault = vault_at(path);
        assert_eq!(vault.place(), Place::File);
        assert_unsafe(vault.open_file(&passphrase()));
    }
}

#[test]
fn a_file_of_somebody_else_is_refused() {
    let theirs = Path::new("/etc/passwd");
    if fs::metadata(theirs).unwrap().uid() != rustix::process::geteuid().as_raw() {
        // Everybody may read it and nobody but root may have written it.
        return assert_unsafe(vault_at(theirs).open_file(&passphrase()));
    }
    let profile = Profile::with_file();
    for path in [profile.file(), profile.key_file()] {
        if !give_away(&path) {
            return;
        }
        assert_unsafe(profile.vault().open_file(&passphrase()));
        std::os::unix::fs::chown(&path, Some(0), None).unwrap();
    }
    assert_eq!(profile.vault().open_file(&passphrase()), Ok(()));
}

#[test]
fn a_file_far_too_large_is_not_read_into_memory() {
    let profile = Profile::with_file();
    fs::File::options().write(true).open(profile.file()).unwrap().set_len(1 << 40).unwrap();
    let refused = profile.vault().open_file(&passphrase()).unwrap_err();
    assert_eq!(refused.code(), "secrets-file-damaged");
}

fn assert_unsafe(result: Result<(), Error>) {
    assert_eq!(result.unwrap_err().code(), "secrets-file-unsafe");
}
