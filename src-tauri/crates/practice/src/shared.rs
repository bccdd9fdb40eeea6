//! What all requests share.

use std::sync::Arc;

use crate::account::Account;
use crate::conditions::Current;
use crate::conditions::clock::ServiceClock;
use crate::conditions::fault::FaultSwitch;
use crate::conditions::hosts::AllowedHosts;
use crate::conditions::request_limits::RequestLimits;
use crate::record::Record;
use crate::storage::database_thread::DatabaseThread;

/// Everything a request may need.
pub(crate) struct Shared {
    pub(crate) database: DatabaseThread,
    /// For work on the database thread, which needs it too.
    pub(crate) account: Arc<Account>,
    pub(crate) clock: ServiceClock,
    pub(crate) conditions: Current,
    pub(crate) request_limits: RequestLimits,
    pub(crate) fault: FaultSwitch,
    pub(crate) hosts: AllowedHosts,
    pub(crate) record: Record,
}
