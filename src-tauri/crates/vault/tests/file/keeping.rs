use std::fs;
use std::os::unix::fs::PermissionsExt;

use vault::{Error, Item, ItemKind, LIMIT, Listed, Place, Vault};

use crate::{PASSPHRASE, Profile, item, not_found, passphrase, secret};

#[test]
fn what_is_kept_is_fetched_after_the_next_start_until_it_is_forgotten() {
    let profile = Profile::with_file();
    let item = item(ItemKind::HmacSecret);
    profile.open_vault().keep(&item, "Token Desk: Home bot", &secret("s3cret")).unwrap();

    let vault = profile.open_vault();
    assert_eq!(vault.clone().fetch(&item).unwrap().unwrap().expose_str(), Some("s3cret"));
    vault.keep(&item, "Token Desk: Home bot", &secret("another")).unwrap();
    assert_eq!(profile.open_vault().fetch(&item).unwrap().unwrap().expose_str(), Some("another"));
    assert_eq!(vault.forget(&item), Ok(true));
    assert_eq!(vault.forget(&item), Ok(false));
    assert!(profile.open_vault().fetch(&item).unwrap().is_none());
}

#[test]
fn the_place_is_the_file_exactly_when_there_is_one() {
    let profile = Profile::empty();
    let vault = profile.vault();
    assert_eq!((vault.place(), vault.is_open()), (Place::Keyring, true));
    assert_eq!(vault.open_file(&passphrase()), Err(not_found("opened")));
    assert_eq!(vault.change_passphrase(&passphrase(), &passphrase()), Err(not_found("opened")));

    let clone = vault.clone();
    assert_eq!(vault.begin_file(&passphrase()), Ok(()));
    assert_eq!((clone.place(), clone.is_open()), (Place::File, true));

    let restarted = profile.vault();
    assert_eq!((restarted.place(), restarted.is_open()), (Place::File, false));
    restarted.open_file(&passphrase()).unwrap();
    assert!(restarted.clone().is_open());

    assert_eq!(Vault::for_person(profile.file()).place(), Place::File);
    assert_eq!(Vault::for_person(profile.path().join("other.age")).place(), Place::Keyring);
    assert_eq!(Vault::system().place(), Place::Keyring);
}

#[test]
fn a_vault_without_a_place_for_a_file_makes_none() {
    let vault = Vault::over(|| Err(Error::Missing));
    let refused = vault.move_to_file(uuid::Uuid::new_v4(), &passphrase()).unwrap_err();
    assert_eq!(refused.code(), "secrets-file-failed");
}

#[test]
fn before_the_passphrase_is_given_every_call_says_that_the_file_is_closed() {
    let profile = Profile::with_file();
    let vault = profile.vault();
    let item = item(ItemKind::HmacSecret);
    assert_eq!(vault.keep(&item, "Token Desk: a", &secret("x")), Err(Error::FileClosed));
    assert_eq!(vault.fetch(&item).unwrap_err(), Error::FileClosed);
    assert_eq!(vault.forget(&item), Err(Error::FileClosed));
    assert_eq!(vault.items(item.installation), Err(Error::FileClosed));
    assert_eq!(vault.move_to_keyring(item.installation), Err(Error::FileClosed));
}

#[test]
fn a_wrong_passphrase_opens_nothing_and_a_right_one_opens_it_afterwards() {
    let profile = Profile::with_file();
    let vault = profile.vault();
    for wrong in ["", "correct horse batter", "correct horse battery ", "Correct horse battery"] {
        assert_eq!(vault.open_file(&secret(wrong)), Err(Error::PassphraseWrong), "{wrong:?}");
        assert!(!vault.is_open());
    }
    assert_eq!(vault.open_file(&vault::Secret::new(vec![0xff; 9])), Err(Error::PassphraseWrong));
    assert_eq!(vault.open_file(&passphrase()), Ok(()));
    // Asked again, an open file stays open.
    assert_eq!(vault.open_file(&secret("correct horse")), Err(Error::PassphraseWrong));
    assert!(vault.is_open());
}

#[test]
fn a_short_passphrase_is_refused_before_anything_is_written() {
    let profile = Profile::empty();
    let short = Err(Error::PassphraseTooShort { shortest: 8 });
    assert_eq!(profile.vault().move_to_file(uuid::Uuid::new_v4(), &secret("1234567")), short);
    assert!(profile.names().is_empty());

    let profile = Profile::with_file();
    let vault = profile.open_vault();
    assert_eq!(vault.change_passphrase(&passphrase(), &secret("1234567")).map(|()| 0), short);
    assert_eq!(profile.vault().open_file(&passphrase()), Ok(()));
}

