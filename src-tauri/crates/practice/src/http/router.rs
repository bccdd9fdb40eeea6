//! Which handler answers what, and what stands around all of them.

use std::sync::Arc;

use axum::routing::{any, get, patch};
use axum::{Router, middleware};

use crate::http::refusal::Refusal;
use crate::http::{
    account_session, api_tokens, common_headers, control, document, faults, host_check, public_api, recording,
    refused_requests, trace,
};
use crate::shared::Shared;

pub(super) fn router(shared: Arc<Shared>) -> Router {
    let account = Router::new()
        .route("/api_tokens", get(api_tokens::list).post(api_tokens::create))
        .route("/api_tokens/{id}", patch(api_tokens::edit).delete(api_tokens::revoke))
        .route("/api_tokens/{id}/{*rest}", any(not_found))
        .route("/practice/control", patch(control::change))
        .route("/practice/refusals", get(refused_requests::list))
        .route("/practice/{*rest}", any(not_found))
        .method_not_allowed_fallback(method_not_allowed)
        .layer(middleware::from_fn_with_state(shared.clone(), account_session::require));
    Router::new()
        .merge(account)
        .route("/openapi.json", get(document::answer))
        .route("/cdn-cgi/trace", get(trace::answer))
        .route("/public/api/{*path}", any(public_api::answer))
        .method_not_allowed_fallback(method_not_allowed)
        .fallback(not_found)
        .layer(middleware::from_fn_with_state(shared.clone(), faults::apply))
        .layer(middleware::from_fn_with_state(shared.clone(), host_check::require))
        .layer(middleware::from_fn_with_state(shared.clone(), recording::keep))
        .layer(middleware::map_response_with_state(shared.clone(), common_headers::finish))
        .with_state(shared)
}

async fn not_found() -> Refusal {
    Refusal::not_found()
}

async fn method_not_allowed() -> Refusal {
    Refusal::method_not_allowed()
}
