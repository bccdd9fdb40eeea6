//! What all requests share.

use std::{
    net::IpAddr,
    sync::{Arc, PoisonError, RwLock},
};

use crate::{
    Limits, Session, StateKey,
    authenticator::Authenticator,
    callers::{Caller, Callers},
    clock::ServiceClock,
    fault::FaultSwitch,
    hosts::AllowedHosts,
    idempotency::InFlight,
    refusal::Refusal,
    request_limits::RequestLimits,
    sample::Mode,
    seal::Sealer,
    store::Store,
};

/// Everything a request may need.
pub(crate) struct App {
    pub(crate) store: Store,
    pub(crate) clock: ServiceClock,
    pub(crate) session: Session,
    pub(crate) state_key: StateKey,
    pub(crate) sealer: Sealer,
    pub(crate) authenticator: Authenticator,
    pub(crate) callers: Callers,
    pub(crate) in_flight: InFlight,
    pub(crate) simulation: RwLock<Simulation>,
    pub(crate) request_limits: RequestLimits,
    pub(crate) fault: FaultSwitch,
    pub(crate) hosts: AllowedHosts,
}

/// What can be changed while the service runs, beside the clock.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Simulation {
    pub(crate) client_address: IpAddr,
    pub(crate) limits: Limits,
    pub(crate) mode: Mode,
}

impl App {
    /// Who has this API key, if anyone has.
    pub(crate) async fn caller(self: &Arc<Self>, api_key: &str) -> Result<Option<Arc<Caller>>, Refusal> {
        if let Some(caller) = self.callers.get(api_key) {
            return Ok(Some(caller));
        }
        let (app, api_key) = (self.clone(), api_key.to_owned());
        self.store.run(move |connection| app.callers.learn(connection, &app.sealer, &api_key)).await
    }

    pub(crate) fn simulation(&self) -> Simulation {
        *self.simulation.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Of the account, as `users/change_mode` sets it, until the service ends.
    pub(crate) fn set_mode(&self, mode: Mode) {
        self.simulate(|simulation| simulation.mode = mode);
    }

    pub(crate) fn simulate(&self, change: impl FnOnce(&mut Simulation)) {
        change(&mut self.simulation.write().unwrap_or_else(PoisonError::into_inner));
    }
}
