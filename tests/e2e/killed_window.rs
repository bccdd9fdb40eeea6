//! The app is killed in the midst of a creation, in its real window. At the next start a dialog explains, and one click finishes.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first thing that is not as it should be")]

use std::time::Duration;

use token_desk_tests::{
    creator::{self, Death},
    crowd::Crowd,
    journey::fill_in,
    kept, places,
    process::{self, poll},
    py3cw::{Answer, Credentials, Signature, SigningKey, call},
    session::{PrivateSession, Screen},
    window::Window,
};

const NAME: &str = "Home bot";

/// Fills the form in, sends it, and kills the app right after a step.
async fn create_and_kill(session: &PrivateSession, token_type: &str, step: &str) -> Vec<String> {
    let mut window = Window::open(session).await.unwrap();
    window.practice_url().unwrap();
    fill_in(&window, token_type, NAME).await.unwrap();
    // What comes after this step needs the keyring: so the app does not come further before it is killed.
    let held = session.keyring_pid().filter(|_| step == "journalled");
    held.inspect(|keyring| process::pause(*keyring));
    let killed = window.kill_after_step(step, window.app_pid().unwrap());
    // The driver may lose its window before it can answer, and then it waits for ever.
    drop(tokio::time::timeout(Duration::from_secs(5), window.click("otp-use-practice")).await);
    assert!(tokio::task::spawn_blocking(|| killed.join()).await.unwrap().unwrap(), "no step {step}");
    held.inspect(|keyring| process::go_on(*keyring));
    window.said()
}

/// One click, then the token works: the app says so, and so does a script. It may have come further than `stages` begin with:
/// between a step that is said and the kill, a busy machine may leave it time for the next one.
async fn one_click_finishes(session: &PrivateSession, stages: &[&str], mut said: Vec<String>) {
    let data = session.home().join("token-desk");
    // With the key that opens the stored answer, which is gone when the token is there.
    let kept_then = kept::in_keyring(session, &data).unwrap();
    let mut window = Window::open(session).await.unwrap();
    let service = window.practice_url().unwrap();
    assert!(window.text("interrupted-story").await.unwrap().contains(NAME));
    let [stage] = &window.attributes("interrupted-story", "data-stage").await.unwrap()[..] else { panic!("one story") };
    assert!(stages.contains(&&**stage), "{stage}");
    window.assert_looks_good(&format!("killed-{stage}")).await.unwrap();
    window.click("interrupted-finish").await.unwrap();
    window.wait_until("proof-turnedAway", "data-state", "done").await.unwrap();
    window.picture(&format!("killed-{stage}-finished")).await.unwrap();

    let api_key = window.text("api-key").await.unwrap();
    window.click("secret-show").await.unwrap();
    let private_key = window.text("secret").await.unwrap();
    let credentials = Credentials { api_key, key: SigningKey::PrivateKey(private_key) };
    let answer = call(&service, &credentials, "accounts", Signature::Intact).unwrap();
    assert_eq!(answer, Answer { status: 200, error: None });
    said.extend(window.said());
    window.close().await.unwrap();

    let window = Window::open(session).await.unwrap();
    window.wait_for("name").await.unwrap();
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(window.attributes("interrupted-story", "data-stage").await.unwrap().is_empty(), "it was told once");
    window.click("nav-tokens").await.unwrap();
    window.wait_for_number("token-row", 1).await.unwrap();
    said.extend(window.said());
    window.close().await.unwrap();
    for kept in [kept_then, kept::in_keyring(session, &data).unwrap()] {
        assert_eq!(kept.written(session, &said).unwrap(), [], "neither the kill nor what came after it left a trace");
    }
}

#[tokio::test]
async fn killed_once_the_service_had_answered() {
    let session = PrivateSession::start(Screen::Virtual).unwrap();
    let said = create_and_kill(&session, "type-self", "answered").await;
    one_click_finishes(&session, &["sent", "made"], said).await;
}

#[tokio::test]
async fn killed_before_the_result_was_seen() {
    let session = PrivateSession::start(Screen::Virtual).unwrap();
    let said = create_and_kill(&session, "type-self", "finished").await;
    one_click_finishes(&session, &["made"], said).await;
}

