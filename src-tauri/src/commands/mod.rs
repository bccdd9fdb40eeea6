//! What the page may ask for: a command parses, calls one domain function and maps the error.

mod addresses;
mod create;
mod draft;
mod practice;
mod secrets;
mod startup;
mod tokens;

use tauri::Wry;
use tauri::ipc::Invoke;

/// All commands; `names.rs` lists them for the capabilities, and a test holds both equal.
pub(crate) fn handler() -> impl Fn(Invoke<Wry>) -> bool + Send + Sync + 'static {
    tauri::generate_handler![
        addresses::detect_addresses,
        create::create_token,
        create::discard_key,
        create::keep_secret_again,
        create::prepare_key,
        create::prove_token,
        draft::check_draft,
        draft::keep_draft,
        practice::practice_authenticator,
        practice::practice_code,
        practice::start_practice_over,
        secrets::copy_api_key,
        secrets::copy_secret,
        secrets::show_secret,
        startup::begin_practice,
        startup::startup,
        startup::usable,
        tokens::check_token,
        tokens::forget_token,
        tokens::list_tokens,
    ]
}
