//! The token endpoint. Session, headers and body are checked here, in this order; what follows is
//! one transaction in [`crate::account::change`].

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use crate::account::change::{self, Change, ChangeRequest, SubmittedCode};
use crate::account::idempotency::{IdempotencyKey, RequestHash};
use crate::account::otp::OtpCode;
use crate::conditions::fault::Fault;
use crate::headers::{self, Sent};
use crate::http::refusal::Refusal;
use crate::http::shapes::{Errors, IdempotencyKeyHeader, NewTokenBody, OtpCodeHeader, TokenEditBody};
use crate::http::{body, faults};
use crate::shared::Shared;
use crate::storage::failure::Failure;
use crate::tokens::edit::TokenEdit;
use crate::tokens::new::NewToken;
use crate::tokens::{self, TokenRow};

const IDEMPOTENCY_KEY: &str = "idempotency-key";
const OTP_CODE: &str = "x-otp-code";

#[utoipa::path(
    get, path = "/api_tokens", tag = "tokens", security(("session" = [])),
    responses((status = 200, description = "The oldest first, without secrets", body = [TokenRow<'_>]), Errors)
)]
/// All tokens
pub(super) async fn list(State(shared): State<Arc<Shared>>) -> Result<Json<Value>, Refusal> {
    let rows = shared.database.run(|database| -> Result<_, Failure> {
        let tokens = tokens::all(&database.connection)?;
        let rows: Result<_, _> = tokens.iter().map(|token| serde_json::to_value(token.row())).collect();
        rows.map_err(|_| Failure::Internal)
    });
    Ok(Json(Value::Array(rows.await?)))
}

#[utoipa::path(
    post, path = "/api_tokens", tag = "tokens", security(("session" = [])),
    params(IdempotencyKeyHeader, OtpCodeHeader), request_body = NewTokenBody,
    responses((status = 201, description = "The token, its secret this once", body = TokenRow<'_>), Errors)
)]
/// Makes a token
pub(super) async fn create(State(shared): State<Arc<Shared>>, request: Request) -> Result<Response, Refusal> {
    mutate(&shared, request, StatusCode::CREATED, async |request| {
        let body = body::json(request).await?;
        Ok((Change::Create(NewToken::parse(body::object(&body)?)?), body))
    })
    .await
}

#[utoipa::path(
    patch, path = "/api_tokens/{id}", tag = "tokens", security(("session" = [])),
    params(("id" = i64, Path, minimum = 1), IdempotencyKeyHeader, OtpCodeHeader), request_body = TokenEditBody,
    responses((status = 200, description = "The token as it is now, effective at once", body = TokenRow<'_>), Errors)
)]
/// Changes a token
pub(super) async fn edit(State(shared): State<Arc<Shared>>, request: Request) -> Result<Response, Refusal> {
    mutate(&shared, request, StatusCode::OK, async |request| {
        let id = token_id(request.uri());
        let body = body::json(request).await?;
        Ok((Change::Edit { id: id?, edit: TokenEdit::parse(body::object(&body)?)? }, body))
    })
    .await
}

#[utoipa::path(
    delete, path = "/api_tokens/{id}", tag = "tokens", security(("session" = [])),
    params(("id" = i64, Path, minimum = 1), IdempotencyKeyHeader, OtpCodeHeader),
    responses((status = 204, description = "Revoked, effective at once"), Errors)
)]
/// Revokes a token
pub(super) async fn revoke(State(shared): State<Arc<Shared>>, request: Request) -> Result<Response, Refusal> {
    mutate(&shared, request, StatusCode::NO_CONTENT, async |request| {
        let id = token_id(request.uri());
        body::none(request).await?;
        Ok((Change::Revoke { id: id? }, Value::Null))
    })
    .await
}

/// The one way to change anything. `read` gives the change that the body asks for, and the body.
async fn mutate(
    shared: &Arc<Shared>,
    request: Request,
    done_as: StatusCode,
    read: impl AsyncFnOnce(Request) -> Result<(Change, Value), Refusal>,
) -> Result<Response, Refusal> {
    let key = idempotency_key(request.headers()).ok_or_else(Refusal::idempotency_key_required)?;
    let code = submitted_code(request.headers());
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let (change, body) = read(request).await?;
    let request = ChangeRequest { hash: RequestHash::new(method.as_str(), &path, &body), key, code, change };
    let started = shared.account.in_flight.start(&request.key.fingerprint(), request.hash)?;
    let on_thread = shared.clone();
    let work = move |database: &mut _| {
        // Until the transaction is over, whether or not the caller still waits for it.
        let _started = started;
        change::carry_out(&on_thread.account, database, &request, on_thread.clock.now_ms())
    };
    let done = shared.database.run(work).await?;
    if done.fresh && shared.fault.current() == Fault::Cut {
        return Ok(faults::unanswered());
    }
    if done_as == StatusCode::NO_CONTENT {
        return Ok(done_as.into_response());
    }
    let content_type = [(header::CONTENT_TYPE, "application/json")];
    Ok((done_as, content_type, done.body.to_vec()).into_response())
}

/// What is no id of ours names nothing: digits only, as they are sent and as they are answered, so that one token has one path.
fn token_id(uri: &Uri) -> Result<i64, Refusal> {
    let text = uri.path().rsplit('/').next().unwrap_or_default();
    text.parse().ok().filter(|id: &i64| *id > 0 && id.to_string() == text).ok_or_else(Refusal::not_found)
}

/// Exactly one UUID; anything else counts as none.
fn idempotency_key(headers: &HeaderMap) -> Option<IdempotencyKey> {
    IdempotencyKey::parse(headers::once(headers, IDEMPOTENCY_KEY)?.as_bytes())
}

fn submitted_code(headers: &HeaderMap) -> SubmittedCode {
    match Sent::of(headers, OTP_CODE) {
        Sent::Never => SubmittedCode::Missing,
        Sent::Once(code) => OtpCode::parse(code.as_bytes()).map_or(SubmittedCode::Malformed, SubmittedCode::Code),
        Sent::Often => SubmittedCode::Malformed,
    }
}
