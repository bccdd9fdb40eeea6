//! A database is lost, and what the keyring and the service know of its tokens comes back.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use desk::check::check;
use desk::recovery::{Rebuilt, give_up, keep_missing_records, rebuild};
use desk::{Code, Desk, KnownToken, TokenType};
use practice::{Config, Practice};
use uuid::Uuid;

use crate::support::{Keyring, create, draft, made_but_not_kept, make, open, spent_code, state_key, wrong_code};

/// Ends the app and spoils its database, and starts it again.
pub(crate) async fn lose_database(desk: Desk, data: &Path, keyring: &Arc<Keyring>) -> Desk {
    desk.practice().stop().await;
    drop(desk);
    for suffix in ["-wal", "-shm"] {
        let _ = fs::remove_file(data.join(format!("desk.sqlite3{suffix}")));
    }
    fs::write(data.join("desk.sqlite3"), "only words that lie here").unwrap();
    let desk = open(data, keyring);
    assert!(desk.lost().is_some());
    assert!(tokens(&desk).await.is_empty());
    desk
}

async fn tokens(desk: &Desk) -> Vec<KnownToken> {
    desk.on_store(|store| store.tokens()).await.unwrap()
}

async fn check_code(desk: &Desk, id: Uuid) -> String {
    check(desk, id).await.unwrap().code
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_come_back_from_their_records_and_work() {
    for token_type in [TokenType::SelfGenerated, TokenType::SystemGenerated] {
        let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
        let desk = open(dir.path(), &keyring);
        let made = make(&desk, &draft(token_type, "Home bot")).await;
        let desk = lose_database(desk, dir.path(), &keyring).await;
        let before = keyring.items();

        let rebuilt = rebuild(&desk).await.unwrap();
        assert_eq!(rebuilt, Rebuilt { tokens: vec![made.clone()], ..Rebuilt::default() });
        assert_eq!(tokens(&desk).await, std::slice::from_ref(&made), "with its label");
        assert_eq!(check_code(&desk, made.id).await, "ok");
        assert_eq!(keyring.items(), before, "nothing came or went");

        assert!(desk.lost().is_none());
        assert_eq!(rebuild(&desk).await.unwrap(), Rebuilt::default(), "done once");
        desk.practice().stop().await;
        drop(desk);
        assert!(open(dir.path(), &keyring).lost().is_none());
        let aside = |entry: &fs::DirEntry| entry.file_name().to_string_lossy().contains(".damaged-");
        let aside = fs::read_dir(dir.path()).unwrap().map(Result::unwrap).find(aside).unwrap();
        assert_eq!(fs::read(aside.path()).unwrap(), b"only words that lie here");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_has_gone_is_rebuilt_like_a_damaged_one() {
    let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
    let desk = open(dir.path(), &keyring);
    let made = make(&desk, &draft(TokenType::SystemGenerated, "Home bot")).await;
    desk.practice().stop().await;
    drop(desk);
    fs::remove_file(dir.path().join("desk.sqlite3")).unwrap();
    let desk = open(dir.path(), &keyring);
    assert_eq!(rebuild(&desk).await.unwrap().tokens, [made]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_whose_secret_is_gone_too_is_shown_as_such() {
    for (token_type, kind) in [(TokenType::SelfGenerated, "private-key"), (TokenType::SystemGenerated, "hmac-secret")] {
        let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
        let desk = open(dir.path(), &keyring);
        let made = make(&desk, &draft(token_type, "Home bot")).await;
        keyring.lose(kind);
        let desk = lose_database(desk, dir.path(), &keyring).await;
        let rebuilt = rebuild(&desk).await.unwrap();
        assert_eq!(rebuilt, Rebuilt { without_secret: vec![made.clone()], ..Rebuilt::default() });
        let kept = desk.on_store(move |store| store.check(made.id)).await.unwrap().unwrap();
        assert_eq!(kept.code, Code::SecretGone.as_str());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_that_only_the_service_has_is_fetched_with_the_key_that_opens_its_answer() {
    let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
    let desk = open(dir.path(), &keyring);
    let (_, made) = made_but_not_kept(&desk, &keyring).await;
    keyring.unlock();
    let desk = lose_database(desk, dir.path(), &keyring).await;
    let rebuilt = rebuild(&desk).await.unwrap();
    assert_eq!(rebuilt.tokens.len(), 1);
    assert_eq!(rebuilt.tokens[0].api_key, made.token.api_key);
    assert_eq!(check_code(&desk, made.token.id).await, "ok");
    assert!(keyring.kinds().contains("token-record"), "should this database be lost too");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_self_generated_token_that_was_made_but_not_recorded_is_found_by_its_fingerprint() {
    let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
    let desk = open(dir.path(), &keyring);
    // As after a kill between the answer and the record: the key to the answer is still there.
    keyring.keep_all();
    let made = make(&desk, &draft(TokenType::SelfGenerated, "Home bot")).await;
    keyring.lose("token-record");
    let desk = lose_database(desk, dir.path(), &keyring).await;
    let rebuilt = rebuild(&desk).await.unwrap();
    assert_eq!(rebuilt.tokens.len(), 1);
    assert_eq!(rebuilt.tokens[0].token_type, TokenType::SelfGenerated);
    assert_eq!(check_code(&desk, made.id).await, "ok");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_creation_that_made_no_token_is_counted_and_its_keys_go() {
    let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
    let desk = open(dir.path(), &keyring);
    let wrong = wrong_code(&desk).await;
    // As after a kill before the service's answer was seen.
    keyring.keep_all();
    for token_type in [TokenType::SelfGenerated, TokenType::SystemGenerated] {
        let draft = draft(token_type, "Home bot");
        create(&desk, &draft, &wrong).await.unwrap_err();
    }
    assert_eq!(keyring.items().len(), 4, "a private key, two idempotency keys, and the service's own");
    let desk = lose_database(desk, dir.path(), &keyring).await;
    keyring.forget_again();
    assert_eq!(rebuild(&desk).await.unwrap(), Rebuilt { not_made: 2, ..Rebuilt::default() });
    assert_eq!(keyring.kinds(), ["practice-state-key".to_owned()].into());
    assert!(desk.lost().is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_the_keyring_does_not_let_go_are_named() {
    let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
    let desk = open(dir.path(), &keyring);
    let wrong = wrong_code(&desk).await;
    keyring.keep_all();
    create(&desk, &draft(TokenType::SystemGenerated, "Home bot"), &wrong).await.unwrap_err();
    let desk = lose_database(desk, dir.path(), &keyring).await;
    let rebuilt = rebuild(&desk).await.unwrap();
    assert_eq!((rebuilt.not_made, rebuilt.unmatched.len()), (1, 1));
}

/// Nobody can ask the service about it, so nobody can say that no token came of it.
#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_cannot_be_read_is_not_taken_for_a_creation_that_made_no_token() {
    let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
    let desk = open(dir.path(), &keyring);
    keyring.keep_all();
    make(&desk, &draft(TokenType::SelfGenerated, "Home bot")).await;
    keyring.lose("token-record");
    let spoilt = keyring.take("idempotency-key").into_keys().map(|name| (name, b"?".to_vec())).collect();
    keyring.put(spoilt);
    keyring.forget_again();
    let desk = lose_database(desk, dir.path(), &keyring).await;
    let before = keyring.items();
    let rebuilt = rebuild(&desk).await.unwrap();
    assert_eq!((rebuilt.not_made, rebuilt.unmatched.len()), (0, 1));
    assert_eq!(keyring.items(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_keyring_puts_the_rebuilding_off() {
    let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
    let desk = open(dir.path(), &keyring);
    let made = make(&desk, &draft(TokenType::SystemGenerated, "Home bot")).await;
    let desk = lose_database(desk, dir.path(), &keyring).await;
    keyring.lock();
    assert_eq!(rebuild(&desk).await.unwrap_err().code(), Code::KeyringLocked);
    drop(desk);
    let desk = open(dir.path(), &keyring);
    assert!(desk.lost().unwrap().set_aside.is_some(), "remembered over a restart");
    keyring.unlock();
    assert_eq!(rebuild(&desk).await.unwrap().tokens, [made]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_cannot_be_asked_leaves_the_rebuilding_unfinished_until_the_person_gives_up() {
    let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
    let desk = open(dir.path(), &keyring);
    let made = make(&desk, &draft(TokenType::SystemGenerated, "First")).await;
    keyring.keep_all();
    create(&desk, &draft(TokenType::SystemGenerated, "Second"), &spent_code()).await.unwrap_err();
    let desk = lose_database(desk, dir.path(), &keyring).await;
    let _has_it = Practice::start(Config::new(dir.path().join("practice"), state_key(&keyring))).await.unwrap();
    let rebuilt = rebuild(&desk).await.unwrap();
    assert_eq!((rebuilt.tokens.as_slice(), rebuilt.unfinished), (&[made][..], 1));
    assert!(desk.lost().is_some());
    give_up(&desk).await.unwrap();
    assert!(desk.lost().is_none());
    drop(desk);
    assert!(open(dir.path(), &keyring).lost().is_none());
}

/// To try again in a moment would be no use.
#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_can_never_be_asked_again_is_said_and_started_over() {
    let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
    let desk = open(dir.path(), &keyring);
    let made = make(&desk, &draft(TokenType::SystemGenerated, "First")).await;
    keyring.keep_all();
    create(&desk, &draft(TokenType::SystemGenerated, "Second"), &spent_code()).await.unwrap_err();
    keyring.forget_again();
    keyring.lose("practice-state-key");
    let desk = lose_database(desk, dir.path(), &keyring).await;
    assert_eq!(rebuild(&desk).await.unwrap_err().code(), Code::PracticeKeyLost);
    desk.practice().start_over("1").await.unwrap();
    let rebuilt = rebuild(&desk).await.unwrap();
    assert_eq!((rebuilt.tokens.as_slice(), rebuilt.unfinished, rebuilt.not_made), (&[made][..], 0, 1));
    assert!(desk.lost().is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_installations_name_no_item_is_taken_for_ours() {
    let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
    let desk = open(dir.path(), &keyring);
    make(&desk, &draft(TokenType::SystemGenerated, "Home bot")).await;
    fs::remove_file(dir.path().join("installation")).unwrap();
    let desk = lose_database(desk, dir.path(), &keyring).await;
    assert_eq!(rebuild(&desk).await.unwrap(), Rebuilt { installation_lost: true, ..Rebuilt::default() });
    assert!(desk.lost().is_none(), "said, and there is nothing more to be done");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_token_stays_forgotten() {
    let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
    let desk = open(dir.path(), &keyring);
    let made = make(&desk, &draft(TokenType::SelfGenerated, "Home bot")).await;
    desk.forget(made.id).await.unwrap();
    assert_eq!(keyring.kinds(), ["practice-state-key".to_owned()].into());
    let desk = lose_database(desk, dir.path(), &keyring).await;
    assert_eq!(rebuild(&desk).await.unwrap(), Rebuilt::default());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_is_missing_is_kept_later_and_until_then_its_secret_is_named() {
    let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
    let desk = open(dir.path(), &keyring);
    make(&desk, &draft(TokenType::SystemGenerated, "Home bot")).await;
    let all = keyring.items();
    keyring.lose("token-record");
    assert_eq!(keep_missing_records(&desk).await.unwrap(), 1);
    assert_eq!(keyring.items(), all);
    assert_eq!(keep_missing_records(&desk).await.unwrap(), 0);

    keyring.lose("token-record");
    let desk = lose_database(desk, dir.path(), &keyring).await;
    let rebuilt = rebuild(&desk).await.unwrap();
    assert_eq!((rebuilt.tokens.as_slice(), rebuilt.unmatched.len()), (&[][..], 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_too_long_for_its_record_comes_back_from_the_service() {
    let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
    let desk = open(dir.path(), &keyring);
    let mut long = draft(TokenType::SystemGenerated, "Home bot");
    long.trusted_ips = (0..254).map(|last| format!("203.0.113.{last}\n")).collect();
    let made = make(&desk, &long).await;
    assert_eq!(made.trusted_ips.len(), 254);
    let desk = lose_database(desk, dir.path(), &keyring).await;
    let rebuilt = rebuild(&desk).await.unwrap();
    assert_eq!(rebuilt, Rebuilt { tokens: vec![made], ..Rebuilt::default() });

    keyring.lose("practice-state-key");
    let desk = lose_database(desk, dir.path(), &keyring).await;
    let rebuilt = rebuild(&desk).await.unwrap();
    assert_eq!(rebuilt.cut, [rebuilt.tokens[0].id], "and is said to be cut where it cannot be asked");
    assert!(desk.lost().is_none());
}
