use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use arboard::{Clipboard, Error};

/// How long a copied secret stays.
pub(crate) const KEPT_FOR: Duration = Duration::from_secs(30);

/// The clipboard, held by one long-lived instance: on X11 and Wayland copied text lives in our process.
///
/// The timer is here and not in the page, which can reload.
#[derive(Default)]
pub(crate) struct SafeClipboard {
    inner: Mutex<Option<Clipboard>>,
    /// Counts copies, so that the timer of an older one leaves a newer one alone.
    copies: AtomicU64,
}

impl SafeClipboard {
    /// Copies what everybody may see.
    pub(crate) fn copy(&self, text: &str) -> Result<(), Error> {
        self.copies.fetch_add(1, Ordering::SeqCst);
        self.with(|clipboard| clipboard.set_text(text))
    }

    /// Copies a secret: marked as sensitive for clipboard managers. Returns the number of this copy.
    pub(crate) fn copy_secret(&self, text: &str) -> Result<u64, Error> {
        let copy = self.copies.fetch_add(1, Ordering::SeqCst) + 1;
        self.with(|clipboard| excluded(clipboard.set()).text(text))?;
        Ok(copy)
    }

    /// Empties the clipboard if this copy was the last of ours and still is what is in it.
    pub(crate) fn clear(&self, copy: u64, text: &str) {
        if self.copies.load(Ordering::SeqCst) != copy {
            return;
        }
        let cleared = self.with(|clipboard| match clipboard.get_text() {
            // Somebody else's text stays.
            Ok(now) if now != text => Ok(()),
            Ok(_) | Err(_) => clipboard.clear(),
        });
        // A clipboard that cannot be reached holds nothing of ours either.
        drop(cleared);
    }

    fn with<T>(&self, use_it: impl FnOnce(&mut Clipboard) -> Result<T, Error>) -> Result<T, Error> {
        let mut inner = self.inner.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let clipboard = match inner.as_mut() {
            Some(clipboard) => clipboard,
            None => inner.insert(Clipboard::new()?),
        };
        use_it(clipboard)
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
