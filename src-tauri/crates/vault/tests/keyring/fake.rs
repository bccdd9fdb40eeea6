//! A Secret Service of our own that does what no real one can be made to: dismisses its prompt, never
//! answers it, or ends in the middle of a call.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use base64::Engine as _;
use vault::{Error, ItemKind, Secret, Vault};
use zbus::fdo;
use zbus::object_server::SignalEmitter;
use zbus::zvariant::{OwnedObjectPath, OwnedValue, Value};

use crate::session::{Home, in_private_session, item};

const SOON: Duration = Duration::from_secs(5);
const HASTY: Duration = Duration::from_millis(500);
const CANARY: &str = "canary-e5b1d7";
const FAKE: &str = "VAULT_TEST_FAKE";

#[test]
fn an_unlock_prompt_that_is_dismissed_leaves_the_keyring_locked() {
    in_private_session(|home| {
        in_front_of(home, "locked dismiss", |vault, item| {
            assert_eq!(keep(vault, item), Err(Error::Locked));
            assert_eq!(vault.fetch(item).unwrap_err(), Error::Locked);
            assert_eq!(vault.forget(item), Err(Error::Locked));
            assert_eq!(vault.items(item.installation), Err(Error::Locked));
        });
    });
}

#[test]
fn a_prompt_for_a_new_item_that_is_dismissed_keeps_nothing() {
    in_private_session(|home| {
        in_front_of(home, "empty dismiss", |vault, item| {
            assert_eq!(keep(vault, item), Err(Error::Locked));
        });
    });
}

#[test]
fn a_prompt_that_nobody_answers_times_out() {
    in_private_session(|home| {
        in_front_of(home, "locked wait", |vault, item| {
            let hasty = vault.clone().with_timeout(HASTY);
            assert_eq!(keep(&hasty, item), Err(Error::TimedOut));
            assert_eq!(hasty.fetch(item).unwrap_err(), Error::TimedOut);
            assert_eq!(hasty.items(item.installation), Err(Error::TimedOut));
        });
    });
}

#[test]
fn a_prompt_for_a_new_item_that_nobody_answers_times_out() {
    in_private_session(|home| {
        in_front_of(home, "empty garble", |vault, item| {
            assert_eq!(keep(&vault.clone().with_timeout(HASTY), item), Err(Error::TimedOut));
        });
    });
}

#[test]
fn a_service_that_ends_while_it_creates_an_item_is_an_error_in_words_and_then_missing() {
    in_private_session(|home| {
        in_front_of(home, "empty exit", |vault, item| {
            assert_ended(keep(vault, item));
            assert_eq!(keep(vault, item), Err(Error::Missing));
        });
    });
}

#[test]
fn a_service_that_ends_while_it_hands_out_a_secret_is_an_error_in_words_and_then_missing() {
    in_private_session(|home| {
        in_front_of(home, "found exit", |vault, item| {
            assert_ended(vault.fetch(item).map(drop));
            assert_eq!(vault.fetch(item).unwrap_err(), Error::Missing);
        });
    });
}

#[test]
fn a_service_that_ends_while_it_replaces_a_secret_is_an_error_in_words_and_then_missing() {
    in_private_session(|home| {
        in_front_of(home, "found exit", |vault, item| {
            assert_ended(keep(vault, item));
            assert_eq!(keep(vault, item), Err(Error::Missing));
        });
    });
}

#[test]
fn a_service_that_ends_behind_its_prompt_is_waited_for_no_longer_than_the_limit() {
    in_private_session(|home| {
        in_front_of(home, "locked exit", |vault, item| {
            let ended = vault.clone().with_timeout(HASTY).fetch(item).unwrap_err();
            assert!(matches!(ended, Error::TimedOut | Error::Failed { .. }), "{ended:?}");
            assert_eq!(vault.fetch(item).unwrap_err(), Error::Missing);
        });
    });
}

#[test]
fn a_service_that_hangs_while_it_hands_out_a_secret_times_out() {
    in_private_session(|home| {
        in_front_of(home, "found wait", |vault, item| {
            let hasty = vault.clone().with_timeout(HASTY);
            assert_eq!(hasty.fetch(item).unwrap_err(), Error::TimedOut);
            assert_eq!(keep(&hasty, item), Err(Error::TimedOut));
        });
    });
}

