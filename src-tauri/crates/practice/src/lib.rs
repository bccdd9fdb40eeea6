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

mod account;
mod conditions;
mod config;
mod documented;
mod error;
mod headers;
mod http;
mod problems;
mod public_api;
mod record;
mod service;
mod shared;
mod storage;
mod tokens;
mod words;

pub use account::otp::CodeNow;
pub use account::otp_secret::OtpSecret;
pub use account::session::Session;
pub use conditions::clock::{Clock, ClockOffset, SystemClock};
pub use conditions::fault::Fault;
pub use conditions::request_limits::Limits;
pub use config::Config;
pub use error::Error;
pub use record::json_lines::JsonLines;
pub use record::refused::RefusedRequest;
pub use record::request_log::{LoggedRequest, RequestLog, Unanswered};
pub use service::Practice;
pub use storage::state_key::StateKey;
