//! What every answer has.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::Response;

use crate::record::moment::http_date;
use crate::shared::Shared;

/// Answers hold secrets and belong to no page: kept by no cache, read by no other origin.
const HARDENING: [(HeaderName, HeaderValue); 3] = [
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
];

pub(super) async fn finish(State(shared): State<Arc<Shared>>, mut response: Response) -> Response {
    add(response.headers_mut(), shared.clock.now_ms());
    response
}

/// Its date is of the service's clock, like all that it says of time.
pub(super) fn add(headers: &mut HeaderMap, now_ms: i64) {
    headers.extend(HARDENING);
    if let Some(date) = http_date(now_ms).and_then(|date| date.try_into().ok()) {
        headers.insert(header::DATE, date);
    }
}
