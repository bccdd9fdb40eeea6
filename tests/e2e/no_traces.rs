//! The app in its window leaves nothing of a secret where it does not belong.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first thing that is not as it should be")]

use std::{ffi::OsStr, fs, time::Duration};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use token_desk_tests::{
    kept::{self, Kept},
    places,
    process::poll,
    session::{PrivateSession, Screen},
    traces::Trace,
    window::Window,
};

const APP: &str = "the app";
const LOOKED_AT: [&str; 3] = [APP, "WebKitWebProcess", "WebKitNetworkProcess"];

#[tokio::test]
async fn core_dumps_are_off_and_a_secret_that_was_not_shown_is_nowhere() {
    // The limit of whoever starts the app is usually 0, which would prove nothing.
    let before = getrlimit(Resource::Core);
    setrlimit(Resource::Core, Rlimit { current: before.maximum, ..before }).unwrap();
    assert_ne!(core_limit(std::process::id())[0], "0", "the test cannot raise its own limit");
    let session = PrivateSession::start(Screen::Virtual).unwrap();
    let window = Window::open(&session).await.unwrap();
    for (token_type, name) in [("type-self", "Home bot"), ("type-system", "Old script")] {
        make(&window, token_type, name).await;
    }
    let data = session.home().join("token-desk");
    let kept = kept::in_keyring(&session, &data).unwrap();
    let Kept { of_tokens, all } = &kept;

    let app = fs::canonicalize(places::app().unwrap()).unwrap();
    let mut seen = Vec::new();
    for pid in window.pids() {
        let Ok(program) = fs::read_link(format!("/proc/{pid}/exe")) else { continue };
        let is_app = program == app;
        let name = if is_app { APP } else { program.file_name().and_then(OsStr::to_str).unwrap() }.to_owned();
        if !LOOKED_AT.contains(&name.as_str()) {
            continue;
        }
        assert_eq!(core_limit(pid), ["0", "0"], "{name}");
        for file in ["cmdline", "environ"] {
            let content = fs::read(format!("/proc/{pid}/{file}")).unwrap();
            assert_eq!(all.in_bytes(&content, file), Vec::<Trace>::new(), "{name}");
        }
        let searched = if is_app { of_tokens } else { all };
        assert_eq!(searched.in_memory(pid).unwrap(), Vec::<Trace>::new(), "{name}");
        seen.push(name);
    }
    for name in LOOKED_AT {
        assert!(seen.iter().any(|seen| seen == name), "{name} was not looked at: {seen:?}");
    }
    assert_eq!(kept.written(&session, &window.said()).unwrap(), Vec::<Trace>::new());

    // What is copied goes from the app to the clipboard, past the page, and leaves the app with the clipboard.
    let app = window.app_pid().unwrap();
    window.click("secret-copy").await.unwrap();
    poll(Duration::from_secs(10), "copy", || (!of_tokens.in_memory(app).unwrap().is_empty()).then_some(())).unwrap();
    for pid in window.pids().into_iter().filter(|pid| *pid != app) {
        assert_eq!(of_tokens.in_memory(pid).unwrap(), Vec::<Trace>::new(), "{pid}");
    }
    poll(Duration::from_secs(60), "end of the copy", || of_tokens.in_memory(app).unwrap().is_empty().then_some(()))
        .unwrap();

    // The service runs: the search would have found its key elsewhere too.
    assert!(!all.in_memory(app).unwrap().is_empty());
    // So would it what has been shown, which is in the web process.
    window.click("secret-show").await.unwrap();
    window.wait_for("secret").await.unwrap();
    assert!(window.pids().into_iter().any(|pid| !of_tokens.in_memory(pid).unwrap_or_default().is_empty()));
    // The same button hides it. WebKit does not overwrite what it freed, in the app's process either, but nothing was written.
    window.click("secret-show").await.unwrap();
    window.wait_for_number("secret", 0).await.unwrap();
    kept.assert_not_left(&session, window).await.unwrap();
}

async fn make(window: &Window, token_type: &str, name: &str) {
    window.wait_for("name").await.unwrap();
    window.click(token_type).await.unwrap();
    window.type_into("name", name).await.unwrap();
    window.click("detect").await.unwrap();
    window.wait_for("chip").await.unwrap();
    window.click("preset-statistics").await.unwrap();
    window.click("create").await.unwrap();
    window.wait_for("otp").await.unwrap();
    window.click("otp-use-practice").await.unwrap();
    window.wait_for("result").await.unwrap();
    for proof in ["kept", "answered", "turnedAway"] {
        window.wait_until(&format!("proof-{proof}"), "data-state", "done").await.unwrap();
    }
    if token_type == "type-self" {
        window.click("create-another").await.unwrap();
    }
}

/// Soft and hard.
fn core_limit(pid: u32) -> [String; 2] {
    let limits = fs::read_to_string(format!("/proc/{pid}/limits")).unwrap();
    let line = limits.lines().find_map(|line| line.strip_prefix("Max core file size")).unwrap();
    let mut limits = line.split_whitespace().map(str::to_owned);
    [limits.next().unwrap(), limits.next().unwrap()]
}
