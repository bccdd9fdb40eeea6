//! What the practice service stored cannot be opened: the person is told why, and can go on.

use std::fs;

use desk::check::check;
use desk::{Code, TokenType};
use practice::{Config, Practice};

use crate::support::{Keyring, draft, make, open, restart, state_key};

#[tokio::test(flavor = "multi_thread")]
async fn practice_data_without_its_key_is_set_aside_only_when_asked() {
    let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
    let desk = open(dir.path(), &keyring);
    make(&desk, &draft(TokenType::SystemGenerated, "Home bot")).await;
    desk.practice().stop().await;
    drop(desk);

    let lost = Keyring::new();
    let desk = open(dir.path(), &lost);
    assert_eq!(desk.practice().url().await.unwrap_err().code(), Code::PracticeKeyLost);
    let aside = dir.path().join("practice-set-aside-1");
    assert!(!aside.exists() && dir.path().join("practice/practice.db").is_file(), "nothing is done unasked");
    desk.practice().start_over("1").await.unwrap();
    assert!(aside.join("practice.db").is_file());
    desk.practice().url().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn practice_data_without_its_key_and_without_tokens_gets_another_key() {
    let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
    let desk = open(dir.path(), &keyring);
    let (first, _) = desk.practice().authenticator().await.unwrap();
    desk.practice().stop().await;
    drop(desk);

    let lost = Keyring::new();
    let desk = open(dir.path(), &lost);
    let (second, _) = desk.practice().authenticator().await.unwrap();
    assert_ne!(first, second);
    let made = make(&desk, &draft(TokenType::SystemGenerated, "Home bot")).await;
    let desk = restart(desk, dir.path(), &lost).await;
    assert_eq!(check(&desk, made.id).await.unwrap().code, "ok");
}

/// As after a kill between keeping the new key and making the new account.
#[tokio::test(flavor = "multi_thread")]
async fn a_practice_account_without_tokens_is_made_anew_under_the_key_that_is_kept() {
    let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
    let desk = open(dir.path(), &keyring);
    desk.practice().url().await.unwrap();
    desk.practice().stop().await;
    drop(desk);
    let another = keyring.take("practice-state-key").into_keys().map(|name| (name, vec![7; 32])).collect();
    keyring.put(another);
    let desk = open(dir.path(), &keyring);
    assert!(desk.practice().authenticator().await.is_ok());
    make(&desk, &draft(TokenType::SystemGenerated, "Home bot")).await;
    assert_eq!(keyring.items().into_iter().find(|(name, _)| name.contains("practice-state-key")).unwrap().1, [7; 32]);
}

#[tokio::test(flavor = "multi_thread")]
async fn damaged_practice_data_is_set_aside_when_asked_and_can_be_repaired_there() {
    let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
    let desk = open(dir.path(), &keyring);
    make(&desk, &draft(TokenType::SystemGenerated, "Home bot")).await;
    let desk = restart(desk, dir.path(), &keyring).await;
    let database = dir.path().join("practice/practice.db");
    let good = fs::read(&database).unwrap();
    fs::write(&database, &good[..5_000]).unwrap();
    assert_eq!(desk.practice().url().await.unwrap_err().code(), Code::PracticeDamaged);
    assert_eq!(fs::read(&database).unwrap(), &good[..5_000], "nothing is done unasked");

    desk.practice().start_over("1").await.unwrap();
    let aside = dir.path().join("practice-set-aside-1");
    assert_eq!(fs::read(aside.join("practice.db")).unwrap(), &good[..5_000]);
    let anew = draft(TokenType::SystemGenerated, "Home bot 2");
    make(&desk, &anew).await;
    let desk = restart(desk, dir.path(), &keyring).await;
    assert_eq!(check(&desk, anew.id).await.unwrap().code, "ok");

    fs::write(aside.join("practice.db"), &good).unwrap();
    let repaired = Practice::start(Config::new(aside, state_key(&keyring))).await.unwrap();
    repaired.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn practice_data_that_another_program_has_is_not_taken_for_lost_nor_put_aside() {
    for has_key in [true, false] {
        let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
        let data = dir.path().join("practice");
        let desk = open(dir.path(), &keyring);
        let made = draft(TokenType::SystemGenerated, "Home bot");
        make(&desk, &made).await;
        let desk = restart(desk, dir.path(), &keyring).await;
        let other = Practice::start(Config::new(data.clone(), state_key(&keyring))).await.unwrap();
        let key = keyring.take("practice-state-key");
        if has_key {
            keyring.put(key.clone());
        }
        assert_eq!(desk.practice().url().await.unwrap_err().code(), Code::PracticeInUse);
        assert_eq!(desk.practice().start_over("1").await.unwrap_err().code(), Code::PracticeInUse);
        other.shutdown().await;
        // A program that knows only the database, such as one to look into it.
        let other = rusqlite::Connection::open(data.join("practice.db")).unwrap();
        other.execute_batch("BEGIN; SELECT * FROM tokens").unwrap();
        assert_eq!(desk.practice().start_over("1").await.unwrap_err().code(), Code::PracticeInUse);
        drop(other);
        // The key has come back, perhaps; nothing that can be used is put aside.
        keyring.put(key);
        desk.practice().start_over("1").await.unwrap();
        assert_eq!(check(&desk, made.id).await.unwrap().code, "ok");
        assert!(!dir.path().join("practice-set-aside-1").exists());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn practice_data_is_not_put_aside_for_what_is_wrong_elsewhere() {
    let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
    let desk = open(dir.path(), &keyring);
    make(&desk, &draft(TokenType::SystemGenerated, "Home bot")).await;
    let desk = restart(desk, dir.path(), &keyring).await;
    keyring.lock();
    assert_eq!(desk.practice().start_over("1").await.unwrap_err().code(), Code::KeyringLocked);
    keyring.unlock();
    let connection = rusqlite::Connection::open(dir.path().join("practice/practice.db")).unwrap();
    connection.pragma_update(None, "user_version", 99).unwrap();
    drop(connection);
    assert_eq!(desk.practice().start_over("1").await.unwrap_err().code(), Code::DatabaseNewer);
    assert!(!dir.path().join("practice-set-aside-1").exists());
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn practice_data_that_others_can_write_is_refused_with_the_reason() {
    use std::os::unix::fs::PermissionsExt;
    let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
    let desk = open(dir.path(), &keyring);
    desk.practice().url().await.unwrap();
    let desk = restart(desk, dir.path(), &keyring).await;
    let data = dir.path().join("practice");
    fs::set_permissions(&data, fs::Permissions::from_mode(0o777)).unwrap();
    let refused = desk.practice().url().await.unwrap_err();
    assert_eq!((refused.code(), &*refused.params()["problem"]), (Code::DataDirUnsafe, "others-can-write"));
    fs::set_permissions(&data, fs::Permissions::from_mode(0o700)).unwrap();
    desk.practice().url().await.unwrap();
}
