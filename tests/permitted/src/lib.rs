//! What this machine lets a test do.
//!
//! Containers and hardened systems forbid some of what tests of disks, networks and crashes need, and so do plain users'
//! rights. Each is found out by doing it once. Where it is not permitted the test says `SKIPPED` and why, and passes;
//! `./dev test` lists such tests at its end. Anything else that goes wrong is the test's own failure.

mod network;
#[cfg(unix)]
mod ownership;
mod small_disk;
mod tracing;

use std::io::{self, Write};
use std::process::{Command, Stdio};

pub use network::network_namespaces;
#[cfg(unix)]
pub use ownership::give_away;
pub use small_disk::SmallDisk;
pub use tracing::tracing;

/// Says that a test could not be run here, past the harness, which shows nothing of a test that passes.
pub fn skipped(why: &str) {
    let _ = writeln!(io::stderr(), "SKIPPED: {why}");
}

/// Runs a command to its end. `Err` if it failed, with the last thing it said.
fn tried(command: &mut Command) -> Result<(), String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.stdin(Stdio::null()).output().map_err(|error| format!("{program}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(said.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or(&program).trim().to_owned())
}
