//! Keeping, fetching and forgetting in a real GNOME Keyring.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use crate::session::{in_private_session, item};
use secret_service::EncryptionType;
use secret_service::blocking::SecretService;
use vault::{Error, ItemKind, LIMIT, SERVICE, Secret, Vault};

/// The size of an RSA-4096 private key as PKCS#8 DER.
const RSA_4096: usize = 2_373;

#[test]
fn what_is_kept_is_fetched_until_it_is_forgotten() {
    in_private_session(|home| {
        let bus = home.start_bus();
        let _keyring = bus.start_keyring();
        let vault = Vault::system();
        let item = item(ItemKind::HmacSecret);

        assert!(vault.fetch(&item).unwrap().is_none());
        assert!(!vault.forget(&item).unwrap());
        vault.keep(&item, "Token Desk: Home bot", &Secret::from("s3cret".to_owned())).unwrap();
        let found = vault.clone().fetch(&item).unwrap().unwrap();
        assert_eq!(found.expose_str(), Some("s3cret"));
        assert!(vault.forget(&item).unwrap());
        assert!(vault.fetch(&item).unwrap().is_none());
        assert!(!vault.forget(&item).unwrap());
    });
}

#[test]
fn raw_bytes_of_every_size_up_to_the_limit_come_back_whole() {
    in_private_session(|home| {
        let bus = home.start_bus();
        let _keyring = bus.start_keyring();
        let vault = Vault::system();
        for size in [0, 1, 15, 16, 17, 256, RSA_4096, LIMIT - 1, LIMIT] {
            let item = item(ItemKind::PrivateKey);
            let bytes = raw_bytes(size);
            vault.keep(&item, "Token Desk: key", &Secret::new(bytes.clone())).unwrap();
            let found = vault.fetch(&item).unwrap().unwrap();
            assert_eq!(found.expose(), bytes, "{size} bytes");
        }
    });
}

#[test]
fn one_byte_above_the_limit_is_refused_before_the_keyring_is_asked() {
    in_private_session(|_| {
        let refused =
            Vault::system().keep(&item(ItemKind::PrivateKey), "Token Desk: key", &Secret::new(raw_bytes(2_561)));
        // There is no keyring here: asking it would have been `Missing`.
        assert_eq!(refused, Err(Error::TooLarge { bytes: 2_561, limit: 2_560 }));
    });
}

#[test]
fn keeping_again_replaces_the_secret_and_the_label() {
    in_private_session(|home| {
        let bus = home.start_bus();
        let _keyring = bus.start_keyring();
        let vault = Vault::system();
        let item = item(ItemKind::HmacSecret);
        let keep = |label: &str, secret: &str| {
            vault.keep(&item, label, &Secret::from(secret.to_owned())).unwrap();
        };
        keep("Token Desk: Home bot", "first");
        assert_eq!(labels(&item.to_string()), ["Token Desk: Home bot"]);
        keep("Token Desk: Büro \u{1f916}", "second, and longer");
        assert_eq!(labels(&item.to_string()), ["Token Desk: Büro \u{1f916}"]);
        let found = vault.fetch(&item).unwrap().unwrap();
        assert_eq!(found.expose_str(), Some("second, and longer"));
        keep("", "third");
        assert_eq!(labels(&item.to_string()), ["Token Desk"]);
    });
}

#[test]
fn items_of_other_installations_kinds_and_ids_do_not_meet() {
    in_private_session(|home| {
        let bus = home.start_bus();
        let _keyring = bus.start_keyring();
        let vault = Vault::system();
        let first = item(ItemKind::HmacSecret);
        let other = item(ItemKind::PracticeStateKey);
        let neighbours = [
            vault::Item { installation: other.installation, ..first },
            vault::Item { kind: other.kind, ..first },
            vault::Item { id: other.id, ..first },
        ];
        vault.keep(&first, "Token Desk: a", &Secret::from("first".to_owned())).unwrap();
        for neighbour in neighbours {
            assert!(vault.fetch(&neighbour).unwrap().is_none());
            assert!(!vault.forget(&neighbour).unwrap());
        }
        assert!(vault.fetch(&first).unwrap().is_some());
    });
}

