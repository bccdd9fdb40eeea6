//! Keeps what was refused, and tells the log what became of each request.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, Uri, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::http::refusal::{Refusal, Refused};
use crate::http::{client_address, common_headers, faults};
use crate::record::request_log::Unanswered;
use crate::record::shown::UNREAD;
use crate::record::target::Target;
use crate::shared::Shared;

pub(super) async fn keep(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    // A wrong header for the address is refused by whoever needs the address.
    let client_address = client_address::of(&request, shared.conditions.get().client_address).ok();
    let (method, uri) = (request.method().clone(), request.uri().clone());
    let entry = Entry { shared, method, uri, client_address, is_told: false };
    let mut response = next.run(request).await;
    entry.close(&mut response);
    response
}

/// The refusal of what never became a request, recorded like any other; as it goes over the wire, after
/// which the connection is to be closed.
pub(super) fn refuse(shared: &Shared, peer: SocketAddr, refusal: Refusal) -> Vec<u8> {
    let address = client_address::played(peer, &HeaderMap::new(), shared.conditions.get().client_address).ok();
    let target = Target { method: UNREAD, path: UNREAD, client_address: address };
    let (response, body) = refusal.into_parts();
    let (status, now_ms) = (response.status(), shared.clock.now_ms());
    if let Some(Refused { error, reason }) = response.extensions().get() {
        shared.record.refused(&target, status.as_u16(), error, reason.clone(), now_ms);
    }
    let closing =
        [(header::CONTENT_LENGTH, body.len().into()), (header::CONNECTION, HeaderValue::from_static("close"))];
    let (mut head, ()) = response.into_parts();
    head.headers.extend(closing);
    common_headers::add(&mut head.headers, now_ms);
    let mut wire = format!("HTTP/1.1 {status}\r\n").into_bytes();
    for (name, value) in &head.headers {
        wire.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
    }
    wire.extend([b"\r\n", body.as_slice()].concat());
    wire
}

/// A request under way. Dropped before it is closed, it was abandoned: hyper drops the work on a
/// request with its connection.
struct Entry {
    shared: Arc<Shared>,
    method: Method,
    uri: Uri,
    client_address: Option<IpAddr>,
    is_told: bool,
}

impl Entry {
    fn close(mut self, response: &mut Response) {
        self.is_told = true;
        let refused: Option<Refused> = response.extensions_mut().remove();
        if refused.is_none() && !self.shared.record.is_told_all() {
            return;
        }
        let (target, now_ms, status) = (self.target(), self.shared.clock.now_ms(), response.status().as_u16());
        if faults::is_unanswered(response) {
            return self.tell_unanswered(Unanswered::Fault);
        }
        match refused {
            Some(Refused { error, reason }) => self.shared.record.refused(&target, status, error, reason, now_ms),
            None => self.shared.record.answered(&target, status, now_ms),
        }
    }

    fn tell_unanswered(&self, why: Unanswered) {
        self.shared.record.unanswered(&self.target(), why, self.shared.clock.now_ms());
    }

    fn target(&self) -> Target<'_> {
        Target { method: self.method.as_str(), path: self.uri.path(), client_address: self.client_address }
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        if !self.is_told {
            self.tell_unanswered(Unanswered::ConnectionEnded);
        }
    }
}
