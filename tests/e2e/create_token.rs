//! A person makes one token of each type in the real window, and a script of theirs uses it.

use token_desk_tests::{
    journey::{Observer, TokenType, create_token, start_another, write_note},
    kept,
    py3cw::{Answer, Signature, call},
    session::{PrivateSession, Screen},
    window::{Window, wanted_pictures},
};

/// Besides the name and the code.
const INTERACTIONS_AT_MOST: u32 = 12;

#[tokio::test]
async fn a_token_of_each_type_is_made_by_typing_and_clicking_and_works() {
    let session = PrivateSession::start(Screen::Virtual).unwrap();
    let mut window = Window::open(&session).await.unwrap();
    let service = window.practice_url().unwrap();
    let mut observer = Observer::auditor(wanted_pictures());

    for (token_type, name) in [(TokenType::SelfGenerated, "Home bot"), (TokenType::SystemGenerated, "Old script")] {
        let made = create_token(&window, &mut observer, token_type, name).await.unwrap();
        assert!(made.interactions <= INTERACTIONS_AT_MOST, "{token_type:?} took {}", made.interactions);
        assert!(made.credentials.api_key.starts_with("practice"), "{}", made.credentials.api_key);

        let answer = call(&service, &made.credentials, "accounts", Signature::Intact).unwrap();
        assert_eq!(answer, Answer { status: 200, error: None }, "{token_type:?}");
        start_another(&window).await.unwrap();
    }

    window.click("nav-tokens").await.unwrap();
    window.wait_for("token-row").await.unwrap();
    observer.see(&window, "tokens", "token-row", "Both stand in the list.").await.unwrap();
    assert_eq!(window.attributes("token-row", "data-testid").await.unwrap().len(), 2);

    window.click("token-row").await.unwrap();
    write_note(&window, "the key is 0123456789abcdef0123456789abcdef").await.unwrap();
    window.wait_for_text("note-problem", "not a safe place").await.unwrap();
    observer.see(&window, "note", "note", "What looks like a secret in a note is warned of.").await.unwrap();

    window.click("check-now").await.unwrap();
    window.wait_until("check-result", "data-outcome", "works").await.unwrap();
    assert_eq!(window.violations().await.unwrap(), []);
    // Of both, while both are there to be asked for.
    let kept = kept::in_keyring(&session, &session.home().join("token-desk")).unwrap();
    window.click("forget").await.unwrap();
    window.wait_for("forget-question").await.unwrap();
    assert_eq!(window.violations().await.unwrap(), []);
    window.click("forget-confirm").await.unwrap();
    window.wait_for_number("token-row", 1).await.unwrap();

    assert!(observer.violations().is_empty(), "axe found: {:#?}", observer.violations());
    kept.assert_not_left(&session, window).await.unwrap();
}