#[tokio::test]
async fn killed_before_anything_was_sent() {
    let session = PrivateSession::start(Screen::Virtual).unwrap();
    create_and_kill(&session, "type-system", "journalled").await;

    let mut window = Window::open(&session).await.unwrap();
    window.practice_url().unwrap();
    window.wait_until("interrupted-story", "data-stage", "notSent").await.unwrap();
    window.assert_looks_good("killed-not-sent").await.unwrap();
    window.click("interrupted-finish").await.unwrap();
    window.wait_until("interrupted-outcome", "data-outcome", "notMade").await.unwrap();
    window.assert_looks_good("killed-not-made").await.unwrap();
    window.click("interrupted-close").await.unwrap();
    assert_eq!(window.text("name").await.unwrap(), NAME, "the form is as it was left");
    window.wait_until_ready("create").await.unwrap();
    window.click("create").await.unwrap();
    window.wait_for("otp").await.unwrap();
    window.click("otp-use-practice").await.unwrap();
    window.wait_until("proof-turnedAway", "data-state", "done").await.unwrap();
    kept::assert_no_traces(&session, window).await.unwrap();
}

#[tokio::test]
async fn what_cannot_be_found_out_is_asked_no_more_if_the_person_says_so() {
    let session = PrivateSession::start(Screen::Virtual).unwrap();
    let data = session.home().join("token-desk");
    let work = ["make", "system", NAME, "--die-after", "answered"];
    creator::run_once_free(&session, &data, &work, "step answered").unwrap();

    let mut window = Window::open(&session).await.unwrap();
    let service = window.practice_url().unwrap();
    window.wait_until("interrupted-story", "data-stage", "sent").await.unwrap();
    let crowd = Crowd::gather(&service).await.unwrap();
    window.click("interrupted-finish").await.unwrap();
    window.wait_until("interrupted-error", "data-code", "creation-unfinished").await.unwrap();
    window.assert_looks_good("killed-not-found-out").await.unwrap();
    window.click("interrupted-give-up").await.unwrap();
    window.wait_for_text("interrupted-give-up-question", "lives on").await.unwrap();
    window.assert_looks_good("killed-give-up").await.unwrap();
    window.click("interrupted-give-up-confirm").await.unwrap();
    window.wait_for_number("interrupted", 0).await.unwrap();
    crowd.leave().await.unwrap();
    assert_eq!(window.text("name").await.unwrap(), NAME, "the form is as it was left");
    window.wait_until_ready("create").await.unwrap();
    window.click("nav-tokens").await.unwrap();
    window.wait_for_number("token-row", 0).await.unwrap();
    window.close().await.unwrap();

    let window = Window::open(&session).await.unwrap();
    assert_eq!(window.text("name").await.unwrap(), NAME);
    assert!(window.attributes("interrupted-story", "data-stage").await.unwrap().is_empty(), "it is not asked again");
    window.picture("killed-given-up").await.unwrap();
    window.close().await.unwrap();

    // Nothing of it is left here, and the token lives on there.
    let finish = || creator::run(session.command(places::creator().unwrap()), &data, "finish", Death::Never).ok();
    let report = poll(Duration::from_secs(20), "data that nobody has", || finish()?.report).unwrap();
    assert_eq!((report.settled, report.checks, report.at_service), (vec![], vec![], 1));
}

#[tokio::test]
async fn one_dialog_tells_what_became_of_each_of_several() {
    let session = PrivateSession::start(Screen::Virtual).unwrap();
    let data = session.home().join("token-desk");
    let make = |name: &str, step: &str| {
        let work = ["make", "system", name, "--die-after", step];
        creator::run_once_free(&session, &data, &work, &format!("step {step}")).unwrap();
    };
    make("Old script", "finished");
    creator::run_once_free(&session, &data, &["lose"], "{").unwrap();
    make("Night grid", "submitted");
    make(NAME, "answered");

    let mut window = Window::open(&session).await.unwrap();
    window.practice_url().unwrap();
    window.wait_for_number("interrupted-story", 3).await.unwrap();
    let stages = window.attributes("interrupted-story", "data-stage").await.unwrap();
    assert_eq!(stages, ["made", "notMade", "sent"]);
    window.assert_looks_good("killed-several").await.unwrap();
    window.click("interrupted-finish").await.unwrap();
    window.wait_for_number("interrupted-outcome", 3).await.unwrap();
    let outcomes = window.attributes("interrupted-outcome", "data-outcome").await.unwrap();
    assert_eq!(outcomes, ["secretGone", "notMade", "made"]);
    window.assert_looks_good("killed-several-settled").await.unwrap();

    // Whatever is gone on with, the form that became a token is done with.
    window.click("interrupted-renew").await.unwrap();
    window.wait_for("otp").await.unwrap();
    window.assert_looks_good("killed-several-renewal").await.unwrap();
    window.click("otp-back").await.unwrap();
    window.wait_for_number("otp", 0).await.unwrap();
    assert_eq!(window.form_value("name").await.unwrap(), "");
    window.picture("killed-several-form").await.unwrap();
    window.click("nav-tokens").await.unwrap();
    window.wait_for_number("token-row", 2).await.unwrap();
    window.picture("killed-several-tokens").await.unwrap();
    kept::assert_no_traces(&session, window).await.unwrap();
}
