//! What goes wrong is said in the window, with what to do next; nothing typed is lost.

use std::{env, fs, path::PathBuf};

use token_desk_tests::{
    session::{PrivateSession, Screen},
    window::Window,
};

const NAME: &str = "Home bot";

async fn fill_in(window: &Window) {
    window.click("type-system").await.unwrap();
    window.type_into("name", NAME).await.unwrap();
    window.click("detect").await.unwrap();
    window.wait_for("chip").await.unwrap();
    window.click("preset-bots").await.unwrap();
    window.click("create").await.unwrap();
    window.wait_for("otp").await.unwrap();
}

/// Where the caller wants pictures.
async fn picture(window: &Window, name: &str) {
    if let Some(directory) = env::var_os("TOKEN_DESK_SHOTS").map(PathBuf::from) {
        window.screenshot(&directory.join(format!("trouble-{name}.png"))).await.unwrap();
    }
}

#[tokio::test]
async fn a_wrong_code_keeps_the_form_and_a_taken_name_is_said_while_typing() {
    let session = PrivateSession::start(Screen::Virtual).unwrap();
    let window = Window::open(&session).await.unwrap();
    fill_in(&window).await;
    let right = window.attributes("practice-code", "data-code").await.unwrap().remove(0);
    let wrong: String = right.chars().map(|digit| if digit == '9' { '0' } else { '9' }).collect();

    window.type_into("otp", &wrong).await.unwrap();
    window.wait_until("otp-error", "data-code", "otp-invalid").await.unwrap();
    picture(&window, "wrong-code").await;
    window.click("otp-back").await.unwrap();
    assert_eq!(window.text("name").await.unwrap(), NAME);

    window.click("create").await.unwrap();
    window.click("otp-use-practice").await.unwrap();
    window.wait_for("result").await.unwrap();
    window.click("create-another").await.unwrap();
    window.type_into("name", NAME).await.unwrap();
    window.wait_for_text("name-problem", "already have a token").await.unwrap();
    picture(&window, "taken-name").await;
    window.close().await.unwrap();
}

#[tokio::test]
async fn a_keyring_that_went_away_costs_nothing_but_time() {
    let mut session = PrivateSession::start(Screen::Virtual).unwrap();
    let mut window = Window::open(&session).await.unwrap();
    window.practice_url().unwrap();
    fill_in(&window).await;

    session.end_keyring();
    window.click("otp-use-practice").await.unwrap();
    window.wait_until("otp-error", "data-code", "keyring-missing").await.unwrap();
    picture(&window, "no-keyring").await;

    session.start_keyring().unwrap();
    window.click("otp-submit").await.unwrap();
    window.wait_for("result").await.unwrap();
    window.wait_until("proof-turnedAway", "data-state", "done").await.unwrap();
    window.close().await.unwrap();
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_is_said_until_it_can() {
    let session = PrivateSession::start(Screen::Virtual).unwrap();
    // The tests may run as root, who can write anywhere but over a directory.
    let data = session.home().join("data");
    let blocked = data.join("lock");
    fs::create_dir_all(&blocked).unwrap();
    let window = Window::open_on(&session, &data).await.unwrap();
    window.wait_until("alert", "data-code", "data-dir-unwritable").await.unwrap();
    picture(&window, "unwritable").await;
    window.type_into("name", NAME).await.unwrap();

    fs::remove_dir(&blocked).unwrap();
    window.click("alert-again").await.unwrap();
    window.wait_until_gone("alert").await.unwrap();
    assert_eq!(window.text("name").await.unwrap(), NAME);
    window.close().await.unwrap();
}
