//! What a vault says when the keyring is missing, locked, frozen, killed or somebody else.

use std::time::{Duration, Instant};

use crate::session::{in_private_session, in_private_session_at, item};
use vault::{Error, ItemKind, Secret, Vault};

const SOON: Duration = Duration::from_secs(5);

#[test]
fn without_a_bus_the_keyring_is_missing_at_once() {
    in_private_session(|_| {
        let vault = Vault::system();
        let item = item(ItemKind::HmacSecret);
        let start = Instant::now();
        assert_eq!(vault.fetch(&item).unwrap_err(), Error::Missing);
        assert_eq!(vault.forget(&item), Err(Error::Missing));
        assert_eq!(keep(&vault, &item), Err(Error::Missing));
        assert!(start.elapsed() < SOON);
    });
}

#[test]
fn a_bus_without_a_secret_service_is_missing_too() {
    in_private_session(|home| {
        let _bus = home.start_bus();
        let item = item(ItemKind::HmacSecret);
        assert_eq!(keep(&Vault::system(), &item), Err(Error::Missing));
    });
}

#[test]
fn a_keyring_without_a_default_collection_is_missing_too() {
    in_private_session(|home| {
        let bus = home.start_bus();
        let _keyring = bus.start_locked_keyring();
        let item = item(ItemKind::HmacSecret);
        assert_eq!(keep(&Vault::system(), &item), Err(Error::Missing));
    });
}

#[test]
fn a_bus_and_a_keyring_that_come_later_are_found_by_the_same_vault() {
    in_private_session(|home| {
        let vault = Vault::system();
        let item = item(ItemKind::HmacSecret);
        assert_eq!(keep(&vault, &item), Err(Error::Missing));
        let bus = home.start_bus();
        assert_eq!(keep(&vault, &item), Err(Error::Missing));
        let _keyring = bus.start_keyring();
        assert_eq!(keep(&vault, &item), Ok(()));
        assert!(vault.fetch(&item).unwrap().is_some());
    });
}

#[test]
fn a_locked_keyring_that_nobody_can_open_is_said_to_be_locked() {
    in_private_session(|home| {
        let bus = home.start_bus();
        let keyring = bus.start_keyring();
        let vault = Vault::system();
        let kept = item(ItemKind::HmacSecret);
        assert_eq!(keep(&vault, &kept), Ok(()));
        keyring.lock();

        let start = Instant::now();
        assert_eq!(vault.fetch(&kept).unwrap_err(), Error::Locked);
        assert_eq!(vault.forget(&kept), Err(Error::Locked));
        assert_eq!(keep(&vault, &kept), Err(Error::Locked));
        let new = item(ItemKind::PrivateKey);
        assert_eq!(keep(&vault, &new), Err(Error::Locked));
        assert_eq!(keep(&Vault::system(), &new), Err(Error::Locked));
        assert!(start.elapsed() < SOON);
    });
}

#[test]
fn a_keyring_killed_and_started_again_is_used_by_the_same_vault() {
    in_private_session(|home| {
        let bus = home.start_bus();
        let keyring = bus.start_keyring();
        let vault = Vault::system();
        let item = item(ItemKind::HmacSecret);
        assert_eq!(keep(&vault, &item), Ok(()));

        keyring.kill();
        assert_eq!(vault.fetch(&item).unwrap_err(), Error::Missing);
        let _keyring = bus.start_keyring();
        let found = vault.fetch(&item).unwrap().unwrap();
        assert_eq!(found.expose_str(), Some("s3cret"));
    });
}

#[test]
fn a_keyring_replaced_between_two_calls_is_not_noticed() {
    in_private_session(|home| {
        let bus = home.start_bus();
        let keyring = bus.start_keyring();
        let vault = Vault::system();
        let item = item(ItemKind::HmacSecret);
        assert_eq!(keep(&vault, &item), Ok(()));
        keyring.kill();
        // The new one does not know the encrypted session of the old one.
        let _keyring = bus.start_keyring();
        assert_eq!(keep(&vault, &item), Ok(()));
    });
}

#[test]
fn a_bus_that_dies_is_missing_and_its_successor_is_found() {
    in_private_session(|home| {
        let bus = home.start_bus();
        let keyring = bus.start_keyring();
        let vault = Vault::system();
        let item = item(ItemKind::HmacSecret);
        assert_eq!(keep(&vault, &item), Ok(()));

        bus.kill();
        assert_eq!(vault.fetch(&item).unwrap_err(), Error::Missing);
        drop(keyring);
        std::fs::remove_file(home.path().join("bus")).unwrap();
        let bus = home.start_bus();
        let _keyring = bus.start_keyring();
        assert!(vault.fetch(&item).unwrap().is_some());
    });
}