#[test]
fn a_service_that_answers_errors_only_has_failed() {
    in_private_session(|home| {
        in_front_of(home, "error", |vault, item| {
            for result in [keep(vault, item), vault.fetch(item).map(drop), vault.items(item.installation).map(drop)] {
                let Err(Error::Failed { detail }) = result else { panic!("{result:?}") };
                assert!(detail.contains("out of order"), "{detail}");
            }
        });
    });
}

#[test]
fn a_secret_in_another_encryption_than_agreed_has_failed_and_is_not_repeated_in_the_words() {
    in_private_session(|home| {
        in_front_of(home, "found garble", |vault, item| {
            assert_eq!(vault.fetch(item).unwrap_err().code(), "keyring-failed");
        });
    });
}

#[test]
fn under_another_keyring_what_the_first_one_keeps_is_absent_and_comes_back_with_it() {
    in_private_session(|home| {
        let bus = home.start_bus();
        let first = bus.start_keyring();
        let vault = Vault::system().with_timeout(SOON);
        let item = item(ItemKind::HmacSecret);
        assert_eq!(keep(&vault, &item), Ok(()));
        first.kill();

        let other = bus.start_other_keyring(&home.path().join("other"));
        assert!(vault.fetch(&item).unwrap().is_none());
        assert_eq!(vault.forget(&item), Ok(false));
        assert_eq!(vault.items(item.installation), Ok(Vec::new()));
        other.kill();

        let _first = bus.start_keyring();
        assert_eq!(vault.fetch(&item).unwrap().unwrap().expose_str(), Some(CANARY));
        assert_nothing_on_disk(home.path());
    });
}

/// Clear: it says what happened, and neither the words nor the bus have the secret.
fn assert_ended(result: Result<(), Error>) {
    let Err(Error::Failed { detail }) = result else { panic!("{result:?}") };
    assert_eq!(detail, "it ended while it was asked");
}

fn keep(vault: &Vault, item: &vault::Item) -> Result<(), Error> {
    vault.keep(item, "Token Desk: Home bot", &Secret::from(CANARY.to_owned()))
}

/// Runs `body` in front of a fake that behaves as told: what it says to a search, and what it does then.
fn in_front_of(home: &Home, behaviour: &str, body: impl Fn(&Vault, &vault::Item)) {
    if let Ok(behaviour) = std::env::var(FAKE) {
        serve(&behaviour);
    }
    let bus = home.start_bus();
    // This test once more, which then comes by here and serves.
    let mut fake = Command::new(std::env::current_exe().unwrap());
    let _fake = bus.start(fake.args(std::env::args_os().skip(1)).env(FAKE, behaviour));
    let start = Instant::now();
    body(&Vault::system().with_timeout(SOON), &item(ItemKind::HmacSecret));
    assert!(start.elapsed() < SOON, "{:?}", start.elapsed());
    assert_nothing_on_disk(home.path());
}

fn assert_nothing_on_disk(directory: &Path) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            assert_nothing_on_disk(&path);
        } else if path.is_file() {
            let content = fs::read(&path).unwrap();
            let hex: String = CANARY.bytes().map(|byte| format!("{byte:02x}")).collect();
            for form in [CANARY, &hex, &base64::engine::general_purpose::STANDARD_NO_PAD.encode(CANARY)] {
                let found = content.windows(form.len()).any(|window| window == form.as_bytes());
                assert!(!found, "{form} in {}", path.display());
            }
        }
    }
}

/// What the fake says to a search.
#[derive(Clone, Copy, PartialEq)]
enum Search {
    Empty,
    Error,
    Found,
    Locked,
}

/// What the fake does when it is asked for the decisive thing: its prompt, or an item's secret.
#[derive(Clone, Copy)]
enum Then {
    Dismiss,
    Exit,
    Garble,
    Wait,
}

impl Then {
    /// For the calls that neither a prompt nor a secret answers.
    fn act(self) {
        match self {
            Self::Exit => std::process::exit(1),
            Self::Wait => loop {
                std::thread::park();
            },
            Self::Dismiss | Self::Garble => {}
        }
    }
}

const SERVICE: &str = "/org/freedesktop/secrets";
const COLLECTION: &str = "/org/freedesktop/secrets/collection/login";
const ITEM: &str = "/org/freedesktop/secrets/collection/login/1";
const PROMPT: &str = "/org/freedesktop/secrets/prompt/1";
const NOTHING: &str = "/";

