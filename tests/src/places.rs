//! Where the things under test lie.

use std::{
    env,
    path::{Path, PathBuf},
};

use crate::{Error, Result};

/// The desktop app: `TOKEN_DESK_APP`, else the one built beside this test.
pub fn app() -> Result<PathBuf> {
    match env::var_os("TOKEN_DESK_APP") {
        Some(path) => existing("the app of TOKEN_DESK_APP", PathBuf::from(path)),
        None => existing("the app", built("token-desk")?),
    }
}

/// The practice service as a program of its own.
pub fn practice_service() -> Result<PathBuf> {
    existing("the practice service", built("token-desk-practice")?)
}

/// The app's workflow without its window.
pub fn creator() -> Result<PathBuf> {
    existing("the workflow without a window", built("token-desk-creator")?)
}

/// What asks the session's keyring for all that the app keeps there.
pub fn teller() -> Result<PathBuf> {
    existing("the keyring's teller", built("token-desk-teller")?)
}

/// The Python that has py3cw.
pub fn python() -> Result<PathBuf> {
    existing("the Python environment", tests().join(".venv/bin/python"))
}

/// schemathesis, in the same environment.
pub fn schemathesis() -> Result<PathBuf> {
    existing("schemathesis", tests().join(".venv/bin/st"))
}

/// What makes schemathesis somebody who may use the practice service.
pub fn fuzz_hooks() -> PathBuf {
    tests().join("fuzz_hooks.py")
}

/// The script that calls py3cw.
pub fn py3cw_call() -> PathBuf {
    tests().join("py3cw_call.py")
}

/// The accessibility checker that runs inside the page.
pub fn axe() -> Result<PathBuf> {
    existing("axe-core", tests().with_file_name("ui").join("node_modules/axe-core/axe.min.js"))
}

fn tests() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A program of this workspace. Cargo tells tests only the programs of their own package, but puts all into one directory,
/// above the `deps` in which the tests lie.
fn built(name: &str) -> Result<PathBuf> {
    let this = env::current_exe().map_err(|source| Error::Io { path: PathBuf::from(name), source })?;
    let above = this.ancestors().skip(1).find(|directory| !directory.ends_with("deps"));
    Ok(above.unwrap_or(&this).join(name))
}

fn existing(what: &'static str, path: PathBuf) -> Result<PathBuf> {
    if path.exists() { Ok(path) } else { Err(Error::NotThere { what, path }) }
}
