//! Under which conditions requests are answered: time, address, limits, host names, faults on purpose.

pub(crate) mod clock;
pub(crate) mod fault;
pub(crate) mod hosts;
pub(crate) mod request_limits;

use std::net::{IpAddr, Ipv4Addr};
use std::sync::{PoisonError, RwLock};

use crate::conditions::request_limits::Limits;
use crate::documented::sample::Mode;

/// The address that callers on this computer seem to have, until someone says otherwise: nobody's (RFC 5737).
pub(crate) const CLIENT_ADDRESS: IpAddr = IpAddr::V4(Ipv4Addr::new(203, 0, 113, 7));

/// What can be changed while the service runs, beside the clock and the fault.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Conditions {
    pub(crate) client_address: IpAddr,
    pub(crate) limits: Limits,
    /// Of the account, as `users/change_mode` sets it, until the service ends.
    pub(crate) mode: Mode,
}

/// The conditions of this moment.
pub(crate) struct Current(RwLock<Conditions>);

impl Current {
    pub(crate) fn new(conditions: Conditions) -> Self {
        Self(RwLock::new(conditions))
    }

    pub(crate) fn get(&self) -> Conditions {
        *self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn change(&self, change: impl FnOnce(&mut Conditions)) {
        change(&mut self.0.write().unwrap_or_else(PoisonError::into_inner));
    }
}
