//! Making a token, and what keeps it from being made.

use desk::check::{check, prove};
use desk::creation::{keep_again, send};
use desk::form::{Draft, Missing};
use desk::store::Outcome;
use desk::{Code, Desk, Error, TokenType};
use keys::{Bits, KeyPair};
use uuid::Uuid;

use crate::support::{
    self, Keyring, code, create, create_with, draft, made_but_not_kept, open, pair, spent_code, wrong_code,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_self_generated_token_works_and_turns_strangers_away() {
    let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
    let desk = open(dir.path(), &keyring);
    let draft = draft(TokenType::SelfGenerated, "Home bot");

    let made = create(&desk, &draft, &code(&desk).await).await.unwrap();

    assert!(made.kept.is_ok() && made.as_asked);
    assert_eq!(made.token.id, draft.id);
    assert_eq!(made.token.trusted_ips[0].label.as_deref(), Some("Home"));
    let proof = prove(&desk, draft.id).await.unwrap();
    assert_eq!(proof.answered.check.outcome, Outcome::Works);
    assert!(proof.turned_away.unwrap().was_turned_away());
    // The key to the stored answer has done its work.
    assert_eq!(keyring.kinds(), ["practice-state-key", "private-key", "token-record"].map(str::to_owned).into());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_system_generated_token_works_after_a_restart() {
    let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
    let draft = draft(TokenType::SystemGenerated, "Home bot");
    let desk = open(dir.path(), &keyring);
    // The form had a pair from before the person chose this type.
    create_with(&desk, &draft, Some(pair()), &code(&desk).await).await.unwrap();
    assert!(!keyring.kinds().contains("private-key"));
    desk.practice().stop().await;
    drop(desk);

    let desk = open(dir.path(), &keyring);
    assert_eq!(check(&desk, draft.id).await.unwrap().code, "ok");
    desk.forget(draft.id).await.unwrap();
    assert_eq!(check(&desk, draft.id).await.unwrap_err().code(), Code::TokenUnknown);
    assert_eq!(keyring.kinds(), ["practice-state-key".to_owned()].into());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_code_leaves_nothing_behind_and_the_same_draft_can_be_sent_again() {
    let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
    let desk = open(dir.path(), &keyring);
    let draft = draft(TokenType::SystemGenerated, "Home bot");
    let right = code(&desk).await;
    let wrong = wrong_code(&desk).await;
    let error = create(&desk, &draft, &wrong).await.unwrap_err();
    assert_eq!(error.code(), Code::OtpInvalid);
    assert_eq!(keyring.kinds(), ["practice-state-key".to_owned()].into());
    assert!(desk.on_store(|store| store.open_attempts()).await.unwrap().is_empty());

    assert!(create(&desk, &draft, &right).await.is_ok());
    let again = create(&desk, &support::draft(TokenType::SystemGenerated, "Other"), &right).await;
    assert_eq!(again.unwrap_err().code(), Code::OtpReused);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_leaves_while_the_keyring_is_locked() {
    let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
    let desk = open(dir.path(), &keyring);
    let draft = draft(TokenType::SelfGenerated, "Home bot");
    let code = code(&desk).await;
    keyring.lock();
    let error = create(&desk, &draft, &code).await.unwrap_err();
    assert_eq!(error.code(), Code::KeyringLocked);

    keyring.unlock();
    assert!(create(&desk, &draft, &code).await.is_ok(), "the code was not spent");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_that_the_keyring_refuses_is_handed_over_and_kept_later() {
    let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
    let desk = open(dir.path(), &keyring);
    let (draft, made) = made_but_not_kept(&desk, &keyring).await;
    assert_eq!(desk::vault_code(&made.kept.unwrap_err()), Code::KeyringLocked);
    assert_eq!(kept(&desk).await, [false]);
    assert_eq!(desk.names_at_risk(), ["Home bot"]);

    let still = keep_again(&desk, draft.id).await.unwrap_err();
    assert_eq!(still.code(), Code::KeyringLocked);
    keyring.unlock();
    keep_again(&desk, draft.id).await.unwrap();
    assert_eq!(kept(&desk).await, [true]);
    assert!(desk.names_at_risk().is_empty());
    keep_again(&desk, draft.id).await.expect("it is there");
    assert_eq!(check(&desk, draft.id).await.unwrap().outcome, Outcome::Works);
}

/// Whether the secret of each token is kept.
async fn kept(desk: &Desk) -> Vec<bool> {
    desk.tokens().await.unwrap().iter().map(|status| status.is_kept).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_is_sent_only_if_it_is_complete_and_stays_until_it_became_a_token() {
    let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
    let desk = open(dir.path(), &keyring);
    let draft = draft(TokenType::SelfGenerated, "Home bot");
    let (right, wrong) = (code(&desk).await, wrong_code(&desk).await);
    let incomplete = send(&desk, draft.clone(), None, &right, &|_| ()).await.unwrap_err();
    assert!(matches!(&incomplete, Error::DraftIncomplete(missing) if missing[..] == [Missing::Key]), "{incomplete}");
    assert_eq!(desk.on_store(|store| store.draft()).await.unwrap(), None);

    send(&desk, draft.clone(), Some(pair()), &wrong, &|_| ()).await.unwrap_err();
    assert_eq!(desk.on_store(|store| store.draft()).await.unwrap(), Some(draft.clone()));
    let sent = send(&desk, draft.clone(), Some(pair()), &right, &|_| ()).await.unwrap();
    assert!(sent.creation.kept.is_ok());
    assert_eq!(sent.form, None);
    assert_eq!(desk.on_store(|store| store.draft()).await.unwrap(), None);

    let taken = send(&desk, Draft { id: Uuid::new_v4(), ..draft }, Some(pair()), &right, &|_| ()).await.unwrap_err();
    assert!(matches!(taken, Error::DraftIncomplete(missing) if missing[..] == [Missing::NameProblem]));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_form_of_a_recorded_token_sent_again_leaves_that_token_alone() {
    let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
    let desk = open(dir.path(), &keyring);
    let draft = draft(TokenType::SelfGenerated, "Home bot");
    let first = KeyPair::generate(Bits::B2048).unwrap();
    let second = KeyPair::generate(Bits::B2048).unwrap();
    create_with(&desk, &draft, Some(&first), &code(&desk).await).await.unwrap();

    // As after a crash between recording the token and forgetting its draft.
    assert!(create_with(&desk, &draft, Some(&second), &spent_code()).await.is_err());
    assert_eq!(check(&desk, draft.id).await.unwrap().code, "ok", "its private key is untouched");
}
