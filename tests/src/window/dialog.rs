use std::{path::Path, time::Duration};

use super::look::wanted_pictures;
use crate::{Error, Result, process::poll, session::PrivateSession};

const PATIENCE: Duration = Duration::from_secs(20);

/// The system's own dialog, over the app's window. There is no window manager: it gets its keys by name.
#[derive(Debug)]
pub struct Dialog<'a> {
    session: &'a PrivateSession,
}

impl<'a> Dialog<'a> {
    /// Waits for the dialog with this title, and gives it the focus.
    pub fn find(session: &'a PrivateSession, title: &str) -> Result<Dialog<'a>> {
        let id = poll(PATIENCE, title, || {
            let found = session.command("xdotool").args(["search", "--onlyvisible", "--name", title]).output().ok()?;
            String::from_utf8(found.stdout).ok()?.lines().last().map(str::to_owned)
        })?;
        let dialog = Dialog { session };
        // X refuses the focus to a window that is not drawn yet.
        poll(PATIENCE, "focus", || dialog.send(&["windowfocus", "--sync", &id]).ok())?;
        Ok(dialog)
    }

    /// Presses a key, or several at once.
    pub fn press(&self, key: &str) -> Result<()> {
        self.send(&["key", key])
    }

    /// Types a path, and accepts it.
    pub fn enter(&self, path: &Path) -> Result<()> {
        self.send(&["type", &path.to_string_lossy()])?;
        self.press("Return")
    }

    /// Where the caller wants pictures, one of the whole screen.
    pub fn picture(&self, name: &str) -> Result<()> {
        let Some(directory) = wanted_pictures() else { return Ok(()) };
        let file = directory.join(format!("{name}.png"));
        let taken = self.session.command("import").args(["-window", "root"]).arg(file).status();
        taken.map(drop).map_err(|source| Error::Start { program: "import".to_owned(), source })
    }

    fn send(&self, arguments: &[&str]) -> Result<()> {
        let status = self.session.command("xdotool").args(arguments).status();
        let status = status.map_err(|source| Error::Start { program: "xdotool".to_owned(), source })?;
        let refused = || Error::Answer { from: "xdotool", answer: status.to_string() };
        status.success().then_some(()).ok_or_else(refused)
    }
}
