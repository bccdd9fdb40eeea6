//! The service over HTTP: routes, and what holds for all of them.

mod account_session;
mod api_tokens;
mod body;
pub(crate) mod client_address;
mod control;
mod faults;
mod host_check;
mod lingering;
mod openapi;
mod parameters;
mod public_api;
mod recording;
pub(crate) mod refusal;
mod refused_requests;
pub(crate) mod server;
mod strict_json;
mod trace;
mod withholding;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::Response;
use axum::routing::{any, get, patch};
use axum::{Router, middleware};

use crate::app::App;
use crate::http::refusal::Refusal;
use crate::record::moment::http_date;

fn router(app: Arc<App>) -> Router {
    let account = Router::new()
        .route("/api_tokens", get(api_tokens::list).post(api_tokens::create))
        .route("/api_tokens/{id}", patch(api_tokens::edit).delete(api_tokens::revoke))
        .route("/api_tokens/{id}/{*rest}", any(not_found))
        .route("/practice/control", patch(control::change))
        .route("/practice/refusals", get(refused_requests::list))
        .route("/practice/{*rest}", any(not_found))
        .method_not_allowed_fallback(method_not_allowed)
        .layer(middleware::from_fn_with_state(app.clone(), account_session::require));
    Router::new()
        .merge(account)
        .route("/openapi.json", get(openapi::answer))
        .route("/cdn-cgi/trace", get(trace::answer))
        .route("/public/api/{*path}", any(public_api::answer))
        .method_not_allowed_fallback(method_not_allowed)
        .fallback(not_found)
        .layer(middleware::from_fn_with_state(app.clone(), faults::apply))
        .layer(middleware::from_fn_with_state(app.clone(), host_check::require))
        .layer(middleware::from_fn_with_state(app.clone(), recording::keep))
        .layer(middleware::map_response_with_state(app.clone(), finish))
        .with_state(app)
}

/// Where a request came from, as the listener saw it.
fn peer(request: &Request) -> Result<SocketAddr, Refusal> {
    let info = request.extensions().get::<ConnectInfo<SocketAddr>>();
    info.map(|info| info.0).ok_or_else(Refusal::internal)
}

async fn not_found() -> Refusal {
    Refusal::not_found()
}

async fn method_not_allowed() -> Refusal {
    Refusal::method_not_allowed()
}

/// Answers hold secrets and belong to no page: kept by no cache, read by no other origin.
const HARDENING: [(HeaderName, HeaderValue); 3] = [
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
];

async fn finish(State(app): State<Arc<App>>, mut response: Response) -> Response {
    add_common(response.headers_mut(), app.clock.now_ms());
    response
}

/// What every answer has. Its date is of the service's clock, like all that it says of time.
fn add_common(headers: &mut HeaderMap, now_ms: i64) {
    headers.extend(HARDENING);
    if let Some(date) = http_date(now_ms).and_then(|date| date.try_into().ok()) {
        headers.insert(header::DATE, date);
    }
}
