//! The practice service: 3Commas' token page and public API, simulated on this computer.
//!
//! It issues API access tokens behind a real one-time code (`POST /api_tokens`) and then enforces
//! what it issued on `/public/api/...`: signature, trusted IPs, permission. The library is used by
//! the app; the binary `token-desk-practice` runs the same service by itself.
//!
//! ```no_run
//! # async fn example() -> Result<(), practice::Error> {
//! use practice::{Config, Practice, StateKey};
//!
//! let config = Config::new("practice-data", StateKey::generate());
//! let practice = Practice::start(config).await?;
//! println!("{}", practice.url());
//! practice.shutdown().await;
//! # Ok(())
//! # }
//! ```

pub use clock::{Clock, ClockOffset, SystemClock};
pub use config::{Config, Limits};
pub use error::Error;
pub use fault::Fault;
pub use json_lines::JsonLines;
pub use otp::CodeNow;
pub use otp_secret::OtpSecret;
pub use refusals::RefusedRequest;
pub use request_log::{LoggedRequest, RequestLog, Unanswered};
pub use service::Practice;
pub use session::Session;
pub use state_key::StateKey;

mod answers;
mod app;
mod attempts;
mod authenticator;
mod callers;
mod clock;
mod config;
mod data_dir;
mod database;
mod der;
mod diagnosis;
mod endpoints;
mod error;
mod examination;
mod fault;
mod guard;
mod hosts;
mod http;
mod idempotency;
mod json_lines;
mod moment;
mod mutation;
mod new_token;
mod otp;
mod otp_secret;
mod peer;
mod permission;
mod problems;
mod public_key;
mod random;
mod refusal;
mod refusals;
mod request_limits;
mod request_log;
mod sample;
mod schema;
mod seal;
mod service;
mod session;
mod shown;
mod state_key;
mod store;
mod strict_json;
mod sweep;
mod token_edit;
mod token_fields;
mod tokens;
