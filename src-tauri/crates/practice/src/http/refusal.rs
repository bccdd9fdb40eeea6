//! What the service answers when it does not do as asked: 3Commas' error shape.

use std::borrow::Cow;
use std::collections::BTreeMap;

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::schema::{ArrayBuilder, Object, ObjectBuilder, Schema, Type};

use crate::account::change::NotDone;
use crate::account::idempotency::Occupied;
use crate::problems::{Problems, all_words};
use crate::record::refused::TrueReason;
use crate::storage::failure::Failure;

/// `{"error", "error_description", "error_attributes"}` with its status. Clients branch on status
/// and `error`; the description is for people and may change.
#[derive(Debug)]
pub(crate) struct Refusal {
    status: StatusCode,
    headers: Vec<(HeaderName, HeaderValue)>,
    body: ErrorBody,
    /// Boxed, because the good way through a request carries the size of the bad one.
    reason: Option<Box<TrueReason>>,
}

/// Every error: branch on the status and on `error`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Error)]
pub(crate) struct ErrorBody {
    /// A stable word.
    #[schema(value_type = String)]
    error: &'static str,
    /// For people; it may change.
    #[schema(value_type = String)]
    error_description: Cow<'static, str>,
    /// What is wrong with which field, in stable words; of a list as `<entry>: <word>`.
    #[schema(schema_with = attributes_schema)]
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    error_attributes: BTreeMap<String, Vec<String>>,
}

/// Texts that are, or end in, one of the words.
fn attributes_schema() -> Object {
    let words: Vec<_> = all_words().collect();
    let text = ObjectBuilder::new().schema_type(Type::String).pattern(Some(format!("(^|: )({})$", words.join("|"))));
    ObjectBuilder::new()
        .schema_type(Type::Object)
        .additional_properties(Some(Schema::Array(ArrayBuilder::new().items(text.build()).build())))
        .description(Some(
            "What is wrong with which field, in stable words; of an entry of a list as `<entry>: <word>`.",
        ))
        .build()
}

impl Refusal {
    pub(crate) fn bad_request(error: &'static str, description: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, error, description)
    }

    pub(crate) fn forbidden(error: &'static str, description: &'static str) -> Self {
        Self::new(StatusCode::FORBIDDEN, error, description)
    }

    pub(crate) fn unauthorized(error: &'static str, description: &'static str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, error, description)
    }

    pub(crate) fn session_invalid() -> Self {
        Self::unauthorized("session_invalid", "The account session is missing or no longer valid")
            .with(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))
    }

    pub(crate) fn idempotency_key_required() -> Self {
        Self::bad_request("idempotency_key_required", "The header Idempotency-Key must hold one UUID")
    }

    pub(crate) fn idempotency_key_in_use() -> Self {
        Self::new(
            StatusCode::CONFLICT,
            "idempotency_key_in_use",
            "A request with this Idempotency-Key is still being worked on",
        )
        .retry_after(1)
    }

    pub(crate) fn idempotency_key_reused() -> Self {
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "idempotency_key_reused",
            "This Idempotency-Key was used for another request",
        )
    }

    pub(crate) fn otp_required() -> Self {
        Self::forbidden("otp_required", "The header X-OTP-Code must hold a one-time code")
    }

    pub(crate) fn otp_invalid() -> Self {
        Self::forbidden("otp_invalid", "The one-time code is wrong")
    }

    pub(crate) fn otp_reused() -> Self {
        Self::forbidden("otp_reused", "The one-time code was used before: wait for the next one")
    }

    pub(crate) fn otp_locked(seconds: u64) -> Self {
        Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "otp_locked",
            "Too many wrong one-time codes: the account is locked for a few minutes",
        )
        .retry_after(seconds)
    }

    pub(crate) fn otp_stopped() -> Self {
        Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "otp_locked",
            "Too many wrong one-time codes in a row: the authenticator must be set up anew",
        )
    }

    pub(crate) fn record_invalid(description: String, attributes: BTreeMap<String, Vec<String>>) -> Self {
        let mut refusal = Self::new(StatusCode::UNPROCESSABLE_ENTITY, "record_invalid", description);
        refusal.body.error_attributes = attributes;
        refusal
    }

    pub(crate) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", "There is nothing here")
    }

    pub(crate) fn method_not_allowed() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "This method is not known here")
    }

    pub(crate) fn too_large() -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", "The body is larger than 64 KiB")
    }

    pub(crate) fn content_type() -> Self {
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "content_type_unsupported",
            "The content type must be application/json",
        )
    }

    /// 3Commas documents the two words, not what it answers to others: our own choice.
    pub(crate) fn forced_mode_invalid() -> Self {
        Self::bad_request("forced_mode_invalid", "The header Forced-Mode must be real or paper")
    }

    pub(crate) fn request_timeout() -> Self {
        Self::new(StatusCode::REQUEST_TIMEOUT, "request_timeout", "The body did not come in time")
            .with(header::CONNECTION, HeaderValue::from_static("close"))
    }

    pub(crate) fn head_timeout() -> Self {
        Self::new(StatusCode::REQUEST_TIMEOUT, "request_timeout", "Request line and headers did not come in time")
    }

    pub(crate) fn head_too_large() -> Self {
        Self::new(
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            "head_too_large",
            "Request line and headers are larger than 32 KiB, or there are more than 64 headers",
        )
    }

    pub(crate) fn request_malformed() -> Self {
        Self::bad_request("request_malformed", "This is no HTTP/1.1 request")
    }

    pub(crate) fn too_many_connections() -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "too_many_connections",
            "Too many connections are open: close some, or wait",
        )
        .retry_after(30)
    }

    /// 3Commas documents the status, not the body: this word and [`Refusal::banned`]'s are our own.
    pub(crate) fn too_many_requests(seconds: u64) -> Self {
        Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too_many_requests",
            "Over the limit of requests: wait before the next one",
        )
        .retry_after(seconds)
    }

    pub(crate) fn banned(seconds: u64) -> Self {
        Self::new(
            StatusCode::IM_A_TEAPOT,
            "address_banned",
            "This address is banned for a time: it went on although it was over the limit",
        )
        .retry_after(seconds)
    }

    pub(crate) fn fault() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal_error", "The service failed on purpose: a fault is set")
    }

    pub(crate) fn not_simulated() -> Self {
        Self::new(
            StatusCode::NOT_IMPLEMENTED,
            "not_simulated",
            "3Commas documents this endpoint; the practice service does not simulate it",
        )
    }

    pub(crate) fn disk_full() -> Self {
        Self::new(StatusCode::INSUFFICIENT_STORAGE, "disk_full", "The disk is full: nothing was changed")
    }

    pub(crate) fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal_error",
            "The practice service failed: nothing was changed",
        )
    }

    /// The one failure after which the same request has to be sent again: of a change, and of whatever is asked before it is
    /// known what came of one.
    pub(crate) fn outcome_unknown() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "outcome_unknown",
            "The disk failed, and what is on it is not certain: send the same request again",
        )
    }

    pub(crate) fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Where the true reason says more than the answer.
    pub(crate) fn because(mut self, reason: TrueReason) -> Self {
        self.reason = Some(Box::new(reason));
        self
    }

    /// The token that the request named, for the record too.
    pub(crate) fn of_token(mut self, id: i64) -> Self {
        self.reason = Some(Box::new(TrueReason { token_id: Some(id), ..self.true_reason() }));
        self
    }

    /// The answer, for the record too, and its body in JSON.
    pub(crate) fn into_parts(self) -> (Response<()>, Vec<u8>) {
        let refused = Refused { error: self.body.error, reason: self.true_reason() };
        // Words, and texts by name: there is nothing in it that JSON cannot say.
        let body = serde_json::to_vec(&self.body).unwrap_or_default();
        let mut response = Response::new(());
        *response.status_mut() = self.status;
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        response.headers_mut().extend(self.headers);
        response.extensions_mut().insert(refused);
        (response, body)
    }

    /// What is answered is the reason where no better one was given.
    fn true_reason(&self) -> TrueReason {
        self.reason.as_deref().cloned().unwrap_or_else(|| {
            let detail = match self.body.error_attributes.len() {
                0 => self.body.error_description.to_string(),
                // No more of it: the description repeats what was sent, and that may be anything.
                fields => format!("Invalid parameters: {fields} field(s)"),
            };
            TrueReason::new(self.body.error, detail)
        })
    }

    fn retry_after(self, seconds: u64) -> Self {
        self.with(header::RETRY_AFTER, seconds.into())
    }

    fn new(status: StatusCode, error: &'static str, description: impl Into<Cow<'static, str>>) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: ErrorBody { error, error_description: description.into(), error_attributes: BTreeMap::new() },
            reason: None,
        }
    }
}

