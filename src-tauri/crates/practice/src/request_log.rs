//! What was answered, for whoever runs the service. No header, body or query, so no secret.

use std::{fmt, net::IpAddr, sync::Arc};

use serde::Serialize;

/// One answered request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AnsweredRequest {
    /// When, by the service's clock: RFC 3339, UTC.
    pub at: String,
    /// The HTTP method.
    pub method: String,
    /// The path without its query, long parts left out.
    pub path: String,
    /// The address that the request counted as coming from.
    pub client_address: Option<IpAddr>,
    /// The status.
    pub status: u16,
    /// The error, if it was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<&'static str>,
    /// The true reason of the error, as in [`crate::RefusedRequest`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
}

/// Is told of every answered request.
#[derive(Clone)]
pub struct RequestLog(Arc<dyn Fn(&AnsweredRequest) + Send + Sync>);

impl RequestLog {
    /// `tell` is called on the way of each answer: it should be quick.
    pub fn new(tell: impl Fn(&AnsweredRequest) + Send + Sync + 'static) -> Self {
        Self(Arc::new(tell))
    }

    pub(crate) fn tell(&self, request: &AnsweredRequest) {
        (self.0)(request);
    }
}

impl fmt::Debug for RequestLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RequestLog")
    }
}
