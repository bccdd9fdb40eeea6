//! What was asked and answered, for whoever runs the service. No header, body or query, so no secret.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use serde::Serialize;

/// One request, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LoggedRequest {
    /// When, by the service's clock: RFC 3339, UTC.
    pub at: String,
    /// The HTTP method.
    pub method: String,
    /// The path without its query; `...` for what could be part of a secret.
    pub path: String,
    /// The address that the request counted as coming from.
    pub client_address: Option<IpAddr>,
    /// The status that was answered; none where no answer was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Why no answer was sent, where none was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unanswered: Option<Unanswered>,
    /// The error, if it was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<&'static str>,
    /// The true reason of the error, as in [`crate::record::refused::RefusedRequest`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
}

/// Why a request got no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unanswered {
    /// The connection ended first: its client hung up, or the service was told to end.
    ConnectionEnded,
    /// A fault that was set on purpose.
    Fault,
}

/// Is told of every request, once it is answered or will never be.
#[derive(Clone)]
pub struct RequestLog(Arc<dyn Fn(&LoggedRequest) + Send + Sync>);

impl RequestLog {
    /// `tell` is called on the way of each answer: it must not wait for anybody.
    pub fn new(tell: impl Fn(&LoggedRequest) + Send + Sync + 'static) -> Self {
        Self(Arc::new(tell))
    }

    pub(crate) fn tell(&self, request: &LoggedRequest) {
        (self.0)(request);
    }
}

impl fmt::Debug for RequestLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RequestLog")
    }
}
