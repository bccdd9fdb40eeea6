//! A note is written to a token, and comes back with it when the database is lost.

use desk::recovery::{keep_missing_records, rebuild};
use desk::{Code, Desk, KnownToken, Note, TokenType, notes};
use uuid::Uuid;

use crate::recovery::lose_database;
use crate::support::{Keyring, draft, make, open, restart};

fn note(typed: &str) -> Option<Note> {
    Note::parse(typed).unwrap()
}

async fn token(desk: &Desk, id: Uuid) -> KnownToken {
    desk.on_store(move |store| store.token(id)).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_is_in_the_list_after_a_restart_and_in_a_list_that_is_made_anew() {
    let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
    let desk = open(dir.path(), &keyring);
    let made = make(&desk, &draft(TokenType::SelfGenerated, "Home bot")).await;
    for typed in ["Hetzner VPS, grid bot", "moved to the NAS"] {
        notes::keep(&desk, made.id, note(typed)).await.unwrap();
    }
    let noted = KnownToken { note: note("moved to the NAS"), ..made };
    let desk = restart(desk, dir.path(), &keyring).await;
    assert_eq!(token(&desk, noted.id).await, noted);
    let desk = lose_database(desk, dir.path(), &keyring).await;
    assert_eq!(rebuild(&desk).await.unwrap().tokens, std::slice::from_ref(&noted));

    notes::keep(&desk, noted.id, None).await.unwrap();
    let desk = lose_database(desk, dir.path(), &keyring).await;
    assert_eq!(rebuild(&desk).await.unwrap().tokens, [KnownToken { note: None, ..noted }], "emptied there too");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_waits_for_no_keyring_and_gets_into_its_record_later() {
    let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
    let desk = open(dir.path(), &keyring);
    let made = make(&desk, &draft(TokenType::SystemGenerated, "Home bot")).await;
    keyring.lock();
    notes::keep(&desk, made.id, note("Hetzner VPS")).await.unwrap();
    let desk = restart(desk, dir.path(), &keyring).await;
    assert_eq!(token(&desk, made.id).await.note, note("Hetzner VPS"));
    keyring.unlock();
    assert_eq!(keep_missing_records(&desk).await.unwrap(), 1);
    assert_eq!(keep_missing_records(&desk).await.unwrap(), 0);
    let desk = lose_database(desk, dir.path(), &keyring).await;
    assert_eq!(rebuild(&desk).await.unwrap().tokens, [KnownToken { note: note("Hetzner VPS"), ..made }]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_token_takes_no_note_and_leaves_no_record() {
    let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
    let desk = open(dir.path(), &keyring);
    let made = make(&desk, &draft(TokenType::SystemGenerated, "Home bot")).await;
    desk.forget(made.id).await.unwrap();
    let refused = notes::keep(&desk, made.id, note("Hetzner VPS")).await;
    assert_eq!(refused.unwrap_err().code(), Code::TokenUnknown);
    assert_eq!(keyring.kinds(), ["practice-state-key".to_owned()].into());
}
