use std::collections::BTreeMap;

use crate::error::code::Code;
use crate::error::facts::Facts;
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

    /// All that is told of each.
    pub(crate) fn facts(&self) -> Facts {
        match self {
            Self::AnswerInvalid(_) => Facts::of(Code::ServiceAnswerInvalid),
            Self::NoAnswer => Facts::of(Code::ServiceNoAnswer),
            Self::OtpExhausted => Facts::of(Code::OtpExhausted).field(Field::Code),
            Self::OtpInvalid => Facts::of(Code::OtpInvalid).field(Field::Code),
            Self::OtpLocked { retry_after } => {
                Facts { retry: *retry_after, ..Facts::of(Code::OtpLocked).field(Field::Code) }
            }
            Self::OtpRequired => Facts::of(Code::OtpRequired).field(Field::Code),
            Self::OtpReused => Facts::of(Code::OtpReused).field(Field::Code),
            Self::OutOfSpace => Facts::of(Code::DiskFull),
            Self::RecordInvalid { description, attributes } => {
                let words = || attributes.values().flatten().map(String::as_str).collect::<Vec<_>>().join("; ");
                let detail = if description.is_empty() { words() } else { description.clone() };
                let field = attributes.keys().find_map(|name| field_named(name));
                Facts { field, ..Facts::of(Code::RecordInvalid).param("detail", detail) }
            }
            Self::Refused { status } | Self::ServiceFailed { status } => {
                Facts::of(Code::ServiceError).param("status", status.to_string())
            }
            Self::SessionInvalid => Facts::of(Code::SessionInvalid),
            Self::Unreachable => Facts::of(Code::ServiceUnreachable),
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
