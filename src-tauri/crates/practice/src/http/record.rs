//! Keeps what was refused, and tells the log what was answered.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};

use super::peer;
use crate::{app::App, peer::client_address, refusal::Refused, refusals::Target};

pub(super) async fn keep(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let (method, uri) = (request.method().clone(), request.uri().clone());
    let peer = peer(&request).ok();
    // A wrong header for it is refused by whoever needs the address.
    let address = peer.and_then(|peer| client_address(peer, request.headers(), app.simulation().client_address).ok());
    let mut response = next.run(request).await;
    let refused: Option<Refused> = response.extensions_mut().remove();
    if refused.is_none() && app.log.is_none() {
        return response;
    }
    let status = response.status().as_u16();
    let target = Target { method: method.as_str(), path: uri.path(), client_address: address };
    let now_ms = app.clock.now_ms();
    if let Some(log) = &app.log {
        log.tell(&target.answered(
            status,
            refused.as_ref().map(|refused| (refused.error, refused.reason.code)),
            now_ms,
        ));
    }
    if let Some(Refused { error, reason }) = refused {
        app.refusals.keep(target.refused(status, error, reason, now_ms));
    }
    response
}
