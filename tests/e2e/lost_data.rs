//! What the app or its practice service kept is lost or damaged: it says so, and the person gets on.

use std::{
    fs::{self, DirEntry},
    io,
    path::{Path, PathBuf},
};

use token_desk_tests::{
    Result, creator,
    crowd::Crowd,
    journey::{fill_in, write_note},
    kept,
    session::{PrivateSession, Screen},
    window::Window,
};

const NAME: &str = "Home bot";

const NOTE: &str = "Hetzner VPS, grid bot";

/// With a note to the token.
async fn make_token_and_close(session: &PrivateSession) -> Result<()> {
    let mut window = Window::open(session).await?;
    window.practice_url()?;
    fill_in(&window, "type-system", NAME).await?;
    window.click("otp-use-practice").await?;
    window.wait_until("proof-turnedAway", "data-state", "done").await?;
    window.click("nav-tokens").await?;
    write_note(&window, NOTE).await?;
    window.close().await
}

#[tokio::test]
async fn a_token_whose_secret_is_lost_is_revoked_and_made_anew() {
    let session = PrivateSession::start(Screen::Virtual).unwrap();
    make_token_and_close(&session).await.unwrap();
    let data = session.home().join("token-desk");
    let lost = kept::in_keyring(&session, &data).unwrap();
    creator::run_once_free(&session, &data, &["lose"], "{").unwrap();

    let mut window = Window::open(&session).await.unwrap();
    window.practice_url().unwrap();
    window.click("nav-tokens").await.unwrap();
    assert_eq!(window.text("note").await.unwrap(), NOTE, "it was in the database");
    window.wait_for("check-now").await.unwrap();
    window.click("check-now").await.unwrap();
    window.wait_for("secret-lost").await.unwrap();
    window.picture("lost-secret-lost").await.unwrap();
    assert_eq!(window.violations().await.unwrap(), []);
    window.click("renew").await.unwrap();
    window.wait_for("otp").await.unwrap();
    window.assert_looks_good("lost-renewal").await.unwrap();
    // Each code is good once: the next one may be half a minute away.
    window.wait_until_ready("otp-use-practice").await.unwrap();
    window.click("otp-use-practice").await.unwrap();
    window.wait_for_text("renewed", NAME).await.unwrap();
    window.picture("lost-renewed").await.unwrap();
    assert_eq!(window.text("name").await.unwrap(), NAME);
    window.wait_until_ready("create").await.unwrap();
    window.click("create").await.unwrap();
    window.wait_until_ready("otp-use-practice").await.unwrap();
    window.click("otp-use-practice").await.unwrap();
    window.wait_until("proof-turnedAway", "data-state", "done").await.unwrap();
    window.click("nav-tokens").await.unwrap();
    window.wait_for_number("token-row", 1).await.unwrap();
    assert_eq!(lost.written(&session, &window.said()).unwrap(), []);
    kept::assert_no_traces(&session, window).await.unwrap();
}

#[tokio::test]
async fn a_damaged_list_of_tokens_is_made_anew_from_the_keyring() {
    let session = PrivateSession::start(Screen::Virtual).unwrap();
    make_token_and_close(&session).await.unwrap();
    let data = session.home().join("token-desk");
    let work = ["make", "system", "Night grid", "--die-after", "submitted"];
    creator::run_once_free(&session, &data, &work, "step submitted").unwrap();

    for log in ["desk.sqlite3-wal", "desk.sqlite3-shm"] {
        // It may be there, and then it holds all that the file holds.
        drop(fs::remove_file(data.join(log)));
    }
    fs::write(data.join("desk.sqlite3"), "only words that lie here").unwrap();
    let mut window = Window::open(&session).await.unwrap();
    let service = window.practice_url().unwrap();
    window.wait_for("loss-rebuild").await.unwrap();
    window.assert_looks_good("lost-list").await.unwrap();
    let crowd = Crowd::gather(&service).await.unwrap();
    window.click("loss-rebuild").await.unwrap();
    window.wait_for_text("loss-back", NAME).await.unwrap();
    window.wait_for("loss-unfinished").await.unwrap();
    window.assert_looks_good("lost-list-unfinished").await.unwrap();
    crowd.leave().await.unwrap();
    window.click("loss-again").await.unwrap();
    window.wait_for("loss-not-made").await.unwrap();
    assert!(window.text("loss-back").await.unwrap().contains(NAME), "what came back is not forgotten");
    window.assert_looks_good("lost-list-not-made").await.unwrap();
    window.click("loss-close").await.unwrap();
    window.click("nav-tokens").await.unwrap();
    window.wait_for_number("token-row", 1).await.unwrap();
    assert_eq!(window.text("note").await.unwrap(), NOTE, "it was in the keyring too");
    window.click("check-now").await.unwrap();
    window.wait_until("check-result", "data-outcome", "works").await.unwrap();
    kept::assert_no_traces(&session, window).await.unwrap();
    let damaged = |name: &str| name.starts_with("desk.sqlite3.damaged-");
    let names = fs::read_dir(&data).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    assert_eq!(names.filter(|name| damaged(name)).count(), 1, "it was set aside, not deleted");
}

