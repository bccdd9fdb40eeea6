//! What the page may ask for: a command parses, calls one domain function and maps the error.

mod addresses;
mod closing;
mod create;
mod draft;
mod loss;
mod practice;
mod safe;
mod secrets;
mod sources;
mod startup;
mod tokens;
mod trusted_ips;
mod unfinished;

use tauri::Wry;
use tauri::ipc::Invoke;

/// All commands; `names.rs` lists them for the capabilities, and a test holds both equal.
pub(crate) fn handler() -> impl Fn(Invoke<Wry>) -> bool + Send + Sync + 'static {
    tauri::generate_handler![
        addresses::copy_server_command,
        addresses::detect_addresses,
        addresses::lookup_host,
        addresses::own_network,
        addresses::server_commands,
        addresses::stop_detecting,
        closing::close_window,
        closing::closing_asked,
        create::create_token,
        create::discard_key,
        create::keep_secret_again,
        create::prepare_key,
        create::prove_token,
        draft::check_draft,
        draft::keep_draft,
        loss::give_up_rebuilding,
        loss::rebuild_tokens,
        practice::practice_authenticator,
        practice::practice_code,
        practice::start_practice_over,
        safe::begin_new_secrets_file,
        safe::change_passphrase,
        safe::keep_in_file,
        safe::keep_in_keyring,
        safe::keyring_waits,
        safe::open_secrets_file,
        safe::safe,
        secrets::copy_api_key,
        secrets::copy_secret,
        secrets::restore_secret,
        secrets::save_secret,
        secrets::show_secret,
        sources::address_sources,
        sources::keep_address_sources,
        sources::usual_address_sources,
        startup::begin_practice,
        startup::startup,
        startup::usable,
        tokens::check_token,
        tokens::forget_token,
        tokens::list_tokens,
        trusted_ips::edit_trusted_ips,
        trusted_ips::network_steps,
        unfinished::creation_seen,
        unfinished::finish_creations,
        unfinished::give_up_creations,
        unfinished::revoke_for_renewal,
    ]
}
