//! A fault in a library in the midst of a creation loses no secret, and what it says goes no further.

use std::panic;
use std::sync::{Arc, Mutex};

use desk::check::check;
use desk::secrets::readable;
use desk::{Code, TokenType};

use crate::support::{Keyring, code, create, draft, open, resume};

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_at_the_worst_moment_loses_no_secret_and_its_words_go_no_further() {
    let (dir, keyring) = (tempfile::tempdir().unwrap(), Keyring::new());
    let desk = open(dir.path(), &keyring);
    let draft = draft(TokenType::SystemGenerated, "Home bot");
    let code = code(&desk).await;
    let printed = Arc::new(Mutex::new(String::new()));
    let printing = Arc::clone(&printed);
    panic::set_hook(Box::new(move |info| *printing.lock().unwrap() += &format!("{info}\n{info:?}")));
    keyring.panic_at_secret();
    let made = create(&desk, &draft, &code).await.unwrap();
    drop(panic::take_hook());

    let shown = format!("{made:?} {desk:?} {:?}", made.token);
    let error = made.kept.unwrap_err();
    let printed = printed.lock().unwrap().clone();
    assert!(printed.contains("a fault of the keyring library"));
    assert_eq!(desk::vault_code(&error), Code::KeyringFailed);
    let secret = readable(&desk, draft.id).await.unwrap();
    assert!(secret.len() > 32);
    assert!(printed.contains(&*secret), "the app hides it with a hook of its own");
    for text in [shown, error.to_string(), format!("{error:?}")] {
        assert!(!text.contains(&*secret));
    }
    // The service's answer can still be opened.
    desk.practice().stop().await;
    drop(desk);
    let sound = Keyring::with(keyring.items());
    let desk = open(dir.path(), &sound);
    assert_eq!(resume(&desk).await.len(), 1);
    assert_eq!(check(&desk, draft.id).await.unwrap().code, "ok");
}
