//! A request as it is told of: where it came from and went to, and what became of it.

use std::net::IpAddr;

use crate::record::moment::rfc3339;
use crate::record::refused::{RefusedRequest, TrueReason};
use crate::record::request_log::{LoggedRequest, Unanswered};
use crate::record::shown::{shown_method, shown_path};

/// Where a request came from and went to.
pub(crate) struct Target<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) client_address: Option<IpAddr>,
}

impl Target<'_> {
    pub(crate) fn refused(&self, status: u16, error: &'static str, reason: TrueReason, now_ms: i64) -> RefusedRequest {
        RefusedRequest {
            at: rfc3339(now_ms),
            method: shown_method(self.method).into(),
            path: shown_path(self.path),
            client_address: self.client_address,
            token_id: reason.token_id,
            status,
            error,
            reason: reason.word,
            detail: reason.detail,
        }
    }

    pub(crate) fn answered(&self, status: u16, now_ms: i64) -> LoggedRequest {
        LoggedRequest { status: Some(status), ..self.logged(now_ms) }
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

impl From<&RefusedRequest> for LoggedRequest {
    fn from(refused: &RefusedRequest) -> Self {
        Self {
            at: refused.at.clone(),
            method: refused.method.clone(),
            path: refused.path.clone(),
            client_address: refused.client_address,
            status: Some(refused.status),
            unanswered: None,
            error: Some(refused.error),
            reason: Some(refused.reason),
        }
    }
}
