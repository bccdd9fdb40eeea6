//! Listing what a real GNOME Keyring keeps for an installation.

use std::collections::HashMap;

use secret_service::EncryptionType;
use secret_service::blocking::SecretService;
use uuid::Uuid;
use vault::{Error, Item, ItemKind, Listed, SERVICE, Secret, Vault};

use crate::session::in_private_session;

#[test]
fn what_is_kept_is_listed_with_its_label_until_it_is_forgotten() {
    in_private_session(|home| {
        let bus = home.start_bus();
        let _keyring = bus.start_keyring();
        let vault = Vault::system();
        let installation = Uuid::new_v4();
        assert_eq!(vault.items(installation), Ok(Vec::new()));

        let kinds = [
            ItemKind::TokenRecord,
            ItemKind::PrivateKey,
            ItemKind::HmacSecret,
            ItemKind::PracticeStateKey,
            ItemKind::IdempotencyKey,
        ];
        let mut expected = Vec::new();
        for (number, kind) in kinds.into_iter().enumerate() {
            let item = Item { installation, kind, id: Uuid::new_v4() };
            let label = format!("Token Desk: B\u{fc}ro {number}");
            vault.keep(&item, &label, &secret()).unwrap();
            expected.push(Listed { item, label });
        }
        expected.sort_by_key(|listed| listed.item);
        assert_eq!(vault.items(installation), Ok(expected.clone()));

        let gone = expected.remove(2);
        assert!(vault.forget(&gone.item).unwrap());
        assert_eq!(vault.items(installation), Ok(expected));
    });
}

#[test]
fn other_installations_and_names_that_nobody_here_knows_are_left_out() {
    in_private_session(|home| {
        let bus = home.start_bus();
        let _keyring = bus.start_keyring();
        let vault = Vault::system();
        let ours = crate::session::item(ItemKind::HmacSecret);
        let theirs = crate::session::item(ItemKind::HmacSecret);
        vault.keep(&ours, "Token Desk: ours", &secret()).unwrap();
        vault.keep(&theirs, "Token Desk: theirs", &secret()).unwrap();

        let installation = ours.installation.to_string();
        let later_version = format!("{installation}/kind-of-tomorrow/{}", ours.id);
        for (service, user) in [
            (SERVICE, later_version.as_str()),
            (SERVICE, installation.as_str()),
            (SERVICE, ""),
            // Another program's, with our user name.
            ("Token Desk Pro", &ours.to_string()),
        ] {
            foreign(HashMap::from([("service", service), ("username", user)]));
        }
        foreign(HashMap::from([("service", SERVICE)]));

        let listed = vault.items(ours.installation).unwrap();
        assert_eq!(listed, [Listed { item: ours, label: "Token Desk: ours".to_owned() }]);
    });
}

#[test]
fn a_locked_keyring_lists_nothing_and_says_so() {
    in_private_session(|home| {
        let bus = home.start_bus();
        let keyring = bus.start_keyring();
        let vault = Vault::system();
        let item = crate::session::item(ItemKind::HmacSecret);
        vault.keep(&item, "Token Desk: a", &secret()).unwrap();
        keyring.lock();
        assert_eq!(vault.items(item.installation), Err(Error::Locked));
    });
}

#[test]
fn without_a_keyring_nothing_is_listed_and_it_is_said_to_be_missing() {
    in_private_session(|_| {
        assert_eq!(Vault::system().items(Uuid::new_v4()), Err(Error::Missing));
    });
}

fn secret() -> Secret {
    Secret::from("s3cret".to_owned())
}

fn foreign(attributes: HashMap<&str, &str>) {
    let service = SecretService::connect(EncryptionType::Dh).unwrap();
    let collection = service.get_default_collection().unwrap();
    collection.create_item("Somebody else's", attributes, b"theirs", false, "text/plain").unwrap();
}
