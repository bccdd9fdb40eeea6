use std::process::Command;

use crate::{skipped, tried};

/// Whether strace may look at a program, and make its calls of the system fail.
#[must_use]
pub fn tracing() -> bool {
    tried(Command::new("strace").args(["-o", "/dev/null", "true"]))
        .inspect_err(|why| skipped(&format!("strace is not installed or may not trace here: {why}")))
        .is_ok()
}
