//! `POST` and `GET /api_tokens`. Session, headers and body are checked here, in this order; what
//! follows is one transaction in [`crate::creation`].

use std::sync::Arc;

use axum::{
    Json,
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::Value;

use super::body;
use crate::{
    app::App,
    creation::{self, CreationRequest, SubmittedCode},
    idempotency::{IdempotencyKey, Occupied, RequestHash},
    new_token::NewToken,
    otp::OtpCode,
    refusal::Refusal,
    tokens,
};

const IDEMPOTENCY_KEY: &str = "idempotency-key";
const OTP_CODE: &str = "x-otp-code";

pub(super) async fn list(State(app): State<Arc<App>>) -> Result<Json<Value>, Refusal> {
    let rows = app.store.run(|connection| {
        let tokens = tokens::all(connection)?;
        let rows: Result<_, _> = tokens.iter().map(|token| serde_json::to_value(token.row())).collect();
        rows.map_err(|_| Refusal::internal())
    });
    Ok(Json(Value::Array(rows.await?)))
}

pub(super) async fn create(State(app): State<Arc<App>>, request: Request) -> Result<Response, Refusal> {
    let key = idempotency_key(request.headers()).ok_or_else(Refusal::idempotency_key_required)?;
    let code = submitted_code(request.headers());
    let body = body::json(request).await?;
    let request = CreationRequest {
        new_token: NewToken::parse(&body)?,
        hash: RequestHash::new("POST", "/api_tokens", &body),
        key,
        code,
    };
    let started = app.in_flight.start(&request.key.fingerprint(), request.hash).map_err(|occupied| match occupied {
        Occupied::SameRequest => Refusal::idempotency_key_in_use(),
        Occupied::OtherRequest => Refusal::idempotency_key_reused(),
    })?;
    let shared = app.clone();
    let work = move |connection: &mut _| {
        // Until the transaction is over, whether or not the caller still waits for it.
        let _started = started;
        creation::create(&shared, connection, &request)
    };
    let body = app.store.run(work).await?;
    let content_type = [(header::CONTENT_TYPE, "application/json")];
    Ok((StatusCode::CREATED, content_type, body.to_vec()).into_response())
}

/// Exactly one UUID; anything else counts as none.
fn idempotency_key(headers: &HeaderMap) -> Option<IdempotencyKey> {
    let mut values = headers.get_all(IDEMPOTENCY_KEY).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => IdempotencyKey::parse(value.as_bytes()),
        _ => None,
    }
}

fn submitted_code(headers: &HeaderMap) -> SubmittedCode {
    let mut values = headers.get_all(OTP_CODE).iter();
    match (values.next(), values.next()) {
        (None, _) => SubmittedCode::Missing,
        (Some(value), None) => OtpCode::parse(value.as_bytes()).map_or(SubmittedCode::Malformed, SubmittedCode::Code),
        (Some(_), Some(_)) => SubmittedCode::Malformed,
    }
}
