use std::path::PathBuf;

use desk::{Token, TokenType, destination::Destination};
use tauri::WebviewWindow;

/// Asks the person where to save; `None` if they would rather not.
pub(crate) async fn ask(window: &WebviewWindow, token: &Token) -> Option<PathBuf> {
    let dialog = rfd::AsyncFileDialog::new().set_parent(window).set_file_name(file_name(token));
    dialog.save_file().await.map(|chosen| chosen.path().to_owned())
}

/// A name that every file system takes, and that says "practice" where the token is nothing more.
fn file_name(token: &Token) -> String {
    let words = token.name.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    let name = words.collect::<Vec<_>>().join("-").to_lowercase();
    let place = if token.destination == Destination::Practice { "practice-" } else { "" };
    let extension = match token.token_type {
        TokenType::SelfGenerated => "pem",
        TokenType::SystemGenerated => "env",
    };
    format!("{place}{}.{extension}", if name.is_empty() { "token" } else { &name })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_name_of_a_token_becomes_a_file_name() {
        for (name, expected) in [
            ("Home bot", "practice-home-bot.pem"),
            ("../../etc/passwd", "practice-etc-passwd.pem"),
            ("ボット", "practice-ボット.pem"),
            ("???", "practice-token.pem"),
        ] {
            let token = Token {
                id: uuid::Uuid::nil(),
                destination: Destination::Practice,
                token_type: TokenType::SelfGenerated,
                name: name.to_owned(),
                api_key: String::new(),
                trusted_ips: Vec::new(),
                permissions: [].into(),
                created_at: time::OffsetDateTime::UNIX_EPOCH,
            };
            assert_eq!(file_name(&token), expected);
        }
    }
}
