//! A file that is not as it was written is said to be damaged and stays as it is.

use std::fs;

use vault::{Error, ItemKind};

use crate::{PASSPHRASE, Profile, item, passphrase, secret};

#[test]
fn a_bit_changed_anywhere_is_noticed_and_never_written_over() {
    let profile = Profile::with_file();
    let item = item(ItemKind::HmacSecret);
    let open = profile.open_vault();
    open.keep(&item, "Token Desk: a", &secret("s3cret")).unwrap();
    for path in [profile.file(), profile.key_file()] {
        let whole = fs::read(&path).unwrap();
        let last = whole.len() - 1;
        // All over the header, then here and there.
        for position in (0..220).step_by(3).chain((220..whole.len()).step_by(19_973)).chain([last]) {
            let mut damaged = whole.clone();
            damaged[position] ^= 1;
            fs::write(&path, &damaged).unwrap();
            let refused = profile.vault().open_file(&passphrase()).unwrap_err();
            // A changed salt or wrapped key cannot be told from a wrong passphrase: nothing else vouches for them.
            let expected = matches!(refused, Error::FileDamaged { .. })
                || refused == Error::PassphraseWrong && path == profile.key_file();
            assert!(expected, "byte {position} of {}: {refused:?}", path.display());
            assert_eq!(fs::read(&path).unwrap(), damaged);
        }
        fs::write(&path, &whole).unwrap();
    }
    assert!(profile.open_vault().fetch(&item).unwrap().is_some());
}

#[test]
fn a_file_cut_off_anywhere_is_noticed_also_by_a_vault_that_is_open() {
    let profile = Profile::with_file();
    let vault = profile.open_vault();
    let item = item(ItemKind::HmacSecret);
    vault.keep(&item, "Token Desk: a", &secret("s3cret")).unwrap();
    let whole = fs::read(profile.file()).unwrap();
    for length in [0, 1, 21, 100, 200, 65_536, whole.len() / 2, whole.len() - 1] {
        let part = &whole[..length];
        fs::write(profile.file(), part).unwrap();
        let damaged = |result: Result<(), Error>| assert_eq!(result.unwrap_err().code(), "secrets-file-damaged");
        damaged(vault.fetch(&item).map(drop));
        damaged(vault.keep(&item, "Token Desk: a", &secret("later")));
        damaged(vault.forget(&item).map(drop));
        damaged(vault.change_passphrase(&passphrase(), &secret("staple staple")));
        damaged(vault.move_to_keyring(item.installation).map(drop));
        damaged(profile.vault().open_file(&passphrase()));
        damaged(profile.vault().move_to_file(item.installation, &passphrase()).map(drop));
        assert_eq!(fs::read(profile.file()).unwrap(), part);
    }
    fs::write(profile.file(), &whole).unwrap();
    assert!(vault.fetch(&item).unwrap().is_some());
}

#[test]
fn files_that_do_not_belong_together_are_damage() {
    let profile = Profile::with_file();
    let other = Profile::with_file();
    fs::copy(other.key_file(), profile.key_file()).unwrap();
    assert_eq!(profile.vault().open_file(&passphrase()).unwrap_err().code(), "secrets-file-damaged");
    fs::remove_file(profile.key_file()).unwrap();
    assert_eq!(profile.vault().open_file(&passphrase()).unwrap_err().code(), "secrets-file-damaged");
    // In each other's place.
    fs::copy(other.key_file(), profile.file()).unwrap();
    fs::copy(other.file(), profile.key_file()).unwrap();
    assert_eq!(profile.vault().open_file(&passphrase()).unwrap_err().code(), "secrets-file-damaged");
}

#[test]
fn a_file_that_vanishes_is_not_made_anew() {
    let profile = Profile::with_file();
    let vault = profile.open_vault();
    fs::remove_file(profile.file()).unwrap();
    let refused = vault.keep(&item(ItemKind::HmacSecret), "Token Desk: a", &secret("x"));
    assert_eq!(refused, Err(crate::not_found("read")));
    assert_eq!(profile.names(), ["secrets.key.age"]);
}

#[test]
fn a_key_without_its_file_is_set_aside_and_not_written_over() {
    let profile = Profile::with_file();
    let vault = profile.open_vault();
    let item = item(ItemKind::HmacSecret);
    vault.keep(&item, "Token Desk: a", &secret("s3cret")).unwrap();
    // The person took the file away for a while.
    let taken = profile.path().join("taken");
    fs::rename(profile.file(), &taken).unwrap();
    for _ in 0..2 {
        let _ = fs::remove_file(profile.file());
        profile.vault().begin_file(&secret("another passphrase")).unwrap();
    }
    assert_eq!(
        profile.names(),
        ["secrets.age", "secrets.key.age", "secrets.key.age.old", "secrets.key.age.old.old", "taken"]
    );
    fs::rename(taken, profile.file()).unwrap();
    fs::rename(profile.path().join("secrets.key.age.old"), profile.key_file()).unwrap();
    assert!(profile.open_vault().fetch(&item).unwrap().is_some());
}

#[test]
fn a_pair_that_was_put_there_since_the_start_is_not_taken_apart() {
    let profile = Profile::empty();
    let vault = profile.vault();
    let theirs = Profile::with_file();
    fs::copy(theirs.file(), profile.file()).unwrap();
    fs::copy(theirs.key_file(), profile.key_file()).unwrap();
    let exists = Error::FileFailed { doing: "made", kind: std::io::ErrorKind::AlreadyExists };
    assert_eq!(vault.begin_file(&secret("another passphrase")), Err(exists));
    profile.open_vault();
    assert_eq!(profile.names(), ["secrets.age", "secrets.key.age"]);
}

#[test]
fn a_file_that_asks_for_hours_of_work_is_refused_at_once() {
    let profile = Profile::with_file();
    let key_file = fs::read(profile.key_file()).unwrap();
    let end = key_file.windows(3).position(|window| window == b" 2\n").unwrap();
    for factor in ["21", "30", "63"] {
        let mut absurd = key_file[..end].to_vec();
        absurd.extend_from_slice(format!(" {factor}\n").as_bytes());
        absurd.extend_from_slice(&key_file[end + 3..]);
        fs::write(profile.key_file(), absurd).unwrap();
        let start = std::time::Instant::now();
        let refused = profile.vault().open_file(&secret(PASSPHRASE)).unwrap_err();
        assert_eq!(refused.code(), "secrets-file-damaged");
        assert!(start.elapsed().as_secs() < 5);
    }
}
