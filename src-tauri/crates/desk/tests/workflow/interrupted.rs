//! What a crash, a cut or a clock that jumps leaves open is settled at the next start, and said.

use desk::check::check;
use desk::creation::{self, Settled, revoke_for_renewal};
use desk::secrets::readable;
use desk::store::{Outcome, Stage};
use desk::{Code, Desk, Destination, Error, TokenType};
use practice::{ClockOffset, Fault};

use crate::support::{
    Keyring, code, create, create_during, draft, made_but_not_kept, make, open, restart, resume, spent_code,
};

/// What is left in the keyring once a System generated token is made and nothing is open.
const OF_ONE_TOKEN: [&str; 3] = ["hmac-secret", "practice-state-key", "token-record"];

async fn tokens_at_the_service(desk: &Desk) -> usize {
    desk.endpoint(Destination::Practice).await.unwrap().list().await.unwrap().len()
}

async fn move_clock(desk: &Desk, seconds: i64) {
    desk.practice().set_clock_offset(ClockOffset::try_from(seconds).unwrap()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_before_the_secret_was_kept_loses_neither_secret_nor_token() {
    let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
    let desk = open(dir.path(), &keyring);
    let (draft, _) = made_but_not_kept(&desk, &keyring).await;
    keyring.unlock();
    let desk = restart(desk, dir.path(), &keyring).await;

    let [Settled::Made(made)] = &resume(&desk).await[..] else { panic!("it was made") };
    assert!(made.as_asked);
    assert_eq!(check(&desk, draft.id).await.unwrap().outcome, Outcome::Works);
    assert_eq!(tokens_at_the_service(&desk).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_settled_is_said_at_every_start_until_the_person_has_seen_it() {
    let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
    let desk = open(dir.path(), &keyring);
    let draft = draft(TokenType::SystemGenerated, "Home bot");
    make(&desk, &draft).await;

    let mut desk = desk;
    for _ in 0..2 {
        desk = restart(desk, dir.path(), &keyring).await;
        let open = desk.on_store(|store| store.open_attempts()).await.unwrap();
        assert_eq!(open.iter().map(|attempt| attempt.stage).collect::<Vec<_>>(), [Stage::Recorded]);
        assert!(matches!(&resume(&desk).await[..], [Settled::Made(made)] if made.token.id == draft.id));
    }
    desk.on_store(move |store| store.told(draft.id)).await.unwrap();
    assert!(resume(&desk).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attempt_that_is_still_open_cannot_be_said_to_be_seen() {
    let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
    let desk = open(dir.path(), &keyring);
    let (draft, _) = made_but_not_kept(&desk, &keyring).await;
    desk.on_store(move |store| store.told(draft.id)).await.unwrap();
    keyring.unlock();
    assert!(matches!(&resume(&desk).await[..], [Settled::Made(_)]));
}

#[tokio::test(flavor = "multi_thread")]
async fn creating_the_same_draft_again_after_a_crash_finds_the_token_instead_of_making_a_second() {
    let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
    let desk = open(dir.path(), &keyring);
    let (draft, first) = made_but_not_kept(&desk, &keyring).await;
    keyring.unlock();
    let second = create(&desk, &draft, &spent_code()).await.unwrap();
    assert_eq!(second.token.api_key, first.token.api_key);
    assert!(second.kept.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_changed_since_the_request_left_is_not_said_to_be_as_asked_and_stays() {
    for by_create in [true, false] {
        let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
        let desk = open(dir.path(), &keyring);
        let (mut draft, _) = made_but_not_kept(&desk, &keyring).await;
        keyring.unlock();
        draft.permissions.insert(desk::Permission::AccountsRead);
        let changed = draft.clone();
        desk.on_store(move |store| store.keep_draft(Some(&changed))).await.unwrap();
        if by_create {
            assert!(!create(&desk, &draft, &spent_code()).await.unwrap().as_asked);
        } else {
            assert!(matches!(&resume(&desk).await[..], [Settled::Made(_)]));
        }
        let form = desk.on_store(|store| store.draft()).await.unwrap().expect("what was changed is not lost");
        assert_ne!(form.id, draft.id, "the token has that");
        assert_eq!(desk::form::Draft { id: draft.id, ..form }, draft);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn giving_up_what_cannot_be_found_out_leaves_what_was_recorded_alone() {
    let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
    let desk = open(dir.path(), &keyring);
    let made = draft(TokenType::SystemGenerated, "Home bot");
    make(&desk, &made).await;
    move_clock(&desk, 30).await;
    create_during(&desk, Fault::Error, &draft(TokenType::SystemGenerated, "Other")).await;
    desk.practice().set_fault(Fault::Error).await.unwrap();
    assert_eq!(desk.on_store(|store| store.open_attempts()).await.unwrap().len(), 2);
    creation::resume(&desk, &|_| ()).await.unwrap_err();

    creation::give_up(&desk).await.unwrap();
    assert!(desk.on_store(|store| store.open_attempts()).await.unwrap().is_empty());
    assert_eq!(keyring.kinds(), OF_ONE_TOKEN.map(str::to_owned).into());
    desk.practice().set_fault(Fault::None).await.unwrap();
    assert_eq!(check(&desk, made.id).await.unwrap().outcome, Outcome::Works);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_form_that_a_token_came_of_goes_with_it_and_another_one_stays() {
    let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
    let desk = open(dir.path(), &keyring);
    let (draft, _) = made_but_not_kept(&desk, &keyring).await;
    keyring.unlock();
    let sent = draft.clone();
    desk.on_store(move |store| store.keep_draft(Some(&sent))).await.unwrap();
    assert!(matches!(&resume(&desk).await[..], [Settled::Made(_)]));
    assert_eq!(desk.on_store(|store| store.draft()).await.unwrap(), None);

    let other = crate::support::draft(TokenType::SelfGenerated, "Other");
    let kept = other.clone();
    desk.on_store(move |store| store.keep_draft(Some(&kept))).await.unwrap();
    assert!(matches!(&resume(&desk).await[..], [Settled::Made(_)]), "told once more");
    assert_eq!(desk.on_store(|store| store.draft()).await.unwrap(), Some(other));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_made_is_said_at_every_start_until_the_person_has_seen_it() {
    let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
    let mut desk = open(dir.path(), &keyring);
    let draft = draft(TokenType::SystemGenerated, "Home bot");
    create_during(&desk, Fault::Down, &draft).await;
    for _ in 0..2 {
        desk = restart(desk, dir.path(), &keyring).await;
        assert!(matches!(&resume(&desk).await[..], [Settled::NotMade(attempt)] if attempt.id == draft.id));
        assert!(keyring.kinds().iter().eq(["practice-state-key"]), "nothing is left but to tell it");
    }
    create(&desk, &draft, &code(&desk).await).await.expect("it is in nobody's way");
    assert!(matches!(&resume(&desk).await[..], [Settled::Made(_)]));
    desk.on_store(move |store| store.told(draft.id)).await.unwrap();
    assert!(resume(&desk).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_was_not_kept_can_be_forgotten_for_good() {
    let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
    let desk = open(dir.path(), &keyring);
    let (draft, _) = made_but_not_kept(&desk, &keyring).await;
    keyring.unlock();
    desk.forget(draft.id).await.unwrap();
    assert!(resume(&desk).await.is_empty());
    assert_eq!(keyring.kinds(), ["practice-state-key".to_owned()].into());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_keyring_that_is_locked_while_resuming_changes_nothing() {
    let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
    let desk = open(dir.path(), &keyring);
    made_but_not_kept(&desk, &keyring).await;
    keyring.lock();
    for _ in 0..2 {
        let error = creation::resume(&desk, &|_| ()).await.unwrap_err();
        assert_eq!(error.code(), Code::KeyringLocked);
    }
    keyring.unlock();
    assert!(matches!(&resume(&desk).await[..], [Settled::Made(_)]));
    assert_eq!(keyring.kinds(), OF_ONE_TOKEN.map(str::to_owned).into());
}

/// It opens the stored answer, and then does not take the secret.
#[tokio::test(flavor = "multi_thread")]
async fn a_secret_that_is_not_kept_while_resuming_is_there_to_be_shown_or_saved() {
    for by_create in [true, false] {
        let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
        let desk = open(dir.path(), &keyring);
        let (draft, first) = made_but_not_kept(&desk, &keyring).await;
        first.kept.unwrap_err();
        let first_secret = readable(&desk, draft.id).await.unwrap();
        let sent = draft.clone();
        desk.on_store(move |store| store.keep_draft(Some(&sent))).await.unwrap();
        let other = crate::support::draft(TokenType::SystemGenerated, "Other");
        let error = create(&desk, &other, &spent_code()).await.unwrap_err();
        assert_eq!(error.code(), Code::KeyringLocked, "no other token is begun");
        for _ in 0..2 {
            let made = if by_create {
                create(&desk, &draft, &spent_code()).await.unwrap()
            } else {
                let [Settled::Made(made)] = <[_; 1]>::try_from(resume(&desk).await).unwrap() else { panic!() };
                made
            };
            made.kept.unwrap_err();
            assert_eq!(readable(&desk, draft.id).await.unwrap(), first_secret);
            assert_eq!(desk.on_store(|store| store.draft()).await.unwrap(), None, "its form is done with");
            let error = creation::keep_again(&desk, made.token.id).await.unwrap_err();
            assert_eq!(error.code(), Code::KeyringLocked);
        }
        keyring.unlock();
        creation::keep_again(&desk, draft.id).await.unwrap();
        assert!(matches!(&resume(&desk).await[..], [Settled::Made(made)] if made.kept.is_ok()));
        assert_eq!(tokens_at_the_service(&desk).await, 1);
        assert_eq!(check(&desk, draft.id).await.unwrap().outcome, Outcome::Works);
    }
}

/// The answer that was lost, and what the service had done by then.
#[tokio::test(flavor = "multi_thread")]
async fn a_connection_cut_before_or_after_the_service_acted_makes_one_token_or_none() {
    for token_type in [TokenType::SelfGenerated, TokenType::SystemGenerated] {
        for (fault, made_by_then) in [(Fault::Down, false), (Fault::Error, false), (Fault::Cut, true)] {
            let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
            let desk = open(dir.path(), &keyring);
            let draft = draft(token_type, "Home bot");
            let code = code(&desk).await;
            desk.practice().set_fault(fault).await.unwrap();
            let error = create(&desk, &draft, &code).await.unwrap_err();
            assert!(matches!(error.code(), Code::ServiceNoAnswer | Code::ServiceError), "{fault:?}: {error}");
            if fault != Fault::Cut {
                let error = creation::resume(&desk, &|_| ()).await.unwrap_err();
                assert_eq!(error.code(), Code::CreationUnfinished, "{fault:?}");
            }
            desk.practice().set_fault(Fault::None).await.unwrap();

            let settled = resume(&desk).await;
            match (&settled[..], made_by_then) {
                ([Settled::Made(_)], true) => {}
                ([Settled::NotMade(attempt)], false) => {
                    assert_eq!(attempt.id, draft.id);
                    assert!(keyring.kinds().iter().eq(["practice-state-key"]), "{:?}", keyring.kinds());
                    create(&desk, &draft, &code).await.expect("the code was not spent");
                }
                other => panic!("{fault:?}: {other:?}"),
            }
            assert_eq!(tokens_at_the_service(&desk).await, 1, "{fault:?}");
            assert_eq!(check(&desk, draft.id).await.unwrap().outcome, Outcome::Works);
        }
    }
}

/// The clock of a service may be put right, forward or back, while an answer waits to be fetched.
#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_jumps_by_less_than_a_day_loses_nothing() {
    for jump in [-86_400, -3_600, 3_600, 86_000] {
        let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
        let desk = open(dir.path(), &keyring);
        let (draft, _) = made_but_not_kept(&desk, &keyring).await;
        keyring.unlock();
        move_clock(&desk, jump).await;
        assert!(matches!(&resume(&desk).await[..], [Settled::Made(_)]), "{jump}");
        assert_eq!(tokens_at_the_service(&desk).await, 1);
        assert_eq!(check(&desk, draft.id).await.unwrap().outcome, Outcome::Works, "{jump}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_private_key_outlives_the_stored_answer() {
    let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
    let desk = open(dir.path(), &keyring);
    let draft = draft(TokenType::SelfGenerated, "Home bot");
    create_during(&desk, Fault::Cut, &draft).await;

    move_clock(&desk, 2 * 86_400).await;
    let [Settled::Made(made)] = &resume(&desk).await[..] else { panic!("found by its fingerprint") };
    assert_eq!(made.token.trusted_ips[0].label.as_deref(), Some("Home"));
    assert_eq!(check(&desk, draft.id).await.unwrap().outcome, Outcome::Works);
}

/// A System generated token whose secret nobody has: made, not kept, and its stored answer gone.
async fn token_without_secret(dir: &std::path::Path, keyring: &std::sync::Arc<Keyring>) -> (Desk, desk::KnownToken) {
    let desk = open(dir, keyring);
    made_but_not_kept(&desk, keyring).await;
    keyring.unlock();
    move_clock(&desk, 2 * 86_400).await;
    let settled = resume(&desk).await;
    let [Settled::SecretGone(token)] = &settled[..] else { panic!("{settled:?}") };
    (desk, token.clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_whose_secret_is_gone_is_said_to_be_so_and_can_be_made_anew() {
    let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
    let (desk, old) = token_without_secret(dir.path(), &keyring).await;
    assert_eq!(check(&desk, old.id).await.unwrap().code, "secret-gone");
    assert!(matches!(&resume(&desk).await[..], [Settled::SecretGone(_)]), "until it is seen");

    let form = revoke_for_renewal(&desk, old.id, &code(&desk).await).await.unwrap();
    assert_eq!(tokens_at_the_service(&desk).await, 0);
    assert!(matches!(desk.on_store(move |store| store.token(old.id)).await, Err(Error::TokenUnknown)));
    assert_eq!(desk.on_store(|store| store.draft()).await.unwrap(), Some(form.clone()), "it outlives a crash");
    assert!(resume(&desk).await.is_empty());

    move_clock(&desk, 2 * 86_400 + 30).await;
    let made = make(&desk, &form).await;
    assert_eq!((&made.name, &made.trusted_ips), (&old.name, &old.trusted_ips), "labels included");
    assert_eq!(made.permissions, old.permissions);
    assert_eq!(check(&desk, made.id).await.unwrap().outcome, Outcome::Works);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_code_revokes_nothing() {
    let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
    let (desk, old) = token_without_secret(dir.path(), &keyring).await;
    let wrong = crate::support::wrong_code(&desk).await;
    let error = revoke_for_renewal(&desk, old.id, &wrong).await.unwrap_err();
    assert_eq!(error.code(), Code::OtpInvalid);
    assert_eq!(tokens_at_the_service(&desk).await, 1);
    assert!(desk.on_store(move |store| store.token(old.id)).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revocation_whose_answer_was_lost_is_not_asked_twice() {
    let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
    let (desk, old) = token_without_secret(dir.path(), &keyring).await;
    let code = code(&desk).await;
    desk.practice().set_fault(Fault::Cut).await.unwrap();
    revoke_for_renewal(&desk, old.id, &code).await.expect("the list says that it is gone");
    assert_eq!(tokens_at_the_service(&desk).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_its_service_no_longer_knows_needs_no_code() {
    let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
    let (desk, old) = token_without_secret(dir.path(), &keyring).await;
    let endpoint = desk.endpoint(Destination::Practice).await.unwrap();
    let listed = endpoint.list().await.unwrap();
    assert!(endpoint.revoke(&listed[0].id, &code(&desk).await).await.unwrap());

    assert!(revoke_for_renewal(&desk, old.id, &spent_code()).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_private_key_that_left_the_keyring_is_noticed_before_the_token_is_called_made() {
    let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
    let desk = open(dir.path(), &keyring);
    let draft = draft(TokenType::SelfGenerated, "Home bot");
    make(&desk, &draft).await;
    keyring.lose("private-key");
    assert!(matches!(&resume(&desk).await[..], [Settled::SecretGone(_)]));
}