/// Travels with the response, for the record; it is never sent.
#[derive(Clone, Debug)]
pub(crate) struct Refused {
    pub(crate) error: &'static str,
    pub(crate) reason: TrueReason,
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (response, body) = self.into_parts();
        response.map(|()| body.into())
    }
}

impl From<NotDone> for Refusal {
    fn from(why: NotDone) -> Self {
        match why {
            NotDone::CodeInvalid => Self::otp_invalid(),
            NotDone::CodeRequired => Self::otp_required(),
            NotDone::CodeReused => Self::otp_reused(),
            NotDone::Failed(failure) => failure.into(),
            NotDone::Invalid(problems) => problems.into(),
            NotDone::KeyReused => Self::idempotency_key_reused(),
            NotDone::Locked { seconds } => Self::otp_locked(seconds),
            NotDone::Stopped => Self::otp_stopped(),
            NotDone::TokenUnknown => Self::not_found(),
        }
    }
}

impl From<Occupied> for Refusal {
    fn from(occupied: Occupied) -> Self {
        match occupied {
            Occupied::SameRequest => Self::idempotency_key_in_use(),
            Occupied::OtherRequest => Self::idempotency_key_reused(),
        }
    }
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::DiskFull => Self::disk_full(),
            Failure::Internal => Self::internal(),
            Failure::OutcomeUnknown => Self::outcome_unknown(),
        }
    }
}

impl From<Problems> for Refusal {
    fn from(problems: Problems) -> Self {
        Self::record_invalid(problems.sentence(), problems.attributes())
    }
}

#[cfg(test)]
impl Refusal {
    pub(crate) fn error(&self) -> &'static str {
        self.body.error
    }

    pub(crate) fn description(&self) -> &str {
        &self.body.error_description
    }

    pub(crate) fn attributes(&self) -> &BTreeMap<String, Vec<String>> {
        &self.body.error_attributes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problems::Word;

    #[test]
    fn what_is_wrong_with_a_body_is_answered_in_words_and_in_one_sentence() {
        let mut problems = Problems::default();
        problems.add("name", Word::TooShort);
        let refusal = Refusal::from(problems);
        assert_eq!(refusal.error(), "record_invalid");
        assert_eq!(refusal.attributes()["name"], ["too_short"]);
        assert_eq!(refusal.description(), "Invalid parameters: name is too short");
    }
}
