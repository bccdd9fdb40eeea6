//! Without a keyring the app keeps secrets in a file under a passphrase, and takes them back to the keyring when it is there.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first thing that is not as it should be")]

use std::{fs, path::Path};

use token_desk_tests::{
    Result, creator,
    journey::{Observer, fill_in},
    kept::{self, Kept},
    py3cw::{Answer, Credentials, Signature, SigningKey, call},
    session::{PrivateSession, Screen},
    traces::Trace,
    window::{Window, wanted_pictures},
};

const PASSPHRASE: &str = "orbit lantern meadow quartz";

/// Makes a token; answers what a script needs.
async fn make_token(window: &Window) -> Result<Credentials> {
    fill_in(window, "type-system", "Old script").await?;
    window.click("otp-use-practice").await?;
    window.wait_until("proof-turnedAway", "data-state", "done").await?;
    let api_key = window.text("api-key").await?;
    window.click("secret-show").await?;
    Ok(Credentials { api_key, key: SigningKey::Secret(window.text("secret").await?) })
}

/// The one token in the list is let in.
async fn it_works(window: &Window) -> Result<()> {
    window.click("nav-tokens").await?;
    window.wait_for_number("token-row", 1).await?;
    window.click("token-row").await?;
    window.click("check-now").await?;
    window.wait_until("check-result", "data-outcome", "works").await
}

/// Neither a secret nor the passphrase is in anything that was written or said.
fn nothing_leaked(session: &PrivateSession, kept: &Kept, said: &[String]) {
    assert_eq!(kept.written(session, said).unwrap(), Vec::<Trace>::new());
    // The search would have found it.
    let left = session.home().join(".cache/left");
    fs::write(&left, PASSPHRASE).unwrap();
    assert!(!kept.all.in_directory(session.home()).unwrap().is_empty());
    fs::remove_file(left).unwrap();
}

/// The secrets file and its key.
fn files(data: &Path) -> [bool; 2] {
    ["secrets.age", "secrets.key.age"].map(|name| data.join(name).exists())
}

#[tokio::test]
async fn a_person_without_a_keyring_keeps_a_token_in_a_file_and_moves_it_to_the_keyring_later() {
    let mut session = PrivateSession::start(Screen::Virtual).unwrap();
    let mut observer = Observer::auditor(wanted_pictures());
    let data = session.home().join("token-desk");
    session.end_keyring();

    let mut window = Window::open_on(&session, &data).await.unwrap();
    window.wait_until("alert", "data-code", "keyring-missing").await.unwrap();
    observer.see(&window, "offered", "alert", "There is no keyring; a file is offered.").await.unwrap();
    assert_eq!(files(&data), [false, false], "nothing is done unasked");
    window.click("safe-help").await.unwrap();
    window.type_into("passphrase-new", PASSPHRASE).await.unwrap();
    window.type_into("passphrase-again", "orbit lantern").await.unwrap();
    window.click("passphrase-go").await.unwrap();
    window.wait_for_text("passphrase-problem", "not the same").await.unwrap();
    observer.see(&window, "chosen", "passphrase-again", "The two are not the same.").await.unwrap();
    window.type_into("passphrase-again", " meadow quartz").await.unwrap();
    window.click("passphrase-go").await.unwrap();
    window.wait_for_number("passphrase-go", 0).await.unwrap();
    window.wait_for_number("alert", 0).await.unwrap();
    assert_eq!(files(&data), [true, true]);

    let service = window.practice_url().unwrap();
    let credentials = make_token(&window).await.unwrap();
    observer.see(&window, "made", "proof-kept", "The token is kept in the file.").await.unwrap();
    let answer = call(&service, &credentials, "accounts", Signature::Intact).unwrap();
    assert_eq!(answer, Answer { status: 200, error: None });
    let mut said = window.said();
    window.close().await.unwrap();

    // As if it had moved there from a keyring, and been killed before it was done.
    fs::write(data.join("secrets.moving"), "").unwrap();
    let mut window = Window::open_on(&session, &data).await.unwrap();
    window.wait_for("passphrase").await.unwrap();
    observer.see(&window, "asked", "passphrase", "The next start asks for the passphrase.").await.unwrap();
    window.type_into("passphrase", "orbit lantern").await.unwrap();
    window.click("passphrase-go").await.unwrap();
    window.wait_for_text("passphrase-problem", "not the passphrase").await.unwrap();
    observer
        .see(&window, "wrong", "passphrase", "It was a wrong one, and what is typed now takes its place.")
        .await
        .unwrap();
    assert!(!window.said().iter().any(|line| line.starts_with("practice ")), "practice waits for the file");
    window.type_into("passphrase", PASSPHRASE).await.unwrap();
    window.click("passphrase-go").await.unwrap();
    window.practice_url().unwrap();
    it_works(&window).await.unwrap();

    window.click("nav-settings").await.unwrap();
    window.wait_until("safe-place", "data-place", "file").await.unwrap();
    window.wait_for("safe-copies").await.unwrap();
    observer.see(&window, "settings-file", "safe-place", "Settings say that it is a file.").await.unwrap();
    window.click("safe-change").await.unwrap();
    window.wait_for("passphrase-new").await.unwrap();
    observer.see(&window, "change", "passphrase", "The passphrase can be changed.").await.unwrap();
    window.click("passphrase-cancel").await.unwrap();
    window.click("safe-to-keyring").await.unwrap();
    window.wait_until("safe-problem", "data-code", "keyring-missing").await.unwrap();
    observer.see(&window, "not-moved", "safe-problem", "Without a keyring nothing moves.").await.unwrap();
    assert_eq!(files(&data), [true, true]);

    session.start_keyring().unwrap();
    window.click("safe-to-keyring").await.unwrap();
    window.wait_until("safe-place", "data-place", "keyring").await.unwrap();
    window.wait_for_number("safe-problem", 0).await.unwrap();
    window.wait_for_number("safe-copies", 0).await.unwrap();
    observer.see(&window, "settings-keyring", "safe-place", "Everything is in the keyring.").await.unwrap();
    assert_eq!(files(&data), [false, false], "nothing is left in a file");
    it_works(&window).await.unwrap();
    said.extend(window.said());
    window.close().await.unwrap();

    let mut window = Window::open_on(&session, &data).await.unwrap();
    let service = window.practice_url().unwrap();
    it_works(&window).await.unwrap();
    let answer = call(&service, &credentials, "accounts", Signature::Intact).unwrap();
    assert_eq!(answer, Answer { status: 200, error: None });
    said.extend(window.said());
    window.close().await.unwrap();
    let mut kept = kept::in_keyring(&session, &data).unwrap();
    kept.all.add_text("passphrase", PASSPHRASE);
    nothing_leaked(&session, &kept, &said);
    assert!(observer.violations().is_empty(), "axe found: {:#?}", observer.violations());
}

