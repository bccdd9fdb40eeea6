//! `/public/api/...`: the guard stands before every documented endpoint, simulated or not.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Request, State},
    http::header,
    response::{IntoResponse, Response},
};
use serde_json::json;

use super::{body, peer};
use crate::{
    app::App,
    endpoints::{self, BASE, Demand, Endpoint, Lookup},
    guard::{self, SignedRequest},
    peer::client_address,
    refusal::Refusal,
};

/// Made up: nobody shall put addresses from a practice service into an exchange's list.
const MARKET_LIST: &str = include_str!("market_list.json");

pub(super) async fn answer(State(app): State<Arc<App>>, request: Request) -> Result<Response, Refusal> {
    let endpoint = match endpoints::find(request.method(), request.uri().path()) {
        Lookup::Found(endpoint) => endpoint,
        Lookup::OtherMethod => return Err(Refusal::method_not_allowed()),
        Lookup::Unknown => return Err(Refusal::not_found()),
    };
    let client_address = client_address(peer(&request)?, request.headers(), app.simulated_address())?;
    let path_and_query = request.uri().path_and_query().map_or(BASE, |path| path.as_str()).to_owned();
    let headers = request.headers().clone();
    let body = body::bytes(request).await?;
    if endpoint.demand != Demand::Nothing {
        let caller = match guard::api_key(&headers) {
            Some(api_key) => app.caller(api_key).await?,
            None => None,
        };
        let signed = SignedRequest { path_and_query: &path_and_query, headers: &headers, body: &body, client_address };
        guard::admit(&signed, caller.as_deref(), endpoint.demand)?;
    }
    simulate(endpoint, app.clock.now_ms())
}

/// What is simulated so far.
fn simulate(endpoint: &Endpoint, now_ms: i64) -> Result<Response, Refusal> {
    match (endpoint.method, endpoint.path) {
        ("GET", "/ver1/validate") => Ok(Json(json!({"valid": true})).into_response()),
        ("GET", "/ver1/accounts" | "/ver1/bots") => Ok(Json(json!([])).into_response()),
        ("GET", "/ver1/accounts/market_list") => {
            Ok(([(header::CONTENT_TYPE, "application/json")], MARKET_LIST).into_response())
        }
        ("GET", "/ver1/time") => Ok(Json(json!({"server_time": now_ms / 1_000})).into_response()),
        _ => Err(Refusal::not_simulated()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_market_list_has_single_addresses_and_networks_of_nobody() {
        let list: serde_json::Value = serde_json::from_str(MARKET_LIST).unwrap();
        for market in list.as_array().unwrap() {
            for field in ["market_name", "market_code", "market_url", "help_link", "trusted_ips_input_type"] {
                assert!(market[field].is_string(), "{field}");
            }
            for entry in market["trusted_ips"].as_array().unwrap() {
                let entry = entry.as_str().unwrap();
                let documentation = ["192.0.2.", "198.51.100.", "203.0.113."]; // RFC 5737
                assert!(documentation.iter().any(|network| entry.starts_with(network)), "{entry}");
            }
        }
    }
}
