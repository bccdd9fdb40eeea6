//! What is gone here comes back from the file that the person saved.

use desk::secrets::{restore, save, save_for_script};
use desk::store::Outcome;
use desk::{Code, TokenType};
use keys::{Bits, KeyPair};
use practice::{ClockOffset, Fault};
use vault::Secret;

use crate::support::{Keyring, draft, made_but_not_kept, make, open, pair, resume};

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_private_key_or_secret_comes_back_and_works() {
    for (token_type, kind) in [(TokenType::SelfGenerated, "private-key"), (TokenType::SystemGenerated, "hmac-secret")] {
        let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
        let desk = open(dir.path(), &keyring);
        let token = make(&desk, &draft(token_type, "Home bot")).await;
        let readable = match token_type {
            TokenType::SelfGenerated => Secret::from(pair().private_pem()),
            TokenType::SystemGenerated => desk.secret(token_type.item_kind(), token.id).await.unwrap(),
        };
        let file = dir.path().join("saved");
        save(&file, &token, &readable).unwrap();
        let before = keyring.items();

        let found = restore(&desk, token.id, file.clone()).await.unwrap_err();
        assert_eq!(found.code(), Code::SecretFound, "nothing is gone");
        keyring.lose(kind);
        keyring.lose("token-record");
        assert_eq!(desk::check::check(&desk, token.id).await.unwrap().code, "secret-gone");
        let check = restore(&desk, token.id, file).await.unwrap();
        assert_eq!(check.outcome, Outcome::Works);
        assert_eq!(keyring.items(), before);
        let id = token.id;
        assert_eq!(desk.on_store(move |store| store.check(id)).await.unwrap().unwrap().code, "ok");
    }
}

/// The keyring took nothing for longer than the service stores its answer.
#[tokio::test(flavor = "multi_thread")]
async fn a_secret_that_never_was_in_the_keyring_comes_back_after_its_day() {
    let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
    let desk = open(dir.path(), &keyring);
    let (_, creation) = made_but_not_kept(&desk, &keyring).await;
    let file = dir.path().join("saved");
    save_for_script(&desk, creation.token.id, file.clone()).await.unwrap();
    assert!(desk.names_at_risk().is_empty(), "the person has it");
    keyring.unlock();
    desk.practice().set_clock_offset(ClockOffset::try_from(25 * 3600).unwrap()).await.unwrap();
    assert_eq!(resume(&desk).await.len(), 1);
    assert!(keyring.kinds().contains("idempotency-key"));

    assert_eq!(restore(&desk, creation.token.id, file).await.unwrap().outcome, Outcome::Works);
    assert!(!keyring.kinds().contains("idempotency-key"), "it has nothing more to open");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_another_tokens_is_not_kept() {
    let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
    let desk = open(dir.path(), &keyring);
    let other = KeyPair::generate(Bits::B2048).unwrap();
    let token = make(&desk, &draft(TokenType::SelfGenerated, "Home bot")).await;
    let file = dir.path().join("saved");
    save(&file, &token, &Secret::from(other.private_pem())).unwrap();
    keyring.lose("private-key");
    let before = keyring.items();
    assert_eq!(restore(&desk, token.id, file).await.unwrap_err().code(), Code::FileNotOfToken);
    assert_eq!(restore(&desk, token.id, dir.path().join("none")).await.unwrap_err().code(), Code::FileUnreadable);
    assert_eq!(keyring.items(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_proven_is_not_kept() {
    let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
    let desk = open(dir.path(), &keyring);
    let token = make(&desk, &draft(TokenType::SelfGenerated, "Home bot")).await;
    let file = dir.path().join("saved");
    save(&file, &token, &Secret::from(pair().private_pem())).unwrap();
    keyring.lose("private-key");
    let before = keyring.items();
    desk.practice().set_fault(Fault::Error).await.unwrap();
    assert_eq!(restore(&desk, token.id, file.clone()).await.unwrap_err().code(), Code::NotProven);
    assert_eq!(keyring.items(), before);
    desk.practice().set_fault(Fault::None).await.unwrap();
    assert_eq!(restore(&desk, token.id, file).await.unwrap().outcome, Outcome::Works);
}
