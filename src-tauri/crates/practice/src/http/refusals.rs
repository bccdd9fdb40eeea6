//! `GET /practice/refusals`: what was refused, and why.

use std::sync::Arc;

use axum::{Json, extract::State};

use crate::{RefusedRequest, app::App};

pub(super) async fn list(State(app): State<Arc<App>>) -> Json<Vec<RefusedRequest>> {
    Json(app.refusals.all())
}
