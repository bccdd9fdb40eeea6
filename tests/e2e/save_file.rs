//! A person saves a secret to a file, in the system's own dialog.

use std::{fs, os::unix::fs::PermissionsExt, time::Duration};

use token_desk_tests::{
    kept,
    process::poll,
    session::{PrivateSession, Screen},
    window::Window,
};

#[tokio::test]
async fn a_secret_is_saved_where_the_person_says_and_is_theirs_alone() {
    let session = PrivateSession::start(Screen::Virtual).unwrap();
    let mut window = Window::open(&session).await.unwrap();
    window.practice_url().unwrap();
    window.click("type-system").await.unwrap();
    window.type_into("name", "Home bot").await.unwrap();
    window.click("detect").await.unwrap();
    window.wait_for("chip").await.unwrap();
    window.click("preset-bots").await.unwrap();
    window.wait_until_ready("create").await.unwrap();
    window.click("create").await.unwrap();
    window.wait_for("otp").await.unwrap();
    window.click("otp-use-practice").await.unwrap();
    window.wait_until("proof-turnedAway", "data-state", "done").await.unwrap();

    window.click("secret-save").await.unwrap();
    let file = session.home().join("saved.env");
    // There is no window manager: the dialog gets its keys by name, with the name field focused and its text selected.
    let dialog = poll(Duration::from_secs(20), "dialog", || {
        let found = session.command("xdotool").args(["search", "--onlyvisible", "--name", "Save"]).output().ok()?;
        String::from_utf8(found.stdout).ok()?.lines().last().map(str::to_owned)
    });
    let dialog = dialog.unwrap();
    let sent = |arguments: &[&str]| session.command("xdotool").args(arguments).status().unwrap().success();
    let keys = |arguments: &[&str]| assert!(sent(arguments));
    // X refuses the focus to a window that is not drawn yet.
    poll(Duration::from_secs(20), "focus", || sent(&["windowfocus", "--sync", &dialog]).then_some(())).unwrap();
    keys(&["key", "ctrl+a"]);
    if let Some(shots) = std::env::var_os("TOKEN_DESK_SHOTS") {
        let picture = std::path::PathBuf::from(shots).join("save-dialog.png");
        session.command("import").args(["-window", "root"]).arg(picture).status().unwrap();
    }
    keys(&["type", &file.to_string_lossy()]);
    keys(&["key", "Return"]);
    window.wait_for_text("secret-saved", "saved.env").await.unwrap();
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.starts_with("# Practice: does not work at 3Commas."), "{text}");
    assert!(text.contains("THREECOMMAS_API_SECRET="));

    // It went past the page, and is nowhere but in that file.
    let kept = kept::in_keyring(&session, &session.home().join("token-desk")).unwrap();
    assert!(!kept.written(&session, &[]).unwrap().is_empty(), "it is found in that file");
    fs::remove_file(&file).unwrap();
    assert_eq!(kept.written(&session, &window.said()).unwrap(), []);
    assert_eq!(kept.of_tokens.in_memory(window.app_pid().unwrap()).unwrap(), [], "the app");
    for pid in window.pids() {
        assert_eq!(kept.of_tokens.in_memory(pid).unwrap_or_default(), [], "{pid}");
    }
    window.close().await.unwrap();
}
