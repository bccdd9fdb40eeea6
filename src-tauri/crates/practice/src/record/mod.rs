//! What is told and kept of requests: never a secret.

pub(crate) mod json_lines;
pub(crate) mod moment;
pub(crate) mod refused;
pub(crate) mod request_log;
pub(crate) mod shown;
pub(crate) mod target;

use crate::record::refused::{RefusedRequest, RefusedRequests, TrueReason};
use crate::record::request_log::{RequestLog, Unanswered};
use crate::record::target::Target;

/// Where requests are told of, and those that were refused kept.
pub(crate) struct Record {
    refused: RefusedRequests,
    log: Option<RequestLog>,
}

impl Record {
    pub(crate) fn new(log: Option<RequestLog>) -> Self {
        Self { refused: RefusedRequests::default(), log }
    }

    /// Whether anybody wants to hear of requests that were not refused.
    pub(crate) fn is_told_all(&self) -> bool {
        self.log.is_some()
    }

    pub(crate) fn answered(&self, target: &Target<'_>, status: u16, now_ms: i64) {
        if let Some(log) = &self.log {
            log.tell(&target.answered(status, now_ms));
        }
    }

    pub(crate) fn refused(
        &self,
        target: &Target<'_>,
        status: u16,
        error: &'static str,
        reason: TrueReason,
        now_ms: i64,
    ) {
        let refused = target.refused(status, error, reason, now_ms);
        if let Some(log) = &self.log {
            log.tell(&(&refused).into());
        }
        self.refused.keep(refused);
    }

    pub(crate) fn unanswered(&self, target: &Target<'_>, why: Unanswered, now_ms: i64) {
        if let Some(log) = &self.log {
            log.tell(&target.unanswered(why, now_ms));
        }
    }

    /// The last refused requests, the newest first.
    pub(crate) fn refused_requests(&self) -> Vec<RefusedRequest> {
        self.refused.all()
    }
}
