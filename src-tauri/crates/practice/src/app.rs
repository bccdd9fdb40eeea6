//! What all requests share.

use std::net::IpAddr;
use std::sync::{Arc, PoisonError, RwLock};

use zeroize::Zeroizing;

use crate::account::authenticator::Authenticator;
use crate::account::idempotency::InFlight;
use crate::account::session::Session;
use crate::conditions::clock::ServiceClock;
use crate::conditions::fault::FaultSwitch;
use crate::conditions::hosts::AllowedHosts;
use crate::conditions::request_limits::RequestLimits;
use crate::config::Limits;
use crate::documented::sample::Mode;
use crate::http::refusal::Refusal;
use crate::public_api::diagnosis::Suspects;
use crate::record::refused::Refusals;
use crate::record::request_log::RequestLog;
use crate::storage::database::Database;
use crate::storage::seal::Sealer;
use crate::storage::state_key::StateKey;
use crate::storage::thread::Store;
use crate::tokens;
use crate::tokens::callers::{Caller, Callers, Verifier};

/// Further tokens looked at for the reason of one wrong signature.
const SUSPECTS: i64 = 16;

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
    pub(crate) refusals: Refusals,
    pub(crate) log: Option<RequestLog>,
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
        self.store.run(move |database| app.callers.learn(&database.connection, &app.sealer, &api_key)).await
    }

    /// What else a signature could have been made with.
    pub(crate) async fn suspects(self: &Arc<Self>, caller: &Caller) -> Result<Suspects, Refusal> {
        let (app, own) = (self.clone(), caller.token_id);
        let look = move |database: &mut Database| {
            let connection = &database.connection;
            let own = tokens::by_id(connection, own)?;
            let secret = own.as_ref().and_then(|token| token.own_hmac_secret(&app.sealer));
            let secret_and_newline = secret.map(|secret| {
                let text = Zeroizing::new([secret.as_slice(), b"\n"].concat());
                Verifier::hmac(&text)
            });
            let newest = tokens::newest(connection, SUSPECTS)?;
            let others = newest.iter().filter(|token| own.as_ref().is_none_or(|own| own.id() != token.id()));
            Ok(Suspects {
                others: others.filter_map(|token| Caller::of(token, &app.sealer)).collect(),
                secret_and_newline,
            })
        };
        self.store.run(look).await
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
