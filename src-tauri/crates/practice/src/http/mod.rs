//! The service over HTTP: what is read, asked of the rooms below, and answered.

mod account_session;
mod api_tokens;
mod body;
mod client_address;
mod common_headers;
mod control;
mod document;
mod faults;
mod host_check;
mod lingering;
mod parameters;
mod public_api;
mod recording;
mod refusal;
mod refused_requests;
mod router;
pub(crate) mod server;
mod shapes;
mod strict_json;
mod trace;
mod withholding;