#[test]
fn a_keyring_that_does_not_answer_times_out_and_later_works_again() {
    in_private_session(|home| {
        let bus = home.start_bus();
        let keyring = bus.start_keyring();
        let patient = Vault::system();
        let hasty = patient.clone().with_timeout(Duration::from_millis(200));
        let item = item(ItemKind::HmacSecret);
        assert_eq!(keep(&patient, &item), Ok(()));

        keyring.freeze();
        assert_eq!(hasty.fetch(&item).unwrap_err(), Error::TimedOut);
        // Another item: what timed out may still be carried out after the thaw.
        let other = crate::session::item(ItemKind::HmacSecret);
        assert_eq!(hasty.forget(&other), Err(Error::TimedOut));
        // A new vault hangs while it connects.
        let new = Vault::system().with_timeout(Duration::from_millis(200));
        assert_eq!(keep(&new, &item), Err(Error::TimedOut));
        keyring.thaw();
        assert_eq!(keep(&patient, &item), Ok(()));
    });
}

#[test]
fn every_secret_that_was_said_to_be_kept_survives_a_kill_in_the_middle() {
    in_private_session(|home| {
        let bus = home.start_bus();
        let keyring = bus.start_keyring();
        let vault = Vault::system();
        let mut kept = Vec::new();
        std::thread::scope(|scope| {
            let (progress, seen) = std::sync::mpsc::channel();
            let writer = scope.spawn({
                let vault = vault.clone();
                move || {
                    let mut kept = Vec::new();
                    loop {
                        let item = item(ItemKind::PrivateKey);
                        match vault.keep(&item, "Token Desk: key", &large()) {
                            Ok(()) => kept.push(item),
                            Err(error) => return (kept, error),
                        }
                        // Nobody listens after the fifth.
                        let _ = progress.send(());
                    }
                }
            });
            for _ in 0..5 {
                seen.recv().unwrap();
            }
            keyring.kill();
            let (items, error) = writer.join().unwrap();
            assert_eq!(error, Error::Missing);
            kept.extend(items);
        });
        assert!(kept.len() >= 5);
        let _keyring = bus.start_keyring();
        for item in kept {
            let found = vault.fetch(&item).unwrap().unwrap();
            assert_eq!(found.expose(), large().expose());
        }
    });
}

#[test]
fn somebody_else_under_the_keyrings_name_is_a_typed_error() {
    in_private_session(|home| {
        let _bus = home.start_bus();
        let impostor = zbus::blocking::connection::Builder::session()
            .unwrap()
            .serve_at("/org/freedesktop/secrets", Impostor)
            .unwrap()
            .name("org.freedesktop.secrets")
            .unwrap()
            .build()
            .unwrap();
        let vault = Vault::system().with_timeout(SOON);
        let item = item(ItemKind::HmacSecret);
        assert_eq!(keep(&vault, &item), Err(Error::Missing));
        impostor.close().unwrap();
    });
}

#[test]
fn an_address_that_is_none_is_missing() {
    for address in ["disabled:", "unix:path=/nonexistent/bus", "nonsense", ""] {
        in_private_session_at(Some(address), |_| {
            let item = item(ItemKind::HmacSecret);
            assert_eq!(keep(&Vault::system(), &item), Err(Error::Missing));
        });
    }
}

#[test]
fn without_an_address_the_bus_of_the_runtime_directory_is_used() {
    in_private_session_at(None, |home| {
        let vault = Vault::system();
        let item = item(ItemKind::HmacSecret);
        assert_eq!(keep(&vault, &item), Err(Error::Missing));
        let bus = home.start_bus();
        std::os::unix::fs::symlink(home.path().join("bus"), home.runtime().join("bus")).unwrap();
        let _keyring = bus.start_keyring();
        assert_eq!(keep(&vault, &item), Ok(()));
    });
}

struct Impostor;

#[zbus::interface(name = "org.example.Impostor")]
impl Impostor {}

fn keep(vault: &Vault, item: &vault::Item) -> Result<(), Error> {
    vault.keep(item, "Token Desk: Home bot", &Secret::from("s3cret".to_owned()))
}

fn large() -> Secret {
    Secret::new(vec![0xf7; 2_373])
}
