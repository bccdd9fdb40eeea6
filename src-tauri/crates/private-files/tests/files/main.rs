//! For all who use this crate: what it refuses, and what it leaves behind whatever happens in between.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test may stop at the first thing that is not as it should be")]

mod core_dumps;
mod directories;
mod existing;
mod full_disk;
mod kills;
mod names;
mod owning;
mod syncs;
mod umask;
mod writing;

use std::ffi::OsString;
use std::fmt::Debug;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use private_files::{Error, Unsafe};

/// The bits that say who may do what.
fn mode(path: &Path) -> u32 {
    fs::symlink_metadata(path).unwrap().permissions().mode() & 0o7777
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// Why something was refused; `None` if it was not.
fn problem<T: Debug>(result: &Result<T, Error>) -> Option<Unsafe> {
    match result {
        Ok(_) => None,
        Err(Error::Unsafe { problem, .. }) => Some(*problem),
        Err(error) => panic!("another error: {error}"),
    }
}

/// What lies in a directory, in order.
fn names(directory: &Path) -> Vec<OsString> {
    let mut names: Vec<_> = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    names
}

/// Where a test that runs itself once more, as another process, finds its directory.
const DIRECTORY: &str = "PRIVATE_FILES_TEST_DIRECTORY";

/// What runs one test of this program once more, as another process with `directory` for it to work in.
fn this_program(test: &str, directory: &Path) -> Command {
    with_test(Command::new(std::env::current_exe().unwrap()), test, directory)
}

/// The same, run by another program.
fn again(mut by: Command, test: &str, directory: &Path) -> Command {
    by.arg(std::env::current_exe().unwrap());
    with_test(by, test, directory)
}

fn with_test(mut command: Command, test: &str, directory: &Path) -> Command {
    command.args([test, "--exact", "--nocapture", "--test-threads=1"]).env(DIRECTORY, directory).stdin(Stdio::null());
    command
}

/// strace with these options, and with no more output than they ask for.
fn strace(options: &[&str]) -> Command {
    let mut strace = Command::new("strace");
    strace.args(["-f", "-qq"]).args(options);
    strace
}

/// Where this process is the one that [`again`] started.
fn inside() -> Option<OsString> {
    std::env::var_os(DIRECTORY)
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}