#[test]
fn raw_bytes_of_every_size_up_to_the_limit_come_back_whole_and_none_above_it_is_taken() {
    let profile = Profile::with_file();
    let vault = profile.open_vault();
    let bytes = |size: usize| (0..size).map(|index| u8::try_from(index * 31 % 256).unwrap() ^ 0xa5).collect::<Vec<_>>();
    for size in [0, 1, 2, 3, 256, 2_373, LIMIT - 1, LIMIT] {
        let item = item(ItemKind::PrivateKey);
        vault.keep(&item, "Token Desk: key", &vault::Secret::new(bytes(size))).unwrap();
        assert_eq!(vault.fetch(&item).unwrap().unwrap().expose(), bytes(size), "{size} bytes");
    }
    let refused = vault.keep(&item(ItemKind::PrivateKey), "Token Desk: key", &vault::Secret::new(bytes(2_561)));
    // So that everything can move back into any keyring.
    assert_eq!(refused, Err(Error::TooLarge { bytes: 2_561, limit: 2_560 }));
}

#[test]
fn more_than_one_chunk_of_age_comes_back_whole() {
    let profile = Profile::with_file();
    let vault = profile.open_vault();
    let items: Vec<_> = (0..25).map(|_| item(ItemKind::PrivateKey)).collect();
    for (number, item) in items.iter().enumerate() {
        let bytes = vec![u8::try_from(number).unwrap(); LIMIT];
        vault.keep(item, "Token Desk: key", &vault::Secret::new(bytes)).unwrap();
    }
    // Base64 of 25 * 2,560 bytes is a chunk of 64 KiB and a part.
    let vault = profile.open_vault();
    for (number, item) in items.iter().enumerate() {
        let found = vault.fetch(item).unwrap().unwrap();
        assert_eq!(found.expose(), vec![u8::try_from(number).unwrap(); LIMIT]);
    }
}

#[test]
fn the_file_lists_what_it_keeps_for_an_installation() {
    let profile = Profile::with_file();
    let vault = profile.open_vault();
    let first = item(ItemKind::TokenRecord);
    let second = Item { kind: ItemKind::HmacSecret, ..first };
    let label = "Token Desk: B\u{fc}ro \"1\"\n\u{1f916}".to_owned();
    vault.keep(&first, &label, &secret("{}")).unwrap();
    vault.keep(&second, "", &secret("x")).unwrap();
    vault.keep(&item(ItemKind::HmacSecret), "Token Desk: theirs", &secret("x")).unwrap();
    let expected = [Listed { item: second, label: String::new() }, Listed { item: first, label }];
    assert_eq!(profile.open_vault().items(first.installation).unwrap(), expected);
}

#[test]
fn many_threads_share_one_file() {
    let profile = Profile::with_file();
    let vault = profile.open_vault();
    let items: Vec<_> = (0..8).map(|_| item(ItemKind::IdempotencyKey)).collect();
    std::thread::scope(|scope| {
        for item in &items {
            let vault = &vault;
            scope.spawn(move || {
                vault.keep(item, "Token Desk: thread", &secret(&item.id.to_string())).unwrap();
                let found = vault.fetch(item).unwrap().unwrap();
                assert_eq!(found.expose_str(), Some(&*item.id.to_string()));
            });
        }
    });
    let vault = profile.open_vault();
    assert!(items.iter().all(|item| vault.fetch(item).unwrap().is_some()));
}

#[test]
fn both_files_are_for_the_owner_only_and_nothing_else_is_left_beside_them() {
    let profile = Profile::with_file();
    let vault = profile.open_vault();
    vault.keep(&item(ItemKind::HmacSecret), "Token Desk: a", &secret("x")).unwrap();
    vault.change_passphrase(&passphrase(), &secret("another passphrase")).unwrap();
    assert_eq!(profile.names(), ["secrets.age", "secrets.key.age"]);
    for file in [profile.file(), profile.key_file()] {
        let mode = fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o7777, 0o600, "{}", file.display());
    }
}

#[test]
fn nothing_of_what_is_kept_lies_on_disk_in_plain_nor_does_its_size() {
    let profile = Profile::with_file();
    let vault = profile.open_vault();
    let size = fs::metadata(profile.file()).unwrap().len();
    let item = item(ItemKind::HmacSecret);
    vault.keep(&item, "label-of-the-canary", &secret("canary-b7c1e40f")).unwrap();
    // The header varies a little: age puts a stanza of random length into it.
    assert!(fs::metadata(profile.file()).unwrap().len().abs_diff(size) < 400);
    // "Y2FuYXJ5LWI3YzFlNDBm" is the secret in base64.
    for plain in [
        "canary-b7c1e40f",
        "Y2FuYXJ5LWI3YzFlNDBm",
        "label-of-the-canary",
        "hmac-secret",
        &item.id.to_string(),
        PASSPHRASE,
        "AGE-SECRET-KEY",
    ] {
        for file in [profile.file(), profile.key_file()] {
            let content = fs::read(&file).unwrap();
            let found = content.windows(plain.len()).any(|window| window == plain.as_bytes());
            assert!(!found, "{plain} in {}", file.display());
        }
    }
}

