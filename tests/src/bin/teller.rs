//! Says what the app keeps in the session's keyring, for those who search for it elsewhere: `token-desk-teller DATA`.

use std::{env, path::Path, process::ExitCode};

fn main() -> ExitCode {
    let Some(data) = env::args_os().nth(1) else {
        eprintln!("it takes the app's data directory");
        return ExitCode::FAILURE;
    };
    token_desk_tests::kept::tell(Path::new(&data));
    ExitCode::SUCCESS
}
