//! Headers, bodies and errors as the OpenAPI document describes them; the handlers name them.

use std::collections::BTreeMap;

use serde::Deserialize;
use utoipa::openapi::{Ref, RefOr, Response};
use utoipa::{IntoParams, IntoResponses, ToSchema};

use crate::documented::permission::Permission;

/// What the account's routes answer when they do not do as asked.
pub(super) struct Errors;

impl IntoResponses for Errors {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let shared =
            |(status, name, _): &(&str, &str, &str)| ((*status).to_owned(), Ref::from_response_name(*name).into());
        ERRORS.iter().map(shared).collect()
    }
}

#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[allow(dead_code, reason = "read as the description of a header")]
pub(super) struct IdempotencyKeyHeader {
    /// A UUID, bare or as a quoted string: the same request under the same key within 24 hours gets the same answer, without a code.
    #[param(rename = "Idempotency-Key", format = "uuid")]
    key: String,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[allow(dead_code, reason = "read as the description of a header")]
pub(super) struct OtpCodeHeader {
    /// A one-time code (RFC 6238), each good once.
    #[param(rename = "X-OTP-Code", pattern = "^[0-9]{6}$")]
    code: Option<String>,
}

/// A token as asked for.
#[derive(Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = NewToken)]
#[allow(dead_code, reason = "read as the description of a body; crate::tokens::new parses it")]
pub(super) enum NewTokenBody {
    /// The service makes the key and an HMAC secret.
    SystemGenerated {
        name: TokenName,
        #[schema(min_items = 1, max_items = 256, example = json!(["203.0.113.7", "2001:db8::7"]))]
        trusted_ips: Vec<String>,
        #[schema(min_items = 1)]
        permissions: Vec<Permission>,
    },
    /// The caller has an RSA key pair of 2048 or 4096 bit.
    SelfGenerated {
        name: TokenName,
        /// Empty: any address.
        #[schema(max_items = 256)]
        trusted_ips: Vec<String>,
        #[schema(min_items = 1)]
        permissions: Vec<Permission>,
        /// SPKI PEM.
        public_key: String,
    },
}

/// What shall change: at least one field.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TokenEdit, min_properties = 1)]
#[allow(dead_code, reason = "read as the description of a body; crate::tokens::edit parses it")]
pub(super) struct TokenEditBody {
    #[schema(nullable = false)]
    name: Option<TokenName>,
    #[schema(max_items = 256, nullable = false)]
    trusted_ips: Option<Vec<String>>,
    #[schema(min_items = 1, nullable = false)]
    permissions: Option<Vec<Permission>>,
}

/// What shall be otherwise; what is not named stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Control)]
#[allow(dead_code, reason = "read as the description of a body; the control parses it")]
pub(super) struct ControlBody {
    /// Whole seconds from the real clock, absolute.
    #[schema(minimum = -1_000_000_000, maximum = 1_000_000_000, nullable = false)]
    clock_offset_s: Option<i64>,
    /// The public address that callers on this computer seem to have.
    #[schema(nullable = false)]
    client_address: Option<String>,
    #[schema(inline, nullable = false)]
    limits: Option<LimitsWord>,
    #[schema(inline, nullable = false)]
    fault: Option<FaultWord>,
}

/// Whether requests are counted as 3Commas documents it.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[allow(dead_code, reason = "read as the description of a field; crate::conditions::request_limits has the words")]
pub(super) enum LimitsWord {
    Documented,
    Off,
}

/// What goes wrong on purpose.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[allow(dead_code, reason = "read as the description of a field; crate::conditions::fault has the words")]
pub(super) enum FaultWord {
    None,
    Slow,
    Down,
    Error,
    Cut,
    Hang,
}

/// No control characters, and white space at the ends is cut off.
#[derive(Deserialize, ToSchema)]
#[schema(pattern = r"^[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]{0,62}[^\s\x00-\x1f\x7f-\x9f]$")]
#[allow(dead_code, reason = "read as the description of a field")]
pub(super) struct TokenName(String);

/// What the account's routes answer alike: status, name, meaning. `error_attributes` names the fields of a 422.
pub(super) const ERRORS: [(&str, &str, &str); 15] = [
    (
        "400",
        "RequestUnclear",
        "`idempotency_key_required`, `invalid_json`, `body_unexpected`, `host_invalid`, `request_malformed` and others: the \
         request is not well formed",
    ),
    ("401", "SessionInvalid", "`session_invalid`"),
    (
        "403",
        "Refused",
        "`otp_required`, `otp_invalid`, `otp_reused`, `host_not_allowed`, `origin_not_allowed`, `loopback_only`",
    ),
    ("404", "NotFound", "`not_found`"),
    ("405", "MethodNotAllowed", "`method_not_allowed`"),
    ("408", "RequestTimeout", "`request_timeout`"),
    ("409", "KeyInUse", "`idempotency_key_in_use`, with Retry-After"),
    ("413", "BodyTooLarge", "`body_too_large`"),
    ("415", "ContentTypeUnsupported", "`content_type_unsupported`"),
    ("422", "RecordInvalid", "`record_invalid` with `error_attributes`, `idempotency_key_reused`"),
    ("429", "CodesLocked", "`otp_locked`, with Retry-After unless no waiting helps"),
    ("431", "HeadTooLarge", "`head_too_large`"),
    ("500", "Failed", "`internal_error`: nothing was changed; `outcome_unknown`: send the same request again"),
    ("503", "TooManyConnections", "`too_many_connections`"),
    ("507", "DiskFull", "`disk_full`: nothing was changed"),
];