#[tokio::test]
async fn a_person_whose_keyring_stays_locked_keeps_a_first_token_in_a_file() {
    let session = PrivateSession::start(Screen::Virtual).unwrap();
    let shots = wanted_pictures().map(|shots| shots.join("locked"));
    let mut observer = Observer::auditor(shots);
    session.lock_keyring().unwrap();
    let mut window = Window::open(&session).await.unwrap();
    window.wait_until("alert", "data-code", "keyring-locked").await.unwrap();
    observer.see(&window, "offered", "alert", "The keyring is locked; a file is offered.").await.unwrap();
    window.click("safe-help").await.unwrap();
    window.type_into("passphrase-new", PASSPHRASE).await.unwrap();
    window.type_into("passphrase-again", PASSPHRASE).await.unwrap();
    window.click("passphrase-go").await.unwrap();
    window.practice_url().unwrap();
    window.wait_for_number("alert", 0).await.unwrap();
    make_token(&window).await.unwrap();
    it_works(&window).await.unwrap();
    let data = session.home().join("token-desk");
    assert_eq!(files(&data), [true, true]);
    let said = window.said();
    window.close().await.unwrap();
    nothing_leaked(&session, &kept::in_file(&data, PASSPHRASE), &said);
    assert!(observer.violations().is_empty(), "axe found: {:#?}", observer.violations());
}

#[tokio::test]
async fn keys_in_a_locked_keyring_wait_until_it_is_unlocked() {
    let mut session = PrivateSession::start(Screen::Virtual).unwrap();
    let shots = wanted_pictures().map(|shots| shots.join("keys-locked"));
    let mut observer = Observer::auditor(shots);
    let data = session.home().join("token-desk");
    creator::run_once_free(&session, &data, &["make", "system"], "{").unwrap();
    session.lock_keyring().unwrap();
    let mut window = Window::open(&session).await.unwrap();
    window.wait_until("alert", "data-code", "keyring-locked").await.unwrap();
    window.click("interrupted-later").await.unwrap();
    observer.see(&window, "locked", "alert", "The keyring is locked, and has keys.").await.unwrap();
    assert!(window.texts("safe-help").await.unwrap().is_empty(), "a file could only be refused");

    window.click("nav-settings").await.unwrap();
    window.click("safe-to-file").await.unwrap();
    window.type_into("passphrase-new", PASSPHRASE).await.unwrap();
    window.type_into("passphrase-again", PASSPHRASE).await.unwrap();
    window.click("passphrase-go").await.unwrap();
    window.wait_for_text("passphrase-problem", "in a keyring that is closed").await.unwrap();
    observer.see(&window, "refused", "passphrase-problem", "They cannot move, and what to do is said.").await.unwrap();
    assert_eq!(files(&data), [false, false], "nothing has happened");

    // Signed out and in again.
    session.end_keyring();
    session.start_keyring().unwrap();
    window.click("passphrase-go").await.unwrap();
    window.wait_until("safe-place", "data-place", "file").await.unwrap();
    assert_eq!(files(&data), [true, true]);
    window.practice_url().unwrap();
    window.wait_for_number("alert", 0).await.unwrap();
    it_works(&window).await.unwrap();
    let said = window.said();
    window.close().await.unwrap();
    nothing_leaked(&session, &kept::in_file(&data, PASSPHRASE), &said);
    assert!(observer.violations().is_empty(), "axe found: {:#?}", observer.violations());
}

