//! The example as a program.

use std::path::PathBuf;
use std::process::Command;

/// The example, as Cargo built it beside this test, without the proxies of whoever runs the tests.
pub(crate) fn detect() -> Command {
    let mut path: PathBuf = std::env::current_exe().unwrap();
    path.pop();
    path.pop();
    path.extend(["examples", &format!("detect{}", std::env::consts::EXE_SUFFIX)]);
    assert!(path.is_file(), "not there: {} (cargo build -p public-address --example detect)", path.display());

    let mut command = Command::new(path);
    for name in ["ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY"] {
        command.env_remove(name).env_remove(name.to_lowercase());
    }
    command
}
