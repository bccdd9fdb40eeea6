//! `GET /practice/refusals`: what was refused, and why.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use crate::http::shapes::Errors;
use crate::record::refused::RefusedRequest;
use crate::shared::Shared;

#[utoipa::path(
    get, path = "/practice/refusals", tag = "practice", security(("session" = [])),
    responses((status = 200, description = "The newest first, at most 256", body = [RefusedRequest]), Errors)
)]
/// The last refused requests, with their true reasons
pub(super) async fn list(State(shared): State<Arc<Shared>>) -> Json<Vec<RefusedRequest>> {
    Json(shared.record.refused_requests())
}
