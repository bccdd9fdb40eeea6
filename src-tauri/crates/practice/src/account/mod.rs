//! The one account: its authenticator, and what is done behind a one-time code.

pub(crate) mod attempts;
pub(crate) mod authenticator;
pub(crate) mod change;
pub(crate) mod examination;
pub(crate) mod idempotency;
pub(crate) mod otp;
pub(crate) mod otp_secret;
pub(crate) mod schema;
pub(crate) mod session;
pub(crate) mod stored_answers;
pub(crate) mod sweep;

use crate::account::authenticator::Authenticator;
use crate::account::idempotency::InFlight;
use crate::account::session::Session;
use crate::storage::seal::Sealer;
use crate::storage::state_key::StateKey;
use crate::tokens::callers::Callers;

/// The account, as long as the service runs.
pub(crate) struct Account {
    pub(crate) session: Session,
    pub(crate) authenticator: Authenticator,
    pub(crate) callers: Callers,
    pub(crate) in_flight: InFlight,
    pub(crate) sealer: Sealer,
    pub(crate) state_key: StateKey,
}
