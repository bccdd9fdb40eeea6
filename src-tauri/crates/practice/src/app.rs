//! What all requests share.

use std::{
    net::IpAddr,
    sync::{PoisonError, RwLock},
};

use crate::{
    Limits, Session, StateKey, authenticator::Authenticator, clock::ServiceClock, hosts::AllowedHosts,
    idempotency::InFlight, seal::Sealer, store::Store,
};

/// Everything a request may need.
pub(crate) struct App {
    pub(crate) store: Store,
    pub(crate) clock: ServiceClock,
    pub(crate) session: Session,
    pub(crate) state_key: StateKey,
    pub(crate) sealer: Sealer,
    pub(crate) authenticator: Authenticator,
    pub(crate) in_flight: InFlight,
    pub(crate) simulation: RwLock<Simulation>,
    pub(crate) hosts: AllowedHosts,
}

/// What the control endpoint can change, beside the clock.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Simulation {
    pub(crate) client_address: IpAddr,
    pub(crate) limits: Limits,
}

impl App {
    pub(crate) fn simulated_address(&self) -> IpAddr {
        self.simulation.read().unwrap_or_else(PoisonError::into_inner).client_address
    }

    pub(crate) fn simulate(&self, change: impl FnOnce(&mut Simulation)) {
        change(&mut self.simulation.write().unwrap_or_else(PoisonError::into_inner));
    }
}
