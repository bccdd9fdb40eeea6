use std::sync::OnceLock;
use std::time::Instant;

use desk::creation::Step;

static STARTED: OnceLock<Instant> = OnceLock::new();

/// Notes the start; to be called first.
pub(crate) fn start() {
    STARTED.get_or_init(Instant::now);
}

/// With `TOKEN_DESK_TRACE=1`: writes `usable <milliseconds since the start>` to stderr.
pub(crate) fn usable() {
    if is_on()
        && let Some(started) = STARTED.get()
    {
        eprintln!("usable {}", started.elapsed().as_millis());
    }
}

/// With `TOKEN_DESK_TRACE=1`: says where the practice service listens, for scripts that want to call it.
pub(crate) fn practice(url: &str) {
    if is_on() {
        eprintln!("practice {url}");
    }
}

/// With `TOKEN_DESK_TRACE=1`: says how far a creation has come, for tests that end the app just then.
pub(crate) fn step(step: Step) {
    if is_on() {
        eprintln!("step {}", step.as_str());
    }
}

fn is_on() -> bool {
    std::env::var_os("TOKEN_DESK_TRACE").is_some_and(|value| value == "1")
}
