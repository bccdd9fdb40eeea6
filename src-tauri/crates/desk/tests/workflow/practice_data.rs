//! What the practice service stored cannot be opened: the person is told why, and can go on.

use std::fs;

use desk::check::check;
use desk::{Code, TokenType};
use practice::{Config, Practice, StateKey};

use crate::support::{Keyring, code, complete, create, draft, open, restart};

#[tokio::test(flavor = "multi_thread")]
async fn practice_data_without_its_key_is_set_aside_only_when_asked() {
    let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
    let desk = open(dir.path(), &keyring);
    create(&desk, complete(&draft(TokenType::SystemGenerated, "Home bot")), None, &code(&desk).await).await.unwrap();
    desk.practice().stop().await;
    drop(desk);

    let lost = Keyring::new();
    let desk = open(dir.path(), &lost);
    assert_eq!(desk.practice().url().await.unwrap_err().code(), Code::PracticeKeyLost);
    let aside = desk.practice().start_over("1").await.unwrap();
    assert!(aside.is_dir());
    assert!(desk.practice().url().await.is_ok());
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
    let made = create(&desk, complete(&draft(TokenType::SystemGenerated, "Home bot")), None, &code(&desk).await).await;
    let made = made.unwrap().token;
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
    create(&desk, complete(&draft(TokenType::SystemGenerated, "Home bot")), None, &code(&desk).await).await.unwrap();
    assert_eq!(keyring.items().into_iter().find(|(name, _)| name.contains("practice-state-key")).unwrap().1, [7; 32]);
}

#[tokio::test(flavor = "multi_thread")]
async fn damaged_practice_data_is_set_aside_with_the_key_that_opens_it() {
    let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
    let desk = open(dir.path(), &keyring);
    create(&desk, complete(&draft(TokenType::SystemGenerated, "Home bot")), None, &code(&desk).await).await.unwrap();
    let desk = restart(desk, dir.path(), &keyring).await;
    let database = dir.path().join("practice/practice.db");
    let good = fs::read(&database).unwrap();
    fs::write(&database, &good[..5_000]).unwrap();
    assert_eq!(desk.practice().url().await.unwrap_err().code(), Code::PracticeDamaged);
    assert_eq!(fs::read(&database).unwrap(), &good[..5_000], "nothing is done unasked");

    let key = keyring.take("practice-state-key");
    keyring.put(key.clone());
    let aside = desk.practice().start_over("1").await.unwrap();
    assert_eq!(fs::read(aside.join("practice.db")).unwrap(), &good[..5_000]);
    assert_eq!(keyring.take("practice-state-key"), key, "what a repair may need");
    keyring.put(key);
    let anew = draft(TokenType::SystemGenerated, "Home bot 2");
    create(&desk, complete(&anew), None, &code(&desk).await).await.unwrap();
    let desk = restart(desk, dir.path(), &keyring).await;
    assert_eq!(check(&desk, anew.id).await.unwrap().code, "ok");
}

#[tokio::test(flavor = "multi_thread")]
async fn practice_data_that_another_program_has_is_not_taken_for_lost() {
    for has_key in [true, false] {
        let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
        let desk = open(dir.path(), &keyring);
        desk.practice().url().await.unwrap();
        let desk = restart(desk, dir.path(), &keyring).await;
        let key = keyring.take("practice-state-key");
        let bytes = <[u8; 32]>::try_from(key.values().next().unwrap().as_slice()).unwrap();
        if has_key {
            keyring.put(key);
        }
        let other = Config::new(dir.path().join("practice"), StateKey::from_bytes(bytes));
        let other = Practice::start(other).await.unwrap();
        assert_eq!(desk.practice().url().await.unwrap_err().code(), Code::PracticeInUse);
        other.shutdown().await;
        desk.practice().url().await.unwrap();
    }
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
