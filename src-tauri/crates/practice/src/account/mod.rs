//! The one account: its authenticator, and what is done behind a one-time code.

pub(crate) mod attempts;
pub(crate) mod authenticator;
pub(crate) mod change;
pub(crate) mod examination;
pub(crate) mod idempotency;
pub(crate) mod otp;
pub(crate) mod otp_secret;
pub(crate) mod session;
pub(crate) mod stored_answers;
pub(crate) mod sweep;
