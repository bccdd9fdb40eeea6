//! Whether a test shall take its time.

/// `./dev test --long` asks for the long runs: the full counts of rounds and cases.
pub fn long_run() -> bool {
    std::env::var_os("TOKEN_DESK_LONG").is_some_and(|word| word == "1")
}