/// What was put aside when practice was started over.
fn put_aside(data: &Path) -> io::Result<Vec<PathBuf>> {
    let entries: Vec<_> = fs::read_dir(data)?.collect::<io::Result<_>>()?;
    let of_ours = |entry: &DirEntry| entry.file_name().to_string_lossy().starts_with("practice-set-aside-");
    Ok(entries.iter().filter(|entry| of_ours(entry)).map(DirEntry::path).collect())
}

#[tokio::test]
async fn practice_that_has_lost_its_key_is_started_over_if_the_person_says_so() {
    let session = PrivateSession::start(Screen::Virtual).unwrap();
    make_token_and_close(&session).await.unwrap();
    let data = session.home().join("token-desk");
    creator::run_once_free(&session, &data, &["lose-practice-key"], "{").unwrap();

    let mut window = Window::open(&session).await.unwrap();
    window.wait_until("alert", "data-code", "practice-key-lost").await.unwrap();
    window.assert_looks_good("lost-practice-key-lost").await.unwrap();
    assert!(put_aside(&data).unwrap().is_empty(), "nothing is done unasked");
    window.click("start-over").await.unwrap();
    window.practice_url().unwrap();
    window.wait_for_number("alert", 0).await.unwrap();
    assert!(put_aside(&data).unwrap()[0].join("practice.db").is_file());
    window.click("nav-tokens").await.unwrap();
    window.click("check-now").await.unwrap();
    window.wait_until("check-result", "data-outcome", "refused").await.unwrap();
    window.assert_looks_good("lost-practice-started-over").await.unwrap();
    kept::assert_no_traces(&session, window).await.unwrap();
}

#[tokio::test]
async fn damaged_practice_data_holds_up_neither_the_start_nor_what_was_interrupted() {
    let session = PrivateSession::start(Screen::Virtual).unwrap();
    let data = session.home().join("token-desk");
    let work = ["make", "system", NAME, "--die-after", "answered"];
    creator::run_once_free(&session, &data, &work, "step answered").unwrap();
    for log in ["practice.db-wal", "practice.db-shm"] {
        drop(fs::remove_file(data.join("practice").join(log)));
    }
    fs::write(data.join("practice/practice.db"), "only words that lie here").unwrap();

    let mut window = Window::open(&session).await.unwrap();
    window.wait_until("interrupted-story", "data-stage", "sent").await.unwrap();
    window.click("interrupted-finish").await.unwrap();
    window.wait_until("interrupted-error", "data-code", "practice-damaged").await.unwrap();
    window.assert_looks_good("lost-practice-damaged").await.unwrap();
    window.click("interrupted-error start-over").await.unwrap();
    window.wait_until("interrupted-outcome", "data-outcome", "notMade").await.unwrap();
    assert_eq!(fs::read(put_aside(&data).unwrap()[0].join("practice.db")).unwrap(), b"only words that lie here");
    window.click("interrupted-close").await.unwrap();
    window.practice_url().unwrap();
    window.wait_for_number("alert", 0).await.unwrap();

    // The form is as it was left, and works.
    window.wait_until_ready("create").await.unwrap();
    window.click("create").await.unwrap();
    window.wait_for("otp").await.unwrap();
    window.click("otp-use-practice").await.unwrap();
    window.wait_until("proof-turnedAway", "data-state", "done").await.unwrap();
    kept::assert_no_traces(&session, window).await.unwrap();
}