#[tokio::test]
async fn a_keyring_that_is_gone_when_the_code_is_sent_makes_way_for_the_file() {
    let mut session = PrivateSession::start(Screen::Virtual).unwrap();
    let shots = wanted_pictures().map(|shots| shots.join("code"));
    let mut observer = Observer::auditor(shots);
    let mut window = Window::open(&session).await.unwrap();
    window.practice_url().unwrap();
    fill_in(&window, "type-system", "Old script").await.unwrap();
    session.end_keyring();
    window.click("otp-use-practice").await.unwrap();
    window.wait_until("otp-error", "data-code", "keyring-missing").await.unwrap();
    let code = window.text("otp").await.unwrap();

    window.click("safe-help").await.unwrap();
    window.type_into("passphrase-new", PASSPHRASE).await.unwrap();
    window.type_into("passphrase-again", PASSPHRASE).await.unwrap();
    observer.see(&window, "chosen", "passphrase-again", "A passphrase is chosen over the code.").await.unwrap();
    assert_eq!(window.text("otp").await.unwrap(), code, "the six digits stay");
    window.click("passphrase-go").await.unwrap();
    window.wait_until("proof-turnedAway", "data-state", "done").await.unwrap();
    window.wait_for_text("proof-kept", "encrypted file").await.unwrap();
    assert_eq!(files(&session.home().join("token-desk")), [true, true]);
    let mut said = window.said();
    window.close().await.unwrap();

    let mut window = Window::open(&session).await.unwrap();
    window.type_into("passphrase", PASSPHRASE).await.unwrap();
    window.click("passphrase-go").await.unwrap();
    window.practice_url().unwrap();
    it_works(&window).await.unwrap();
    assert!(observer.violations().is_empty(), "axe found: {:#?}", observer.violations());
    said.extend(window.said());
    window.close().await.unwrap();
    nothing_leaked(&session, &kept::in_file(&session.home().join("token-desk"), PASSPHRASE), &said);
}

#[tokio::test]
async fn a_person_who_has_forgotten_the_passphrase_begins_a_new_file() {
    let mut session = PrivateSession::start(Screen::Virtual).unwrap();
    let shots = wanted_pictures().map(|shots| shots.join("forgotten"));
    let mut observer = Observer::auditor(shots);
    let data = session.home().join("token-desk");
    session.end_keyring();
    let window = Window::open_on(&session, &data).await.unwrap();
    window.click("safe-help").await.unwrap();
    for field in ["passphrase-new", "passphrase-again"] {
        window.type_into(field, "of another day").await.unwrap();
    }
    window.click("passphrase-go").await.unwrap();
    window.wait_for_number("passphrase-go", 0).await.unwrap();
    make_token(&window).await.unwrap();
    window.close().await.unwrap();
    let file = fs::read(data.join("secrets.age")).unwrap();

    let mut window = Window::open_on(&session, &data).await.unwrap();
    window.type_into("passphrase", "of some day").await.unwrap();
    window.click("passphrase-go").await.unwrap();
    window.wait_for_text("passphrase-problem", "not the passphrase").await.unwrap();
    observer.see(&window, "wrong", "passphrase-forgotten", "It was a wrong one, and there is a way on.").await.unwrap();
    window.click("passphrase-forgotten").await.unwrap();
    for field in ["passphrase-new", "passphrase-again"] {
        window.type_into(field, PASSPHRASE).await.unwrap();
    }
    observer.see(&window, "new", "passphrase-new", "What that costs is said.").await.unwrap();
    assert_eq!(fs::read(data.join("secrets.age")).unwrap(), file, "nothing is done unasked");
    window.click("passphrase-go").await.unwrap();
    window.wait_until("alert", "data-code", "practice-key-lost").await.unwrap();
    assert_eq!(fs::read(data.join("secrets.age.old")).unwrap(), file, "it was put aside, not deleted");
    window.click("start-over").await.unwrap();
    window.practice_url().unwrap();
    window.wait_for_number("alert", 0).await.unwrap();

    window.click("nav-tokens").await.unwrap();
    window.click("check-now").await.unwrap();
    window.wait_for("secret-lost").await.unwrap();
    window.click("forget").await.unwrap();
    window.click("forget-confirm").await.unwrap();
    window.wait_for_number("token-row", 0).await.unwrap();
    window.click("nav-create").await.unwrap();
    make_token(&window).await.unwrap();
    it_works(&window).await.unwrap();
    let said = window.said();
    window.close().await.unwrap();
    nothing_leaked(&session, &kept::in_file(&data, PASSPHRASE), &said);
    assert!(observer.violations().is_empty(), "axe found: {:#?}", observer.violations());
}
