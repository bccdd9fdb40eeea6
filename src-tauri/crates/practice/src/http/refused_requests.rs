//! `GET /practice/refusals`: what was refused, and why.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use crate::app::App;
use crate::http::openapi::Errors;
use crate::record::refused::RefusedRequest;

#[utoipa::path(
    get, path = "/practice/refusals", tag = "practice", security(("session" = [])),
    responses((status = 200, description = "The newest first, at most 256", body = [RefusedRequest]), Errors)
)]
/// The last refused requests, with their true reasons
pub(super) async fn list(State(app): State<Arc<App>>) -> Json<Vec<RefusedRequest>> {
    Json(app.refusals.all())
}
