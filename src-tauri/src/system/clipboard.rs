use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use arboard::Clipboard;
use zeroize::Zeroizing;

/// How long a copied secret stays.
pub(crate) const KEPT_FOR: Duration = Duration::from_secs(30);

/// The clipboard, held by one long-lived instance: on X11 and Wayland copied text lives in our process.
///
/// What is to be cleared is remembered here and not in the page, which can reload.
#[derive(Default)]
pub(crate) struct SafeClipboard {
    state: Mutex<State>,
}

/// It cannot be reached, or does not take the text.
#[derive(Debug)]
pub(crate) struct Failed;

impl From<arboard::Error> for Failed {
    fn from(_: arboard::Error) -> Self {
        Self
    }
}

#[derive(Default)]
struct State {
    clipboard: Option<Clipboard>,
    /// The secret that was copied last, until it is cleared, and its number.
    secret: Option<(u64, Zeroizing<String>)>,
    copies: u64,
}

impl SafeClipboard {
    /// Copies what everybody may see.
    pub(crate) fn copy(&self, text: &str) -> Result<(), Failed> {
        let mut state = self.state();
        state.connect()?.set_text(text)?;
        state.secret = None;
        Ok(())
    }

    /// Copies a secret, marked as sensitive for clipboard managers. Returns the number of this copy.
    pub(crate) fn copy_secret(&self, text: Zeroizing<String>) -> Result<u64, Failed> {
        let mut state = self.state();
        excluded(state.connect()?.set()).text(text.as_str())?;
        state.copies += 1;
        state.secret = Some((state.copies, text));
        Ok(state.copies)
    }

    /// Empties the clipboard if the last secret, or the one of this number, is still what is in it.
    pub(crate) fn clear(&self, copy: Option<u64>) {
        let mut state = self.state();
        let Some((_, text)) = state.secret.take_if(|(number, _)| copy.is_none_or(|copy| copy == *number)) else {
            return;
        };
        let Ok(clipboard) = state.connect() else { return };
        let ours = match clipboard.get_text() {
            Ok(now) => now == *text,
            // A picture, say: what somebody else copied stays.
            Err(arboard::Error::ContentNotAvailable) => false,
            Err(_) => true,
        };
        if ours {
            // A clipboard that cannot be reached holds nothing of ours either.
            drop(clipboard.clear());
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn connect(&mut self) -> Result<&mut Clipboard, arboard::Error> {
        match self.clipboard {
            Some(ref mut clipboard) => Ok(clipboard),
            None => Ok(self.clipboard.insert(Clipboard::new()?)),
        }
    }
}

impl std::fmt::Debug for SafeClipboard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SafeClipboard")
    }
}

#[cfg(target_os = "linux")]
fn excluded(set: arboard::Set<'_>) -> arboard::Set<'_> {
    arboard::SetExtLinux::exclude_from_history(set)
}

#[cfg(target_os = "macos")]
fn excluded(set: arboard::Set<'_>) -> arboard::Set<'_> {
    arboard::SetExtApple::exclude_from_history(set)
}

#[cfg(windows)]
fn excluded(set: arboard::Set<'_>) -> arboard::Set<'_> {
    use arboard::SetExtWindows;
    set.exclude_from_cloud().exclude_from_history()
}
