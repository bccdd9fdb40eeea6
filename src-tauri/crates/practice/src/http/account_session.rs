//! `Authorization: Bearer <session>` (RFC 6750 section 2.1).

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::headers;
use crate::http::refusal::Refusal;
use crate::shared::Shared;

pub(super) async fn require(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let presented = bearer(request.headers());
    if presented.is_some_and(|presented| shared.account.session.is(presented)) {
        next.run(request).await
    } else {
        Refusal::session_invalid().into_response()
    }
}

fn bearer(headers: &HeaderMap) -> Option<&[u8]> {
    let value = headers::once(headers, header::AUTHORIZATION)?;
    let (scheme, session) = value.as_bytes().split_at_checked("Bearer ".len())?;
    scheme.eq_ignore_ascii_case(b"Bearer ").then_some(session)
}
