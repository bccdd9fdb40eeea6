//! What goes wrong is said in the window, with what to do next; nothing typed is lost.

use std::{fs, os::unix::fs::PermissionsExt, path::Path, time::Duration};

use token_desk_tests::{
    Result,
    journey::fill_in,
    kept,
    process::{self, poll},
    session::{PrivateSession, Screen},
    window::{Dialog, Window},
};
use x11rb::connection::Connection as _;
use x11rb::errors::ReplyError;
use x11rb::protocol::xproto::{AtomEnum, ClientMessageEvent, ConnectionExt as _, EventMask};

const NAME: &str = "Home bot";

#[tokio::test]
async fn a_wrong_code_keeps_the_form_and_a_taken_name_is_said_while_typing() {
    let session = PrivateSession::start(Screen::Virtual).unwrap();
    let window = Window::open(&session).await.unwrap();
    fill_in(&window, "type-system", NAME).await.unwrap();
    let right = window.attributes("practice-code", "data-code").await.unwrap().remove(0);
    let wrong: String = right.chars().map(|digit| if digit == '9' { '0' } else { '9' }).collect();

    window.type_into("otp", &wrong).await.unwrap();
    window.wait_until("otp-error", "data-code", "otp-invalid").await.unwrap();
    window.picture("trouble-wrong-code").await.unwrap();
    window.click("otp-back").await.unwrap();
    assert_eq!(window.text("name").await.unwrap(), NAME);

    window.click("create").await.unwrap();
    window.click("otp-use-practice").await.unwrap();
    window.wait_for("result").await.unwrap();
    window.click("create-another").await.unwrap();
    window.type_into("name", NAME).await.unwrap();
    window.wait_for_text("name-problem", "already have a token").await.unwrap();
    window.picture("trouble-taken-name").await.unwrap();
    kept::assert_no_traces(&session, window).await.unwrap();
}

#[tokio::test]
async fn a_keyring_that_went_away_costs_nothing_but_time() {
    let mut session = PrivateSession::start(Screen::Virtual).unwrap();
    let mut window = Window::open(&session).await.unwrap();
    window.practice_url().unwrap();
    fill_in(&window, "type-system", NAME).await.unwrap();

    session.end_keyring();
    window.click("otp-use-practice").await.unwrap();
    window.wait_until("otp-error", "data-code", "keyring-missing").await.unwrap();
    window.picture("trouble-no-keyring").await.unwrap();

    session.start_keyring().unwrap();
    window.click("otp-submit").await.unwrap();
    window.wait_for("result").await.unwrap();
    window.wait_until("proof-turnedAway", "data-state", "done").await.unwrap();
    kept::assert_no_traces(&session, window).await.unwrap();
}

#[tokio::test]
async fn a_keyring_that_takes_its_time_is_named_while_it_does() {
    let session = PrivateSession::start(Screen::Virtual).unwrap();
    let mut window = Window::open(&session).await.unwrap();
    window.practice_url().unwrap();
    fill_in(&window, "type-system", NAME).await.unwrap();
    let keyring = session.keyring_pid().unwrap();
    process::pause(keyring);
    window.click("otp-use-practice").await.unwrap();
    window.wait_for_text("keyring-waits", "may be asking for its password").await.unwrap();
    window.assert_looks_good("trouble-keyring-waits").await.unwrap();
    process::go_on(keyring);
    window.wait_until("proof-turnedAway", "data-state", "done").await.unwrap();
    window.wait_for_number("keyring-waits", 0).await.unwrap();
    kept::assert_no_traces(&session, window).await.unwrap();
}

/// What a window manager, of which there is none here, sends when its close button is pressed (ICCCM, section 4.2.8.1).
fn press_close_button(session: &PrivateSession) -> std::result::Result<(), Box<dyn std::error::Error>> {
    let (screen, _) = x11rb::connect(Some(session.variable("DISPLAY")))?;
    let atom = |name: &[u8]| Ok::<_, ReplyError>(screen.intern_atom(false, name)?.reply()?.atom);
    let (protocols, delete) = (atom(b"WM_PROTOCOLS")?, atom(b"WM_DELETE_WINDOW")?);
    let root = screen.setup().roots.first().ok_or("no screen")?.root;
    for window in screen.query_tree(root)?.reply()?.children {
        let title = screen.get_property(false, window, AtomEnum::WM_NAME, AtomEnum::ANY, 0, 64)?.reply()?;
        if title.value == b"Token Desk" {
            let event = ClientMessageEvent::new(32, window, protocols, [delete, 0, 0, 0, 0]);
            return Ok(screen.send_event(false, window, EventMask::NO_EVENT, event)?.check()?);
        }
    }
    Err("no window".into())
}

/// A token whose secret the keyring did not take.
async fn made_while_the_keyring_goes(session: &PrivateSession) -> Result<Window> {
    let mut window = Window::open(session).await?;
    window.practice_url()?;
    fill_in(&window, "type-system", NAME).await?;
    let gone = window.kill_after_step("submitted", session.keyring_pid().expect("a keyring"));
    window.click("otp-use-practice").await?;
    window.wait_for("not-kept").await?;
    assert!(gone.join().expect("the thread that kills"));
    Ok(window)
}

