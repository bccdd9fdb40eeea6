use std::{io, path::PathBuf, time::Duration};

use fantoccini::error::{CmdError, NewSessionError};

/// What keeps a test from going on; none of these is the test's own finding.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A program of the session went away.
    #[error("{program} ended ({status}); it last said:\n{said}")]
    Ended {
        /// The program.
        program: String,
        /// How it ended.
        status: String,
        /// The end of its output.
        said: String,
    },

    /// An answer that does not have the agreed form.
    #[error("{from} answered {answer}, which is not what was agreed")]
    Answer {
        /// Who answered.
        from: &'static str,
        /// What it said.
        answer: String,
    },

    /// An HTTP request that got no answer.
    #[error("no answer over HTTP: {0}")]
    Http(#[from] reqwest::Error),

    /// A file or directory could not be used.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What went wrong.
        source: io::Error,
    },

    /// Something that `./dev test` makes or installs is not there.
    #[error("{what} is not there: {}; `./dev test` makes it", .path.display())]
    NotThere {
        /// What is missing.
        what: &'static str,
        /// Where it was looked for.
        path: PathBuf,
    },

    /// A program could not be started.
    #[error("{program} does not start: {source}; `./dev test` installs what is needed")]
    Start {
        /// The program.
        program: String,
        /// What the system said.
        source: io::Error,
    },

    /// Something did not happen in time.
    #[error("after {} s there is still no {awaited}{seen}", .within.as_secs())]
    TimedOut {
        /// What was waited for.
        awaited: String,
        /// How long.
        within: Duration,
        /// What was there instead.
        seen: String,
    },

    /// The browser session did not begin.
    #[error("WebKitWebDriver began no session: {0}")]
    NoWindow(#[from] NewSessionError),

    /// The browser refused a command.
    #[error("WebKitWebDriver: {0}")]
    WebDriver(#[from] CmdError),
}

/// A result of the harness.
pub type Result<T> = std::result::Result<T, Error>;
