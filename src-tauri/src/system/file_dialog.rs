use std::path::PathBuf;

use desk::{Destination, KnownToken, TokenType};
use tauri::WebviewWindow;

use crate::system::words;

/// Asks the person where to save; `None` if they would rather not.
pub(crate) async fn where_to_save(window: &WebviewWindow, token: &KnownToken) -> Option<PathBuf> {
    dialog::ask(window, words::SAVE_TO_FILE, Some(file_name(token))).await
}

/// Asks the person which file they saved; `None` if they would rather not.
pub(crate) async fn which_was_saved(window: &WebviewWindow) -> Option<PathBuf> {
    dialog::ask(window, words::CHOOSE_SAVED_FILE, None).await
}

/// GTK's own dialog. What comes with `rfd` 0.17 is never released: it watches the folder for as long as the app runs, and reads
/// the beginning of every file that appears there, to tell its type. So a saved secret would come back into our own memory.
#[cfg(target_os = "linux")]
mod dialog {
    use std::cell::RefCell;
    use std::path::PathBuf;

    use gtk::prelude::{FileChooserExt as _, NativeDialogExt as _};
    use gtk::{FileChooserAction, FileChooserNative, ResponseType, glib};
    use tauri::{Manager as _, WebviewWindow};
    use tokio::sync::oneshot;

    /// With a name it asks for a new file, without one for a file that is there.
    pub(super) async fn ask(window: &WebviewWindow, title: &'static str, name: Option<String>) -> Option<PathBuf> {
        let (sender, chosen) = oneshot::channel();
        let parent = window.clone();
        window.run_on_main_thread(move || show(&parent, title, name.as_deref(), sender)).ok()?;
        chosen.await.ok()?
    }

    fn show(parent: &WebviewWindow, title: &str, name: Option<&str>, sender: oneshot::Sender<Option<PathBuf>>) {
        let owner = parent.gtk_window().ok();
        let action = if name.is_some() { FileChooserAction::Save } else { FileChooserAction::Open };
        let dialog = FileChooserNative::new(Some(title), owner.as_ref(), action, None, None);
        if let Some(name) = name {
            dialog.set_current_name(name);
        }
        // Else it would be wherever the app happened to be started.
        if let Ok(home) = parent.path().home_dir() {
            dialog.set_current_folder(home);
        }
        // It lives until it is answered.
        let kept = RefCell::new(Some((dialog.clone(), sender)));
        dialog.connect_response(move |dialog, response| {
            let chosen = if response == ResponseType::Accept { dialog.filename() } else { None };
            let Some((dialog, sender)) = kept.take() else { return };
            dialog.destroy();
            // Gone before there is a file.
            glib::idle_add_local_once(move || {
                drop(dialog);
                // Nobody waits any more if the page was loaded anew.
                drop(sender.send(chosen));
            });
        });
        dialog.show();
    }
}

#[cfg(not(target_os = "linux"))]
mod dialog {
    use std::path::PathBuf;

    use tauri::WebviewWindow;

    /// With a name it asks for a new file, without one for a file that is there.
    pub(super) async fn ask(window: &WebviewWindow, title: &'static str, name: Option<String>) -> Option<PathBuf> {
        let dialog = rfd::AsyncFileDialog::new().set_parent(window).set_title(title);
        let chosen = match name {
            Some(name) => dialog.set_file_name(name).save_file().await,
            None => dialog.pick_file().await,
        };
        chosen.map(|chosen| chosen.path().to_owned())
    }
}

/// A name that every file system takes, and that says "practice" where the token is nothing more.
fn file_name(token: &KnownToken) -> String {
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
            let token = KnownToken {
                id: uuid::Uuid::nil(),
                destination: Destination::Practice,
                token_type: TokenType::SelfGenerated,
                name: name.to_owned(),
                api_key: String::new(),
                trusted_ips: Vec::new(),
                permissions: [].into(),
                created_at: time::OffsetDateTime::UNIX_EPOCH,
                note: None,
            };
            assert_eq!(file_name(&token), expected);
        }
    }
}
