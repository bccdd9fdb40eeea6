//! `/public/api/...`: the guard stands before every documented endpoint, simulated or not.

use std::net::IpAddr;
use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::conditions::request_limits::{Admission, Kind, Limits};
use crate::documented::endpoints::{self, BASE, Demand, Endpoint, Lookup};
use crate::documented::sample::{self, List, MARKET_LIST, Mode};
use crate::headers::Sent;
use crate::http::refusal::Refusal;
use crate::http::{body, client_address, parameters};
use crate::problems::{Problems, Word};
use crate::public_api::guard::{self, Denied, SignedRequest};
use crate::public_api::{diagnosis, identify};
use crate::shared::Shared;

const FORCED_MODE: &str = "forced-mode";
/// What the documentation calls the length of a page. What is no number counts as none.
pub(super) const PAGE_LENGTH: [&str; 2] = ["limit", "per_page"];

pub(super) async fn answer(State(shared): State<Arc<Shared>>, request: Request) -> Result<Response, Refusal> {
    let conditions = shared.conditions.get();
    let client_address = client_address::of(&request, conditions.client_address)?;
    let lookup = endpoints::find(request.method(), request.uri().path());
    if conditions.limits == Limits::Documented {
        count(&shared, client_address, &lookup)?;
    }
    let endpoint = match lookup {
        Lookup::Found(endpoint) => endpoint,
        Lookup::OtherMethod => return Err(Refusal::method_not_allowed()),
        Lookup::Unknown => return Err(Refusal::not_found()),
    };
    let (parts, body) = request.into_parts();
    let body = body::bytes(body).await?;
    let call = Call { shared: &shared, uri: &parts.uri, headers: &parts.headers, body: &body };
    if endpoint.demand == Demand::Nothing {
        return call.answer(endpoint);
    }
    let path_and_query = parts.uri.path_and_query().map_or(BASE, |path| path.as_str());
    let signed = SignedRequest { path_and_query, headers: &parts.headers, body: &body, client_address };
    let token = guard(&shared, &signed, endpoint.demand).await?;
    call.answer(endpoint).map_err(|refusal| refusal.of_token(token))
}

/// The number of the token that lets the request in.
async fn guard(shared: &Shared, request: &SignedRequest<'_>, demand: Demand) -> Result<i64, Refusal> {
    let caller = match guard::api_key(request.headers) {
        Some(api_key) => identify::caller(&shared.database, &shared.account, api_key).await?,
        None => None,
    };
    let Some(caller) = caller else {
        return Err(Refusal::unauthorized("api_key_invalid_or_expired", "Api key is invalid or expired")
            .because(diagnosis::of_api_key(request.headers)));
    };
    let Err(denied) = guard::admit(request, &caller, demand) else {
        return Ok(caller.token_id);
    };
    let (refusal, reason) = match denied {
        Denied::Signature => {
            let suspects = identify::suspects(&shared.database, &shared.account, &caller).await?;
            let reason = diagnosis::of_signature(request, &caller, &suspects);
            (Refusal::unauthorized("signature_invalid", "Provided signature is invalid"), reason)
        }
        Denied::Address => (
            // 3Commas documents the status, not the body: this word is our own choice.
            Refusal::unauthorized(
                "ip_not_trusted",
                "The address of this request is not among the trusted IPs of the token",
            ),
            diagnosis::of_address(request.client_address, &caller),
        ),
        Denied::Permission(permission) => (
            Refusal::forbidden("Forbidden", "Api key not authorized for this action"),
            diagnosis::of_permission(permission, &caller),
        ),
    };
    Err(refusal.because(reason).of_token(caller.token_id))
}

/// Every request counts, also one that is then refused.
fn count(shared: &Shared, client_address: IpAddr, lookup: &Lookup) -> Result<(), Refusal> {
    let endpoint = match lookup {
        Lookup::Found(endpoint) => Some(*endpoint),
        Lookup::OtherMethod | Lookup::Unknown => None,
    };
    match shared.request_limits.admit(client_address, Kind::of(endpoint), shared.clock.now_ms()) {
        Admission::Admitted => Ok(()),
        Admission::Banned { seconds } => Err(Refusal::banned(seconds)),
        Admission::Blocked { seconds } => Err(Refusal::too_many_requests(seconds)),
    }
}

/// What stands behind the guard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Simulation {
    ChangeMode,
    CurrentMode,
    List(List),
    None,
    Text(&'static str),
    Time,
}

impl Simulation {
    /// What is simulated so far.
    pub(super) fn of(endpoint: &Endpoint) -> Self {
        match (endpoint.method, endpoint.path) {
            ("GET", "/ver1/validate") => Self::Text(r#"{"valid":true}"#),
            ("GET", "/ver1/accounts") => Self::List(List::Accounts),
            ("GET", "/ver1/bots") => Self::List(List::Bots),
            ("GET", "/v2/smart_trades") => Self::List(List::SmartTrades),
            ("GET", "/ver1/trades") => Self::List(List::Trades),
            ("GET", "/ver1/accounts/market_list") => Self::Text(MARKET_LIST),
            ("GET", "/ver1/ping") => Self::Text(r#"{"pong":"pong"}"#),
            ("GET", "/ver1/time") => Self::Time,
            ("GET", "/ver1/users/current_mode") => Self::CurrentMode,
            ("POST", "/ver1/users/change_mode") => Self::ChangeMode,
            _ => Self::None,
        }
    }
}

/// A call that the guard has let in.
struct Call<'a> {
    shared: &'a Shared,
    uri: &'a Uri,
    headers: &'a HeaderMap,
    body: &'a Bytes,
}

impl Call<'_> {
    fn answer(&self, endpoint: &Endpoint) -> Result<Response, Refusal> {
        match Simulation::of(endpoint) {
            Simulation::ChangeMode => self.change_mode(),
            Simulation::CurrentMode => Ok(Json(json!({"mode": self.mode()?.as_str()})).into_response()),
            Simulation::List(list) => self.list(list),
            Simulation::None => Err(Refusal::not_simulated()),
            Simulation::Text(json) => Ok(([(header::CONTENT_TYPE, "application/json")], json).into_response()),
            Simulation::Time => Ok(Json(json!({"server_time": self.shared.clock.now_ms() / 1_000})).into_response()),
        }
    }

    fn list(&self, list: List) -> Result<Response, Refusal> {
        let mode = self.mode()?;
        let limit = PAGE_LENGTH.iter().find_map(|name| parameters::in_query(self.uri, name)?.parse().ok());
        Ok(Json(sample::rows(list, mode, limit)).into_response())
    }

    /// Of this request alone, else of the account.
    fn mode(&self) -> Result<Mode, Refusal> {
        let forced = match Sent::of(self.headers, FORCED_MODE) {
            Sent::Never => return Ok(self.shared.conditions.get().mode),
            Sent::Once(word) => word.to_str().ok().and_then(Mode::from_word),
            Sent::Often => None,
        };
        forced.ok_or_else(Refusal::forced_mode_invalid)
    }

    fn change_mode(&self) -> Result<Response, Refusal> {
        let named = parameters::named(self.uri, self.headers, self.body, "mode");
        let mode = named.as_deref().and_then(Mode::from_word).ok_or_else(|| {
            let mut problems = Problems::default();
            problems.add("mode", Word::Unknown.saying("must be paper or real"));
            Refusal::from(problems)
        })?;
        self.shared.conditions.change(|conditions| conditions.mode = mode);
        Ok(Json(json!({"mode": mode.as_str()})).into_response())
    }
}
