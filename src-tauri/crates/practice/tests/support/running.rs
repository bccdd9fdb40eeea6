//! The binary `token-desk-practice` as a process.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::Value;

use super::Api;

/// The process ends with the test, whatever happens in it.
pub struct Running {
    pub child: Child,
    pub api: Api,
}

impl Running {
    pub fn start(data: &Path) -> Self {
        Self::start_with(data, &[])
    }

    pub fn start_with(data: &Path, arguments: &[&str]) -> Self {
        Self::of(command(data).args(arguments)).unwrap()
    }

    /// Runs a command that becomes the service; `None` if it ends before it is ready.
    pub fn of(command: &mut Command) -> Option<Self> {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        if line.is_empty() {
            child.wait().unwrap();
            return None;
        }
        let first: Value = serde_json::from_str(&line).unwrap();
        let text = |field: &str| first[field].as_str().unwrap();
        assert_eq!(first.as_object().unwrap().len(), 3);
        let api = Api::new(text("url"), text("session"), text("otp_secret"));
        Some(Self { child, api })
    }

    /// The code of this moment on the service's clock, which is the real one here.
    pub fn code(&self) -> String {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        self.api.code_at(i64::try_from(now.as_secs()).unwrap())
    }

    /// The same for a clock that was moved.
    pub fn code_after(&self, offset_s: i64) -> String {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        self.api.code_at(i64::try_from(now.as_secs()).unwrap() + offset_s)
    }

    /// A figure of `/proc/PID/status` in KiB: `VmRSS`, what of it is in memory; `VmHWM`, the most that ever was.
    pub fn memory_kib(&self, name: &str) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }

    pub fn open_files(&self) -> usize {
        fs::read_dir(format!("/proc/{}/fd", self.child.id())).unwrap().count()
    }

    pub fn signal(&mut self, name: &str) -> ExitStatus {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([name, &id]).status().unwrap().success());
        self.child.wait().unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It has ended already in most tests.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Whether a test shall take its time: the full counts.
pub fn long_run() -> bool {
    std::env::var_os("TOKEN_DESK_LONG").is_some_and(|word| word == "1")
}

pub fn command(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_token-desk-practice"));
    command.args(["--listen", "127.0.0.1:0", "--data"]).arg(data).stdin(Stdio::null());
    command
}

pub fn modes(data: &Path) -> Vec<(String, u32)> {
    let mut modes: Vec<_> = fs::read_dir(data)
        .unwrap()
        .map(|entry| {
            let entry = entry.unwrap();
            let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
            (entry.file_name().into_string().unwrap(), mode)
        })
        .collect();
    modes.sort();
    modes
}
