//! The main job in the real window: a person makes a token and takes it away. The end-to-end test and `./dev demo` both
//! walk this path.

use std::path::PathBuf;

use crate::{
    Result,
    py3cw::{Credentials, SigningKey},
    window::{Look, Violation, Window},
};

/// The key of that name (W3C WebDriver, section 17.4.2).
const ENTER: char = '\u{e007}';

/// Who makes the key.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum TokenType {
    /// The app, on this computer.
    SelfGenerated,
    /// The service.
    SystemGenerated,
}

/// What a person has in the end.
#[derive(Debug)]
pub struct Made {
    /// What their script needs.
    pub credentials: Credentials,
    /// How often they clicked or filled something in, besides the name and the code.
    pub interactions: u32,
}

/// Looks on at every step.
#[derive(Debug, Default)]
pub struct Observer {
    pictures: Option<PathBuf>,
    looks: Vec<Look>,
    audits: bool,
    narrates: bool,
    violations: Vec<(String, Violation)>,
    steps: usize,
}

impl Observer {
    /// Checks each screen for accessibility, in every size and theme. Pictures of them go to the directory, if there is one.
    pub fn auditor(pictures: Option<PathBuf>) -> Observer {
        Observer { pictures, looks: Look::ALL.to_vec(), audits: true, ..Observer::default() }
    }

    /// Says each step, and takes the window as it is.
    pub fn narrator(pictures: Option<PathBuf>) -> Observer {
        Observer { pictures, narrates: true, ..Observer::default() }
    }

    /// What the checks found, with the picture that it is on.
    pub fn violations(&self) -> &[(String, Violation)] {
        &self.violations
    }

    /// A step is done, and this is what it was; `at` is where to look.
    pub async fn see(&mut self, window: &Window, slug: &str, at: &str, sentence: &str) -> Result<()> {
        self.steps += 1;
        if self.narrates {
            println!("{:>3}. {sentence}", self.steps);
        }
        if self.looks.is_empty() {
            return self.look(window, slug, at).await;
        }
        for look in self.looks.clone() {
            window.take_on(look).await?;
            self.look(window, &format!("{slug}-{look}"), at).await?;
        }
        window.take_on(self.looks[0]).await
    }

    async fn look(&mut self, window: &Window, name: &str, at: &str) -> Result<()> {
        window.bring_into_view(at).await?;
        if let Some(directory) = &self.pictures {
            let file = directory.join(format!("{:02}-{name}.png", self.steps));
            window.screenshot(&file).await?;
            if self.narrates {
                println!("     {}", file.display());
            }
        }
        if self.audits {
            let found = window.violations().await?;
            self.violations.extend(found.into_iter().map(|violation| (name.to_owned(), violation)));
        }
        Ok(())
    }
}

/// Makes a practice token by typing and clicking, from the empty form to the credentials.
pub async fn create_token(window: &Window, observer: &mut Observer, token_type: TokenType, name: &str) -> Result<Made> {
    let before = window.interactions();
    let (choice, kind) = match token_type {
        TokenType::SelfGenerated => ("type-self", "self"),
        TokenType::SystemGenerated => ("type-system", "system"),
    };

    window.wait_for("name").await?;
    observer.see(window, &format!("{kind}-empty"), "name", "The form is empty; Practice is chosen.").await?;

    window.click(choice).await?;
    window.type_into("name", name).await?;
    observer.see(window, &format!("{kind}-named"), "name", "The type is chosen and the token has a name.").await?;

    window.click("detect").await?;
    window.wait_for("chip").await?;
    observer.see(window, &format!("{kind}-address"), "chip", "The address of this computer is found.").await?;

    window.click("preset-statistics").await?;
    observer
        .see(
            window,
            &format!("{kind}-complete"),
            "preset-statistics",
            "It may look, and change nothing. The form is complete.",
        )
        .await?;

    window.click("create").await?;
    window.wait_for("otp").await?;
    observer.see(window, &format!("{kind}-code"), "otp", "The service asks for a code of the authenticator.").await?;

    window.click("otp-use-practice").await?;
    window.wait_for("result").await?;
    let api_key = window.text("api-key").await?;
    let made = window.interactions() - before;
    for proof in ["kept", "made", "answered", "turnedAway"] {
        window.wait_until(&format!("proof-{proof}"), "data-state", "done").await?;
    }
    observer
        .see(
            window,
            &format!("{kind}-issued"),
            "api-key",
            "The token is issued, kept in the keyring, and proved to work.",
        )
        .await?;

    window.click("secret-show").await?;
    let secret = window.text("secret").await?;
    observer
        .see(window, &format!("{kind}-shown"), "secret", "What signs its requests is shown, because it was asked for.")
        .await?;

    let key = match token_type {
        TokenType::SelfGenerated => SigningKey::PrivateKey(secret),
        TokenType::SystemGenerated => SigningKey::Secret(secret),
    };
    // The name and the click that took the code over from the practice authenticator are not counted.
    Ok(Made { credentials: Credentials { api_key, key }, interactions: made - 2 })
}

/// Back to an empty form.
pub async fn start_another(window: &Window) -> Result<()> {
    window.click("create-another").await?;
    window.wait_for("name").await
}

/// Writes a note to the token that is open in My tokens, with the keyboard.
pub async fn write_note(window: &Window, note: &str) -> Result<()> {
    window.type_into("note", &format!("{note}{ENTER}")).await?;
    window.wait_for_text("note-said", "Saved").await
}

/// Fills the form in, up to where a code is asked for. `choice` is the button of the type.
pub async fn fill_in(window: &Window, choice: &str, name: &str) -> Result<()> {
    window.click(choice).await?;
    window.type_into("name", name).await?;
    window.click("detect").await?;
    window.wait_for("chip").await?;
    window.click("preset-bots").await?;
    window.wait_until_ready("create").await?;
    window.click("create").await?;
    window.wait_for("otp").await
}