#[test]
fn a_changed_passphrase_is_the_only_one_and_everything_is_still_there() {
    let profile = Profile::with_file();
    let vault = profile.open_vault();
    let item = item(ItemKind::HmacSecret);
    vault.keep(&item, "Token Desk: a", &secret("s3cret")).unwrap();
    let new = secret("staple staple staple");
    assert_eq!(vault.change_passphrase(&secret("not the old one"), &new), Err(Error::PassphraseWrong));
    // It may also be the first thing after a start.
    profile.vault().change_passphrase(&passphrase(), &new).unwrap();

    let restarted = profile.vault();
    assert_eq!(restarted.open_file(&passphrase()), Err(Error::PassphraseWrong));
    restarted.open_file(&new).unwrap();
    assert_eq!(restarted.fetch(&item).unwrap().unwrap().expose_str(), Some("s3cret"));
    restarted.change_passphrase(&new, &passphrase()).unwrap();
    assert_eq!(restarted.fetch(&item).unwrap().unwrap().expose_str(), Some("s3cret"));
}

#[test]
fn a_file_whose_passphrase_is_forgotten_makes_way_for_a_new_one_and_can_be_put_back() {
    let profile = Profile::with_file();
    let item = item(ItemKind::HmacSecret);
    profile.open_vault().keep(&item, "Token Desk: a", &secret("s3cret")).unwrap();
    let whole = [fs::read(profile.file()).unwrap(), fs::read(profile.key_file()).unwrap()];
    let vault = profile.vault();
    let short = Err(Error::PassphraseTooShort { shortest: 8 });
    assert_eq!(vault.begin_new_file(&secret("1234567")), short);
    assert_eq!(profile.names(), ["secrets.age", "secrets.key.age"]);

    let new = secret("staple staple staple");
    vault.begin_new_file(&new).unwrap();
    assert!(vault.is_open() && vault.fetch(&item).unwrap().is_none());
    vault.keep(&item, "Token Desk: a", &secret("another")).unwrap();
    assert!(vault.begin_new_file(&new).is_err(), "one that opens is not set aside");
    let restarted = profile.vault();
    assert_eq!(restarted.open_file(&passphrase()), Err(Error::PassphraseWrong));
    restarted.open_file(&new).unwrap();
    assert_eq!(restarted.fetch(&item).unwrap().unwrap().expose_str(), Some("another"));

    // Forgotten once more: the pairs stay together.
    profile.vault().begin_new_file(&new).unwrap();
    let [first, first_key] = ["secrets.age.old", "secrets.key.age.old"].map(|name| profile.path().join(name));
    assert_eq!([fs::read(&first).unwrap(), fs::read(&first_key).unwrap()], whole);
    assert_eq!(profile.names().len(), 6);
    fs::rename(first, profile.file()).unwrap();
    fs::rename(first_key, profile.key_file()).unwrap();
    assert_eq!(profile.open_vault().fetch(&item).unwrap().unwrap().expose_str(), Some("s3cret"));
    assert!(Profile::empty().vault().begin_new_file(&new).is_err(), "there is none to set aside");
}

#[test]
fn who_knew_the_old_passphrase_and_has_the_old_key_file_cannot_open_what_comes_later() {
    let profile = Profile::with_file();
    let old_key_file = fs::read(profile.key_file()).unwrap();
    let vault = profile.open_vault();
    vault.change_passphrase(&passphrase(), &secret("staple staple staple")).unwrap();
    fs::write(profile.key_file(), old_key_file).unwrap();
    assert_eq!(profile.vault().open_file(&passphrase()).unwrap_err().code(), "secrets-file-damaged");
}

#[test]
fn a_kill_between_the_two_writes_of_a_change_leaves_a_pair_that_opens() {
    let profile = Profile::with_file();
    let vault = profile.open_vault();
    let item = item(ItemKind::HmacSecret);
    vault.keep(&item, "Token Desk: a", &secret("s3cret")).unwrap();
    let before = fs::read(profile.file()).unwrap();
    let new = secret("staple staple staple");
    vault.change_passphrase(&passphrase(), &new).unwrap();
    fs::write(profile.file(), before).unwrap();

    let restarted = profile.vault();
    restarted.open_file(&new).unwrap();
    assert_eq!(restarted.fetch(&item).unwrap().unwrap().expose_str(), Some("s3cret"));
    restarted.keep(&item, "Token Desk: a", &secret("later")).unwrap();
    let restarted = profile.vault();
    restarted.open_file(&new).unwrap();
    assert_eq!(restarted.fetch(&item).unwrap().unwrap().expose_str(), Some("later"));
}

#[test]
fn no_error_and_no_debug_text_has_a_secret_in_it() {
    let profile = Profile::with_file();
    let vault = profile.open_vault();
    let wrong = vault.open_file(&secret("canary-3d9a wrong")).unwrap_err();
    let shown = format!("{vault:?} {wrong} {wrong:?} {:?}", vault.move_to_keyring(uuid::Uuid::nil()));
    assert!(!shown.contains("canary") && !shown.contains(PASSPHRASE), "{shown}");
}
