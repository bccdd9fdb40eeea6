use std::collections::BTreeMap;

use reqwest::StatusCode;
use serde::Deserialize;

use crate::error::code::Code;
use crate::error::field::Field;

/// Why the endpoint gave no token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    /// A 2xx answer that is no token.
    #[error("the service's answer is not understood: {0}")]
    AnswerInvalid(&'static str),
    /// The request left, and what became of it is not known.
    #[error("the service took the request but did not answer")]
    NoAnswer,
    /// The service has no room to keep a token; none was made.
    #[error("the service has no disk space left")]
    OutOfSpace,
    /// 100 wrong codes in a row: the authenticator must be set up anew.
    #[error("the account takes no more codes until the authenticator is set up anew")]
    OtpExhausted,
    /// The code is wrong or too old.
    #[error("the code is wrong or too old")]
    OtpInvalid,
    /// Too many wrong codes.
    #[error("too many wrong codes")]
    OtpLocked {
        /// Seconds until codes are taken again.
        retry_after: Option<u64>,
    },
    /// No code was sent, and the request is new.
    #[error("a code is required")]
    OtpRequired,
    /// The code has been used before.
    #[error("the code has been used before")]
    OtpReused,
    /// A value was not taken.
    #[error("the service did not take the value of {}", attributes.keys().cloned().collect::<Vec<_>>().join(", "))]
    RecordInvalid {
        /// What it said, for people; may be empty.
        description: String,
        /// The endpoint's field names with its words for what is wrong.
        attributes: BTreeMap<String, Vec<String>>,
    },
    /// Another refusal.
    #[error("the service refused with status {status}")]
    Refused {
        /// The HTTP status.
        status: u16,
    },
    /// The account session is not known.
    #[error("the account session is not valid")]
    SessionInvalid,
    /// A fault of the service; the token may or may not exist.
    #[error("the service failed with status {status}")]
    ServiceFailed {
        /// The HTTP status.
        status: u16,
    },
    /// No connection: nothing was sent.
    #[error("the service cannot be reached")]
    Unreachable,
}

impl EndpointError {
    /// Whether the request may have made a token all the same.
    pub fn leaves_open(&self) -> bool {
        match self {
            Self::AnswerInvalid(_) | Self::NoAnswer | Self::ServiceFailed { .. } => true,
            Self::OtpExhausted
            | Self::OtpInvalid
            | Self::OtpLocked { .. }
            | Self::OtpRequired
            | Self::OtpReused
            | Self::OutOfSpace
            | Self::RecordInvalid { .. }
            | Self::Refused { .. }
            | Self::SessionInvalid
            | Self::Unreachable => false,
        }
    }

    /// The answer to a request without a code says that no answer is stored for it (any more): the service looks for one
    /// before it asks for codes.
    pub(crate) fn has_no_stored_answer(&self) -> bool {
        matches!(
            self,
            Self::OtpExhausted
                | Self::OtpInvalid
                | Self::OtpLocked { .. }
                | Self::OtpRequired
                | Self::OtpReused
                | Self::RecordInvalid { .. }
        )
    }

    pub(crate) fn code(&self) -> Code {
        match self {
            Self::AnswerInvalid(_) => Code::ServiceAnswerInvalid,
            Self::NoAnswer => Code::ServiceNoAnswer,
            Self::OtpExhausted => Code::OtpExhausted,
            Self::OtpInvalid => Code::OtpInvalid,
            Self::OtpLocked { .. } => Code::OtpLocked,
            Self::OtpRequired => Code::OtpRequired,
            Self::OtpReused => Code::OtpReused,
            Self::OutOfSpace => Code::DiskFull,
            Self::RecordInvalid { .. } => Code::RecordInvalid,
            Self::Refused { .. } | Self::ServiceFailed { .. } => Code::ServiceError,
            Self::SessionInvalid => Code::SessionInvalid,
            Self::Unreachable => Code::ServiceUnreachable,
        }
    }

