//! Faults on purpose. The control itself always answers, else no fault would ever end.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::conditions::fault::Fault;
use crate::http::refusal::Refusal;
use crate::shared::Shared;

/// Longer than any patience of a person who sees nothing happen, shorter than that of most clients.
const LATE: Duration = Duration::from_secs(3);

/// Marks an answer that is not to be sent: the connection is closed instead.
#[derive(Clone, Copy, Debug)]
struct NotSent;

pub(super) async fn apply(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let fault = shared.fault.current();
    if fault == Fault::None || request.uri().path().starts_with("/practice/") {
        return next.run(request).await;
    }
    match fault {
        Fault::None | Fault::Cut => next.run(request).await,
        Fault::Down => unanswered(),
        Fault::Error => Refusal::fault().into_response(),
        Fault::Hang => {
            shared.fault.hang().await;
            unanswered()
        }
        Fault::Slow => {
            tokio::time::sleep(LATE).await;
            next.run(request).await
        }
    }
}

pub(super) fn unanswered() -> Response {
    let mut response = Response::new(Body::empty());
    response.extensions_mut().insert(NotSent);
    response
}

pub(super) fn is_unanswered(response: &Response) -> bool {
    response.extensions().get::<NotSent>().is_some()
}