#[test]
fn the_keyring_crate_reads_what_the_vault_writes_and_the_reverse() {
    in_private_session(|home| {
        let bus = home.start_bus();
        let _keyring = bus.start_keyring();
        let vault = Vault::system();
        let item = item(ItemKind::PrivateKey);
        let entry = keyring::Entry::new(SERVICE, &item.to_string()).unwrap();

        let ours = raw_bytes(RSA_4096);
        vault.keep(&item, "Token Desk: key", &Secret::new(ours.clone())).unwrap();
        assert_eq!(entry.get_secret().unwrap(), ours);

        let theirs = raw_bytes(LIMIT);
        entry.set_secret(&theirs).unwrap();
        assert_eq!(vault.fetch(&item).unwrap().unwrap().expose(), theirs);

        entry.delete_credential().unwrap();
        assert!(vault.fetch(&item).unwrap().is_none());
    });
}

#[test]
fn a_kept_secret_lies_on_disk_nowhere_in_plain() {
    in_private_session(|home| {
        let bus = home.start_bus();
        let _keyring = bus.start_keyring();
        let item = item(ItemKind::HmacSecret);
        let canary = "canary-b7c1e40f";
        Vault::system().keep(&item, "Token Desk: canary", &Secret::from(canary.to_owned())).unwrap();
        let stored = files_below(&home.path().join(".local"));
        assert!(!stored.is_empty());
        for (name, content) in stored {
            let found = content.windows(canary.len()).any(|window| window == canary.as_bytes());
            assert!(!found, "in plain in {name}");
        }
    });
}

#[test]
fn many_threads_share_one_vault() {
    in_private_session(|home| {
        let bus = home.start_bus();
        let _keyring = bus.start_keyring();
        let vault = Vault::system();
        std::thread::scope(|scope| {
            for number in 0..8_u8 {
                let vault = &vault;
                scope.spawn(move || {
                    let item = item(ItemKind::IdempotencyKey);
                    let secret = Secret::new(vec![number; 36]);
                    vault.keep(&item, "Token Desk: thread", &secret).unwrap();
                    let found = vault.fetch(&item).unwrap().unwrap();
                    assert_eq!(found.expose(), secret.expose());
                });
            }
        });
    });
}

#[test]
fn it_works_inside_an_async_runtime() {
    in_private_session(|home| {
        let bus = home.start_bus();
        let _keyring = bus.start_keyring();
        let vault = Vault::system();
        let item = item(ItemKind::HmacSecret);
        let secret = || Secret::from("async".to_owned());
        let runtime = tokio::runtime::Builder::new_multi_thread().build().unwrap();
        runtime.block_on(async {
            let kept = {
                let vault = vault.clone();
                tokio::task::spawn_blocking(move || vault.keep(&item, "Token Desk: a", &secret()))
            };
            kept.await.unwrap().unwrap();
            // Blocks a thread of the runtime, which a caller should not do, but must not panic.
            let found = vault.fetch(&item).unwrap().unwrap();
            assert_eq!(found.expose_str(), Some("async"));
        });
    });
}

/// Not text in any encoding.
fn raw_bytes(size: usize) -> Vec<u8> {
    (0..size).map(|index| u8::try_from(index * 31 % 256).unwrap() ^ 0xa5).collect()
}

/// What a keyring program shows for the items of this user name.
fn labels(user: &str) -> Vec<String> {
    let service = SecretService::connect(EncryptionType::Dh).unwrap();
    let found = service.search_items(HashMap::from([("service", SERVICE), ("username", user)])).unwrap();
    found.unlocked.iter().map(|item| item.get_label().unwrap()).collect()
}

fn files_below(directory: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else {
            files.push((path.display().to_string(), fs::read(&path).unwrap()));
        }
    }
    files
}
