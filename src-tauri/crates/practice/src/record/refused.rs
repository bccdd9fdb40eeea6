//! What was refused and why, for the person whose script it was. The answer itself stays as 3Commas
//! gives it.

use std::collections::VecDeque;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use serde::Serialize;
use utoipa::ToSchema;

/// The oldest is forgotten for the newest.
const KEPT: usize = 256;

/// A request that was refused, and the true reason. It holds no header, no body and no query, so
/// no secret that a client sent, wherever it put it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RefusedRequest {
    /// When, by the service's clock: RFC 3339, UTC.
    #[schema(format = DateTime)]
    pub at: String,
    /// The HTTP method; `...` if it is none.
    pub method: String,
    /// The path without its query; `...` for what could be part of a secret.
    pub path: String,
    /// The address that the request counted as coming from.
    #[schema(value_type = Option<String>)]
    pub client_address: Option<IpAddr>,
    /// The token that it named, where there is one.
    pub token_id: Option<i64>,
    /// The status that was answered.
    pub status: u16,
    /// The error that was answered.
    pub error: &'static str,
    /// The true reason, a stable word: in kebab-case, or the error where that says all.
    pub reason: &'static str,
    /// The true reason in a sentence.
    pub detail: String,
}

/// Why a request was refused, as far as it is known where that is decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TrueReason {
    /// A stable word.
    pub(crate) word: &'static str,
    pub(crate) detail: String,
    pub(crate) token_id: Option<i64>,
}

impl TrueReason {
    pub(crate) fn new(word: &'static str, detail: impl Into<String>) -> Self {
        Self { word, detail: detail.into(), token_id: None }
    }
}

/// The last refused requests.
#[derive(Default)]
pub(crate) struct RefusedRequests(Mutex<VecDeque<RefusedRequest>>);

impl RefusedRequests {
    pub(crate) fn keep(&self, request: RefusedRequest) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() == KEPT {
            kept.pop_front();
        }
        kept.push_back(request);
    }

    /// The newest first.
    pub(crate) fn all(&self) -> Vec<RefusedRequest> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().rev().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(path: String) -> RefusedRequest {
        RefusedRequest {
            at: "1970-01-01T00:00:00Z".into(),
            method: "GET".into(),
            path,
            client_address: None,
            token_id: None,
            status: 404,
            error: "not_found",
            reason: "not_found",
            detail: "There is nothing here".into(),
        }
    }

    #[test]
    fn the_newest_are_kept_and_come_first() {
        let requests = RefusedRequests::default();
        for number in 0..1_000 {
            requests.keep(refused(format!("/{number}")));
        }
        let kept = requests.all();
        assert_eq!((kept.len(), kept[0].path.as_str(), kept[255].path.as_str()), (256, "/999", "/744"));
    }
}
