//! A keyring that is away for a while: nothing is called lost for good that is only not there.

use std::collections::HashMap;
use std::time::Duration;

use desk::check::check;
use desk::creation::{Settled, revoke_for_renewal};
use desk::secrets::{SECRETS_FILE, Safe};
use desk::store::{Check, Outcome};
use desk::{Code, Desk, Destination, Labels, TokenType};
use practice::{ClockOffset, Fault};
use time::OffsetDateTime;
use vault::{Place, Secret};

use crate::support::{Keyring, code, create_during, draft, made_but_not_kept, make, open, resume};

fn passphrase() -> Secret {
    Secret::from("orbit lantern meadow".to_owned())
}

/// A desk that may also keep its secrets in a file.
fn open_with_file(data: &std::path::Path, keyring: &std::sync::Arc<Keyring>) -> Desk {
    let vault = keyring.vault().with_file(data.join(SECRETS_FILE)).with_work_factor(2);
    Desk::open(data, vault, Labels::default()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_are_in_a_keyring_that_is_away_are_not_left_behind() {
    let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
    let desk = open_with_file(dir.path(), &keyring);
    let draft = draft(TokenType::SystemGenerated, "Home bot");
    make(&desk, &draft).await;
    keyring.leave();
    assert_eq!(desk.keep_in_file(passphrase()).await.unwrap_err().code(), Code::KeysInKeyring);
    assert_eq!(desk.safe().place, Place::Keyring);

    keyring.come_back();
    assert!(desk.keep_in_file(passphrase()).await.unwrap() > 0);
    assert_eq!(check(&desk, draft.id).await.unwrap().outcome, Outcome::Works);
}

/// As for a person who only looked around before the keyring went away.
#[tokio::test(flavor = "multi_thread")]
async fn practice_state_without_tokens_keeps_nobody_from_the_file() {
    for away in [Keyring::leave, Keyring::lock] {
        let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
        let desk = open_with_file(dir.path(), &keyring);
        desk.practice().url().await.unwrap();
        desk.practice().stop().await;
        drop(desk);
        let kept = keyring.items();
        away(&keyring);
        let desk = open_with_file(dir.path(), &keyring);
        assert_eq!(desk.keep_in_file(passphrase()).await.unwrap(), 0);
        let draft = draft(TokenType::SystemGenerated, "Home bot");
        make(&desk, &draft).await;

        keyring.come_back();
        keyring.unlock();
        assert_eq!(keyring.items(), kept);
        assert!(desk.keep_in_keyring().await.unwrap() > 0);
        desk.practice().stop().await;
        drop(desk);
        let desk = open_with_file(dir.path(), &keyring);
        assert_eq!(check(&desk, draft.id).await.unwrap().outcome, Outcome::Works);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn practice_tokens_whose_key_is_in_a_keyring_that_is_away_are_not_left_behind() {
    let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
    let desk = open_with_file(dir.path(), &keyring);
    let made = make(&desk, &draft(TokenType::SystemGenerated, "Home bot")).await;
    // Known to the practice service alone.
    desk.forget(made.id).await.unwrap();
    desk.practice().stop().await;
    keyring.leave();
    assert_eq!(desk.keep_in_file(passphrase()).await.unwrap_err().code(), Code::KeysInKeyring);
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_of_a_lost_database_are_not_left_behind() {
    let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
    let desk = open_with_file(dir.path(), &keyring);
    make(&desk, &draft(TokenType::SystemGenerated, "Home bot")).await;
    desk.practice().stop().await;
    drop(desk);
    for name in ["desk.sqlite3", "desk.sqlite3-wal", "desk.sqlite3-shm"] {
        drop(std::fs::remove_file(dir.path().join(name)));
    }
    let desk = open_with_file(dir.path(), &keyring);
    assert!(desk.lost().is_some());
    desk.practice().url().await.unwrap();
    keyring.leave();
    assert_eq!(desk.keep_in_file(passphrase()).await.unwrap_err().code(), Code::KeysInKeyring);
    assert_eq!(desk.safe().place, Place::Keyring);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_keyring_that_has_our_keys_is_not_left_behind() {
    let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
    let desk = open_with_file(dir.path(), &keyring);
    let draft = draft(TokenType::SystemGenerated, "Home bot");
    make(&desk, &draft).await;
    keyring.lock();
    assert_eq!(desk.keep_in_file(passphrase()).await.unwrap_err().code(), Code::KeysInKeyring);
    assert_eq!(desk.safe().place, Place::Keyring);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_keyring_that_was_locked_from_the_start_is_left_for_the_file_and_kept_as_it_is() {
    let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
    let theirs = HashMap::from([("another-installation/hmac-secret/1".to_owned(), b"theirs".to_vec())]);
    keyring.put(theirs.clone());
    keyring.lock();
    let desk = open_with_file(dir.path(), &keyring);
    assert_eq!(desk.practice().url().await.unwrap_err().code(), Code::KeyringLocked);
    assert_eq!(desk.keep_in_file(passphrase()).await.unwrap(), 0);
    let draft = draft(TokenType::SystemGenerated, "Home bot");
    make(&desk, &draft).await;
    assert_eq!(check(&desk, draft.id).await.unwrap().outcome, Outcome::Works);

    keyring.unlock();
    assert_eq!(keyring.items(), theirs);
    assert!(desk.keep_in_keyring().await.unwrap() > 0);
    assert_eq!(check(&desk, draft.id).await.unwrap().outcome, Outcome::Works);
    assert_eq!(keyring.items()["another-installation/hmac-secret/1"], b"theirs");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_runs_takes_its_key_along_into_the_file() {
    let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
    let desk = open_with_file(dir.path(), &keyring);
    desk.practice().url().await.unwrap();
    keyring.leave();
    desk.keep_in_file(passphrase()).await.unwrap();
    desk.practice().stop().await;
    drop(desk);

    let desk = open_with_file(dir.path(), &keyring);
    desk.open_secrets_file(passphrase()).await.unwrap();
    assert!(desk.practice().url().await.is_ok());
}

/// There is no keyring to go back to, and the passphrase is forgotten.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_nobody_can_open_is_put_aside_and_tokens_can_be_made_again() {
    let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
    keyring.leave();
    let desk = open_with_file(dir.path(), &keyring);
    desk.keep_in_file(passphrase()).await.unwrap();
    let lost = draft(TokenType::SystemGenerated, "Home bot");
    make(&desk, &lost).await;
    let desk = crate::support::restart(desk, dir.path(), &keyring).await;
    drop(desk);

    let desk = open_with_file(dir.path(), &keyring);
    desk.begin_new_secrets_file(Secret::from("another passphrase".to_owned())).await.unwrap();
    assert_eq!(desk.practice().url().await.unwrap_err().code(), Code::PracticeKeyLost);
    desk.practice().start_over("1").await.unwrap();
    assert_eq!(check(&desk, lost.id).await.unwrap().code, "secret-gone");
    let made = draft(TokenType::SystemGenerated, "Other bot");
    make(&desk, &made).await;
    assert_eq!(check(&desk, made.id).await.unwrap().outcome, Outcome::Works);
}

#[tokio::test(flavor = "multi_thread")]
async fn copies_that_a_cut_off_move_left_in_the_keyring_are_forgotten_at_an_opening_of_the_file() {
    let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
    let desk = open_with_file(dir.path(), &keyring);
    let draft = draft(TokenType::SystemGenerated, "Home bot");
    make(&desk, &draft).await;
    let copies = keyring.items();
    assert!(desk.keep_in_file(passphrase()).await.unwrap() > 0);
    desk.practice().stop().await;
    drop(desk);
    // As if it had been killed before it forgot them, and the keyring is away at the next start.
    std::fs::write(dir.path().join("secrets.moving"), "").unwrap();
    keyring.put(copies);
    keyring.leave();
    let desk = open_with_file(dir.path(), &keyring);
    desk.open_secrets_file(passphrase()).await.unwrap();
    assert!(desk.safe().copies_in_keyring);
    desk.practice().stop().await;
    drop(desk);

    keyring.come_back();
    let desk = open_with_file(dir.path(), &keyring);
    desk.open_secrets_file(passphrase()).await.unwrap();
    let finished = async {
        while desk.safe().copies_in_keyring {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), finished).await.unwrap();
    assert!(keyring.items().is_empty());
    assert_eq!(check(&desk, draft.id).await.unwrap().outcome, Outcome::Works);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_keyring_that_keeps_its_copies_does_not_keep_the_place() {
    let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
    let desk = open_with_file(dir.path(), &keyring);
    desk.practice().url().await.unwrap();
    keyring.keep_all();
    assert!(desk.keep_in_file(passphrase()).await.unwrap() > 0);
    let Safe { place, is_open, copies_in_keyring } = desk.safe();
    assert_eq!((place, is_open, copies_in_keyring), (Place::File, true, true));
}

/// The keyring comes back within the day after a creation was settled without it.
#[tokio::test(flavor = "multi_thread")]
async fn a_secret_whose_key_comes_back_in_time_is_fetched_after_all() {
    let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
    let desk = open(dir.path(), &keyring);
    let (draft, _) = made_but_not_kept(&desk, &keyring).await;
    keyring.unlock();
    let key = keyring.take("idempotency-key");
    assert!(matches!(&resume(&desk).await[..], [Settled::SecretGone(_)]));
    keyring.put(key);
    assert!(matches!(&resume(&desk).await[..], [Settled::Made(_)]));
    assert_eq!(check(&desk, draft.id).await.unwrap().outcome, Outcome::Works);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replayed_token_without_its_private_key_is_not_called_made() {
    let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
    let desk = open(dir.path(), &keyring);
    let draft = draft(TokenType::SelfGenerated, "Home bot");
    create_during(&desk, Fault::Cut, &draft).await;
    keyring.lose("private-key");
    assert!(matches!(&resume(&desk).await[..], [Settled::SecretGone(_)]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_whose_secret_is_back_is_not_revoked() {
    let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
    let desk = open(dir.path(), &keyring);
    let draft = draft(TokenType::SystemGenerated, "Home bot");
    let id = draft.id;
    make(&desk, &draft).await;
    let gone = Check {
        outcome: Outcome::NotReached,
        code: "secret-gone".to_owned(),
        at: OffsetDateTime::UNIX_EPOCH,
        millis: 0,
    };
    desk.on_store(move |store| store.keep_check(id, &gone)).await.unwrap();
    desk.practice().set_clock_offset(ClockOffset::try_from(30).unwrap()).await.unwrap();

    let error = revoke_for_renewal(&desk, id, &code(&desk).await).await.unwrap_err();
    assert_eq!(error.code(), Code::SecretFound);
    assert_eq!(desk.endpoint(Destination::Practice).await.unwrap().list().await.unwrap().len(), 1);
    assert_eq!(desk.on_store(move |store| store.check(id)).await.unwrap(), None, "it is not said any longer");
}
