//! What was refused and why, for the person whose script it was. The answer itself stays as 3Commas
//! gives it.

use std::collections::VecDeque;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use serde::Serialize;
use utoipa::ToSchema;

use crate::record::moment::rfc3339;
use crate::record::request_log::{LoggedRequest, Unanswered};
use crate::record::shown::{shown_method, shown_path};

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
pub(crate) struct Reason {
    pub(crate) code: &'static str,
    pub(crate) detail: String,
    pub(crate) token_id: Option<i64>,
}

impl Reason {
    pub(crate) fn new(code: &'static str, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), token_id: None }
    }
}

/// The last refused requests.
#[derive(Default)]
pub(crate) struct Refusals(Mutex<VecDeque<RefusedRequest>>);

/// Where a request came from and went to.
pub(crate) struct Target<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) client_address: Option<IpAddr>,
}

impl Refusals {
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

impl Target<'_> {
    pub(crate) fn refused(&self, status: u16, error: &'static str, reason: Reason, now_ms: i64) -> RefusedRequest {
        RefusedRequest {
            at: rfc3339(now_ms),
            method: shown_method(self.method).into(),
            path: shown_path(self.path),
            client_address: self.client_address,
            token_id: reason.token_id,
            status,
            error,
            reason: reason.code,
            detail: reason.detail,
        }
    }

    /// `refused`: error and reason.
    pub(crate) fn answered(
        &self,
        status: u16,
        refused: Option<(&'static str, &'static str)>,
        now_ms: i64,
    ) -> LoggedRequest {
        LoggedRequest {
            status: Some(status),
            error: refused.map(|(error, _)| error),
            reason: refused.map(|(_, reason)| reason),
            ..self.logged(now_ms)
        }
    }

    pub(crate) fn unanswered(&self, why: Unanswered, now_ms: i64) -> LoggedRequest {
        LoggedRequest { unanswered: Some(why), ..self.logged(now_ms) }
    }

    fn logged(&self, now_ms: i64) -> LoggedRequest {
        LoggedRequest {
            at: rfc3339(now_ms),
            method: shown_method(self.method).into(),
            path: shown_path(self.path),
            client_address: self.client_address,
            status: None,
            unanswered: None,
            error: None,
            reason: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(path: &str) -> RefusedRequest {
        let target = Target { method: "GET", path, client_address: None };
        target.refused(404, "not_found", Reason::new("not-found", "There is nothing here"), 0)
    }

    #[test]
    fn the_newest_are_kept_and_come_first() {
        let refusals = Refusals::default();
        for number in 0..1_000 {
            refusals.keep(refused(&format!("/{number}")));
        }
        let kept = refusals.all();
        assert_eq!((kept.len(), kept[0].path.as_str(), kept[255].path.as_str()), (256, "/999", "/744"));
    }
}
