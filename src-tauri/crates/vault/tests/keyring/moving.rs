//! Moving between a real GNOME Keyring and a file, and being killed meanwhile.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use uuid::Uuid;
use vault::{Error, Item, ItemKind, Listed, Place, Secret, Vault};

use crate::session::in_private_session;

const MOVER: &str = "VAULT_TEST_MOVER";
const ROUNDS: u32 = 12;
const ITEMS: u128 = 6;

#[test]
fn secrets_and_labels_move_between_a_real_keyring_and_the_file() {
    in_private_session(|home| {
        let bus = home.start_bus();
        let _keyring = bus.start_keyring();
        let vault = vault_in(home.path());
        let before = keep_all(&vault);
        assert_eq!(vault.move_to_file(INSTALLATION, &passphrase()), Ok(6));
        assert_eq!(Vault::system().items(INSTALLATION), Ok(Vec::new()));
        assert_eq!(vault.items(INSTALLATION), Ok(before.clone()));
        assert_eq!(vault.move_to_keyring(INSTALLATION), Ok(6));
        assert_eq!(Vault::system().items(INSTALLATION), Ok(before));
        assert_all(&Vault::system());
    });
}

#[test]
fn a_locked_keyring_is_neither_left_nor_moved_to() {
    in_private_session(|home| {
        let bus = home.start_bus();
        let keyring = bus.start_keyring();
        let vault = vault_in(home.path());
        keep_all(&vault);
        keyring.lock();
        assert_eq!(vault.move_to_file(INSTALLATION, &passphrase()), Err(Error::Locked));
        assert_eq!(vault.place(), Place::Keyring);
        assert!(!home.path().join("secrets.age").exists());

        let file = home.path().join("secrets.age");
        let without_keyring = Vault::over(|| Err(Error::Missing)).with_file(file).with_work_factor(2);
        without_keyring.begin_file(&passphrase()).unwrap();
        keep_all(&without_keyring);
        let vault = vault_in(home.path());
        vault.open_file(&passphrase()).unwrap();
        assert_eq!(vault.move_to_keyring(INSTALLATION), Err(Error::Locked));
        assert_all(&vault);
        assert_eq!(vault.place(), Place::File);
    });
}

#[test]
fn kills_while_everything_moves_to_and_fro_lose_nothing() {
    in_private_session(|home| {
        if std::env::var_os(MOVER).is_some() {
            return move_for_ever(home.path());
        }
        let bus = home.start_bus();
        let _keyring = bus.start_keyring();
        keep_all(&vault_in(home.path()));
        let (mut in_file, mut unfinished) = (0, 0);
        for round in 0..ROUNDS {
            let mut mover = Command::new(std::env::current_exe().unwrap())
                .args(["moving::kills_while_everything_moves_to_and_fro_lose_nothing", "--exact"])
                .env(MOVER, "")
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            // Not in step with the moves, of which each takes some hundred milliseconds.
            std::thread::sleep(Duration::from_millis(150 + u64::from(round) * 173 % 700));
            assert!(mover.try_wait().unwrap().is_none(), "the mover ended by itself");
            mover.kill().unwrap();
            mover.wait().unwrap();

            let vault = vault_in(home.path());
            if vault.place() == Place::File {
                in_file += 1;
                vault.open_file(&passphrase()).unwrap();
                unfinished += u32::from(vault.has_copies_in_keyring());
                vault.finish_move(INSTALLATION).unwrap();
                assert_eq!(Vault::system().items(INSTALLATION), Ok(Vec::new()));
            }
            assert_all(&vault);
        }
        // A move after all that works as any other.
        let vault = vault_in(home.path());
        vault.move_to_file(INSTALLATION, &passphrase()).unwrap();
        assert_eq!(Vault::system().items(INSTALLATION), Ok(Vec::new()));
        assert_all(&vault);
        vault.move_to_keyring(INSTALLATION).unwrap();
        assert_all(&Vault::system());
        assert!(0 < in_file && in_file < ROUNDS, "killed in one place only: {in_file}");
        assert!(unfinished > 0, "no copies were left to be forgotten");
    });
}

const INSTALLATION: Uuid = Uuid::from_u128(5);

fn move_for_ever(home: &Path) {
    let vault = vault_in(home);
    loop {
        vault.move_to_file(INSTALLATION, &passphrase()).unwrap();
        vault.move_to_keyring(INSTALLATION).unwrap();
    }
}

fn keep_all(vault: &Vault) -> Vec<Listed> {
    (0..ITEMS)
        .map(|id| {
            let label = format!("Token Desk: B\u{fc}ro {id}");
            vault.keep(&item(id), &label, &secret(id)).unwrap();
            Listed { item: item(id), label }
        })
        .collect()
}

fn assert_all(vault: &Vault) {
    for id in 0..ITEMS {
        let found = vault.fetch(&item(id)).unwrap().unwrap_or_else(|| panic!("{id} is lost"));
        assert_eq!(found.expose(), secret(id).expose());
    }
}

fn vault_in(home: &Path) -> Vault {
    Vault::for_person(home.join("secrets.age")).with_work_factor(2)
}

fn item(id: u128) -> Item {
    Item { installation: INSTALLATION, kind: ItemKind::PrivateKey, id: Uuid::from_u128(id) }
}

fn secret(id: u128) -> Secret {
    Secret::new(vec![0x80 | u8::try_from(id).unwrap(); 2_373])
}

fn passphrase() -> Secret {
    Secret::from("correct horse battery".to_owned())
}