#[tokio::test]
async fn a_secret_that_the_keyring_did_not_take_goes_with_the_window_only_if_the_person_says_so() {
    let session = PrivateSession::start(Screen::Virtual).unwrap();
    let window = made_while_the_keyring_goes(&session).await.unwrap();
    window.assert_looks_good("trouble-not-kept").await.unwrap();
    press_close_button(&session).unwrap();
    window.wait_for_text("closing-question", NAME).await.unwrap();
    window.assert_looks_good("trouble-closing").await.unwrap();
    window.click("closing-stay").await.unwrap();
    assert!(window.attributes("closing-question", "data-testid").await.unwrap().is_empty());

    // Said so, it goes, and the next start fetches the secret from the service.
    press_close_button(&session).unwrap();
    window.wait_for("closing-close").await.unwrap();
    let app = window.app_pid().unwrap();
    // The driver may lose its window before it can answer, and then it waits for ever.
    drop(tokio::time::timeout(Duration::from_secs(5), window.click("closing-close")).await);
    let mut said = window.said();
    poll(Duration::from_secs(20), "end of the app", || (!is_there(app)).then_some(())).unwrap();
    drop(window);
    let mut session = session;
    session.end_keyring();
    session.start_keyring().unwrap();
    let mut window = Window::open(&session).await.unwrap();
    window.practice_url().unwrap();
    window.wait_until("interrupted-story", "data-stage", "sent").await.unwrap();
    window.click("interrupted-finish").await.unwrap();
    window.wait_until("proof-turnedAway", "data-state", "done").await.unwrap();

    let kept = kept::in_keyring(&session, &session.home().join("token-desk")).unwrap();
    said.extend(window.said());
    assert_eq!(kept.written(&session, &said).unwrap(), [], "not for all that went wrong");

    // With nothing to lose it closes at once.
    let app = window.app_pid().unwrap();
    press_close_button(&session).unwrap();
    poll(Duration::from_secs(20), "end of the app", || (!is_there(app)).then_some(())).unwrap();
}

#[tokio::test]
async fn a_secret_that_the_keyring_did_not_take_is_saved_to_a_file_and_kept_once_the_keyring_is_back() {
    let mut session = PrivateSession::start(Screen::Virtual).unwrap();
    let window = made_while_the_keyring_goes(&session).await.unwrap();
    assert_eq!(window.attributes("proof-kept", "data-state").await.unwrap(), ["failed"]);

    window.click("keep-again").await.unwrap();
    window.wait_for_text("not-kept", "no keyring running").await.unwrap();
    window.wait_until_ready("keep-again").await.unwrap();
    window.picture("trouble-not-kept-again").await.unwrap();

    // What is only in memory can still be saved.
    window.click("secret-save").await.unwrap();
    let dialog = Dialog::find(&session, "Save to a file").unwrap();
    dialog.press("ctrl+a").unwrap();
    dialog.enter(Path::new("saved.env")).unwrap();
    window.wait_for_text("secret-saved", "saved.env").await.unwrap();
    window.picture("trouble-not-kept-saved").await.unwrap();
    let file = session.home().join("saved.env");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);

    session.end_keyring();
    session.start_keyring().unwrap();
    window.click("keep-again").await.unwrap();
    window.wait_until("proof-kept", "data-state", "done").await.unwrap();
    window.wait_until("proof-turnedAway", "data-state", "done").await.unwrap();
    window.wait_for_text("result", &format!("{NAME} works")).await.unwrap();
    window.wait_for_number("not-kept", 0).await.unwrap();
    window.picture("trouble-kept-again").await.unwrap();

    // What the keyring has now is in the file, and nowhere else.
    let kept = kept::in_keyring(&session, &session.home().join("token-desk")).unwrap();
    assert!(!kept.of_tokens.in_bytes(&fs::read(&file).unwrap(), "the file").is_empty());
    fs::remove_file(&file).unwrap();
    kept.assert_not_left(&session, window).await.unwrap();
}

/// Whether a process runs, or waits for nothing but to be reaped.
fn is_there(pid: u32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit(") ").next().is_some_and(|rest| !rest.is_empty() && !rest.starts_with('Z'))
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_is_said_until_it_can() {
    let session = PrivateSession::start(Screen::Virtual).unwrap();
    // The tests may run as root, who can write anywhere but over a directory.
    let data = session.home().join("data");
    let blocked = data.join("lock");
    fs::create_dir_all(&blocked).unwrap();
    let window = Window::open_on(&session, &data).await.unwrap();
    window.wait_until("alert", "data-code", "data-dir-unsafe").await.unwrap();
    window.picture("trouble-unwritable").await.unwrap();
    window.type_into("name", NAME).await.unwrap();

    fs::remove_dir(&blocked).unwrap();
    window.click("alert-again").await.unwrap();
    window.wait_for_number("alert", 0).await.unwrap();
    assert_eq!(window.text("name").await.unwrap(), NAME);
    window.close().await.unwrap();
}
