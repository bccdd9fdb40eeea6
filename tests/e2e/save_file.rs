//! A person saves a secret to a file, in the system's own dialog, and has it back from there when the keyring has lost it.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use token_desk_tests::{
    creator,
    journey::fill_in,
    kept,
    session::{PrivateSession, Screen},
    window::{Dialog, Window},
};

#[tokio::test]
async fn a_secret_is_saved_where_the_person_says_is_theirs_alone_and_comes_back_from_there() {
    let session = PrivateSession::start(Screen::Virtual).unwrap();
    let mut window = Window::open(&session).await.unwrap();
    window.practice_url().unwrap();
    fill_in(&window, "type-system", "Home bot").await.unwrap();
    window.click("otp-use-practice").await.unwrap();
    window.wait_until("proof-turnedAway", "data-state", "done").await.unwrap();

    window.click("secret-save").await.unwrap();
    let file = session.home().join("saved.env");
    let dialog = Dialog::find(&session, "Save to a file").unwrap();
    dialog.press("ctrl+a").unwrap();
    dialog.picture("save-dialog").unwrap();
    // No folder is said: it begins at home, not where the app was started.
    dialog.enter(Path::new("saved.env")).unwrap();
    window.wait_for_text("secret-saved", "saved.env").await.unwrap();
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.starts_with("# Practice: does not work at 3Commas."), "{text}");
    assert!(text.contains("THREECOMMAS_API_SECRET="));

    // Whoever leaves the result finds all of it with the token.
    window.click("nav-tokens").await.unwrap();
    window.wait_for("secret-save").await.unwrap();
    assert!(text.contains(&window.text("api-key").await.unwrap()));
    window.assert_looks_good("tokens-handover").await.unwrap();
    window.bring_into_view("forget").await.unwrap();
    window.picture("tokens-handover-secret").await.unwrap();

    // It went past the page, and is nowhere but in that file.
    let kept = kept::in_keyring(&session, &session.home().join("token-desk")).unwrap();
    assert!(!kept.written(&session, &[]).unwrap().is_empty(), "it is found in that file");
    fs::remove_file(&file).unwrap();
    assert_eq!(kept.written(&session, &window.said()).unwrap(), []);
    assert_eq!(kept.of_tokens.in_memory(window.app_pid().unwrap()).unwrap(), [], "the app");
    let pids = window.pids();
    let is_web_process = |pid: &u32| fs::read_link(format!("/proc/{pid}/exe")).unwrap().ends_with("WebKitWebProcess");
    assert!(pids.iter().any(is_web_process), "{pids:?}");
    for pid in pids {
        assert_eq!(kept.of_tokens.in_memory(pid).unwrap(), [], "{pid}");
    }
    window.close().await.unwrap();

    // The keyring loses it, and the file is all that is left.
    fs::write(&file, text).unwrap();
    let data = session.home().join("token-desk");
    creator::run_once_free(&session, &data, &["lose"], "{").unwrap();
    let mut window = Window::open(&session).await.unwrap();
    window.practice_url().unwrap();
    window.click("nav-tokens").await.unwrap();
    window.click("check-now").await.unwrap();
    window.wait_for_text("secret-lost", "choose the file").await.unwrap();
    window.click("restore").await.unwrap();
    let dialog = Dialog::find(&session, "Choose the file that you saved").unwrap();
    dialog.picture("restore-dialog").unwrap();
    dialog.enter(&session.home().join("token-desk/installation")).unwrap();
    window.wait_until("restore-error", "data-code", "file-not-of-token").await.unwrap();
    window.picture("restore-refused").await.unwrap();
    window.click("restore").await.unwrap();
    Dialog::find(&session, "Choose the file that you saved").unwrap().enter(&file).unwrap();
    window.wait_until("check-result", "data-outcome", "works").await.unwrap();
    window.wait_for_number("secret-lost", 0).await.unwrap();
    window.picture("restored").await.unwrap();
    let again = kept::in_keyring(&session, &data).unwrap();
    fs::remove_file(&file).unwrap();
    assert_eq!(again.written(&session, &window.said()).unwrap(), []);
    // Its memory is not looked at here: to tell the types of the files that it lists, GTK reads the beginning of each.
    window.close().await.unwrap();
}