    pub(crate) fn field(&self) -> Option<Field> {
        match self {
            Self::OtpExhausted | Self::OtpInvalid | Self::OtpLocked { .. } | Self::OtpRequired | Self::OtpReused => {
                Some(Field::Code)
            }
            Self::RecordInvalid { attributes, .. } => attributes.keys().find_map(|name| field_named(name)),
            Self::AnswerInvalid(_)
            | Self::NoAnswer
            | Self::OutOfSpace
            | Self::Refused { .. }
            | Self::SessionInvalid
            | Self::ServiceFailed { .. }
            | Self::Unreachable => None,
        }
    }

    pub(crate) fn params(&self) -> BTreeMap<String, String> {
        match self {
            Self::RecordInvalid { description, attributes } => {
                let words = || attributes.values().flatten().map(String::as_str).collect::<Vec<_>>().join("; ");
                let detail = if description.is_empty() { words() } else { description.clone() };
                BTreeMap::from([("detail".to_owned(), detail)])
            }
            Self::Refused { status } | Self::ServiceFailed { status } => {
                BTreeMap::from([("status".to_owned(), status.to_string())])
            }
            _ => BTreeMap::new(),
        }
    }

    pub(crate) fn sending(error: &reqwest::Error) -> Self {
        if error.is_connect() || error.is_builder() { Self::Unreachable } else { Self::NoAnswer }
    }

    pub(crate) fn refused(status: StatusCode, retry_after: Option<u64>, body: &[u8]) -> Self {
        #[derive(Default, Deserialize)]
        #[serde(default)]
        struct Answer {
            error: String,
            error_description: String,
            error_attributes: BTreeMap<String, Vec<String>>,
        }
        let answer: Answer = serde_json::from_slice(body).unwrap_or_default();
        match (status.as_u16(), answer.error.as_str()) {
            (401, _) => Self::SessionInvalid,
            (403, "otp_invalid") => Self::OtpInvalid,
            (403, "otp_required") => Self::OtpRequired,
            (403, "otp_reused") => Self::OtpReused,
            (429, "otp_locked") if retry_after.is_none() => Self::OtpExhausted,
            (429, "otp_locked") => Self::OtpLocked { retry_after },
            (422, "record_invalid") => {
                Self::RecordInvalid { description: answer.error_description, attributes: answer.error_attributes }
            }
            // The first request with this key is still running: whether it makes a token is not known yet.
            (409, _) => Self::NoAnswer,
            // It took the request, and does not answer as a service of ours: there may be a token.
            (200..=299, _) => Self::AnswerInvalid("status"),
            (507, _) => Self::OutOfSpace,
            (status @ 500.., _) => Self::ServiceFailed { status },
            (status, _) => Self::Refused { status },
        }
    }
}

fn field_named(name: &str) -> Option<Field> {
    match name {
        "name" => Some(Field::Name),
        "permissions" => Some(Field::Permissions),
        "public_key" => Some(Field::Key),
        "trusted_ips" => Some(Field::TrustedIps),
        "type" => Some(Field::Type),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unexpected_success_may_have_made_a_token() {
        for status in [StatusCode::OK, StatusCode::ACCEPTED, StatusCode::NO_CONTENT] {
            assert!(EndpointError::refused(status, None, b"{}").leaves_open(), "{status}");
        }
        assert!(!EndpointError::refused(StatusCode::FOUND, None, b"").leaves_open(), "it was not taken");
    }

    #[test]
    fn a_person_reads_the_sentence_and_the_words_only_where_there_is_none() {
        for (description, shown) in [("name is too short", "name is too short"), ("", "too_short; blank")] {
            let body = serde_json::json!({
                "error": "record_invalid",
                "error_description": description,
                "error_attributes": {"name": ["too_short"], "type": ["blank"]},
            });
            let error = EndpointError::refused(StatusCode::UNPROCESSABLE_ENTITY, None, body.to_string().as_bytes());
            assert_eq!(error.params()["detail"], shown);
            assert_eq!(error.field(), Some(Field::Name));
        }
    }
}