fn serve(behaviour: &str) -> ! {
    let (search, then) = behaviour.split_once(' ').unwrap_or((behaviour, "dismiss"));
    let search = match search {
        "empty" => Search::Empty,
        "error" => Search::Error,
        "found" => Search::Found,
        "locked" => Search::Locked,
        other => panic!("{other}"),
    };
    let then = match then {
        "dismiss" => Then::Dismiss,
        "exit" => Then::Exit,
        "garble" => Then::Garble,
        "wait" => Then::Wait,
        other => panic!("{other}"),
    };
    let _connection = zbus::blocking::connection::Builder::session()
        .unwrap()
        .serve_at(SERVICE, Service(search))
        .unwrap()
        .serve_at(COLLECTION, Collection(then))
        .unwrap()
        .serve_at(ITEM, Item(search, then))
        .unwrap()
        .serve_at(PROMPT, Prompt(then))
        .unwrap()
        .name("org.freedesktop.secrets")
        .unwrap()
        .build()
        .unwrap();
    loop {
        std::thread::park();
    }
}

fn path(path: &str) -> OwnedObjectPath {
    path.try_into().unwrap()
}

/// Session, parameters (the initialisation vector), value, content type.
type SecretStruct = (OwnedObjectPath, Vec<u8>, Vec<u8>, String);

struct Service(Search);

#[zbus::interface(name = "org.freedesktop.Secret.Service")]
impl Service {
    fn open_session(&self, _algorithm: &str, _input: Value<'_>) -> (OwnedValue, OwnedObjectPath) {
        // Any number is a public key.
        (Value::from(vec![2_u8; 128]).try_into().unwrap(), path("/org/freedesktop/secrets/session/1"))
    }

    fn search_items(
        &self,
        _attributes: HashMap<String, String>,
    ) -> fdo::Result<(Vec<OwnedObjectPath>, Vec<OwnedObjectPath>)> {
        match self.0 {
            Search::Empty => Ok((vec![], vec![])),
            Search::Error => Err(fdo::Error::Failed("out of order".to_owned())),
            Search::Found => Ok((vec![path(ITEM)], vec![])),
            Search::Locked => Ok((vec![], vec![path(ITEM)])),
        }
    }

    fn unlock(&self, _objects: Vec<OwnedObjectPath>) -> (Vec<OwnedObjectPath>, OwnedObjectPath) {
        (vec![], path(PROMPT))
    }

    fn read_alias(&self, _name: &str) -> OwnedObjectPath {
        path(COLLECTION)
    }
}

struct Collection(Then);

#[zbus::interface(name = "org.freedesktop.Secret.Collection")]
impl Collection {
    fn create_item(
        &self,
        _properties: HashMap<String, OwnedValue>,
        _secret: SecretStruct,
        _replace: bool,
    ) -> (OwnedObjectPath, OwnedObjectPath) {
        self.0.act();
        (path(NOTHING), path(PROMPT))
    }

    #[zbus(property)]
    fn locked(&self) -> bool {
        false
    }
}

struct Item(Search, Then);

#[zbus::interface(name = "org.freedesktop.Secret.Item")]
impl Item {
    fn get_secret(&self, session: OwnedObjectPath) -> SecretStruct {
        self.1.act();
        (session, vec![7; 16], vec![9; 32], "application/octet-stream".to_owned())
    }

    fn set_secret(&self, _secret: SecretStruct) {
        self.1.act();
    }

    #[zbus(property)]
    fn locked(&self) -> bool {
        self.0 == Search::Locked
    }
}

struct Prompt(Then);

#[zbus::interface(name = "org.freedesktop.Secret.Prompt")]
impl Prompt {
    async fn prompt(&self, _window: &str, #[zbus(signal_emitter)] emitter: SignalEmitter<'_>) -> fdo::Result<()> {
        match self.0 {
            Then::Dismiss => Self::completed(&emitter, true, Value::from("")).await?,
            Then::Exit => std::process::exit(1),
            // It is shown, and nobody comes.
            Then::Garble | Then::Wait => {}
        }
        Ok(())
    }

    #[zbus(signal)]
    async fn completed(emitter: &SignalEmitter<'_>, dismissed: bool, result: Value<'_>) -> zbus::Result<()>;
}
