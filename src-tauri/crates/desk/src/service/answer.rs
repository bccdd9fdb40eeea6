//! What came back of a request, and why it is not what was asked for.

use std::collections::BTreeMap;

use reqwest::header::RETRY_AFTER;
use reqwest::{RequestBuilder, Response, StatusCode};
use serde::Deserialize;
use zeroize::{Zeroize, Zeroizing};

use crate::error::endpoint::EndpointError;

/// An answer larger than this is not read: a token is a few kilobytes.
const LIMIT: usize = 256 * 1024;

/// Sends a request; the body of the answer is still to be read.
pub(super) async fn to(request: RequestBuilder) -> Result<Response, EndpointError> {
    request.send().await.map_err(|error| {
        if error.is_connect() || error.is_builder() { EndpointError::Unreachable } else { EndpointError::NoAnswer }
    })
}

/// The body, which may hold a secret, in memory that is overwritten after use.
pub(super) async fn body(mut answer: Response) -> Result<Zeroizing<Vec<u8>>, EndpointError> {
    let mut body = Zeroizing::new(Vec::with_capacity(LIMIT));
    while let Some(chunk) = answer.chunk().await.map_err(|_| EndpointError::NoAnswer)? {
        if body.len() + chunk.len() > LIMIT {
            return Err(EndpointError::AnswerInvalid("too large"));
        }
        body.extend_from_slice(&chunk);
        if let Ok(mut chunk) = chunk.try_into_mut() {
            chunk.zeroize();
        }
    }
    Ok(body)
}

/// Why an answer with another status than was hoped for gives nothing.
pub(super) async fn refusal(answer: Response) -> EndpointError {
    let (status, retry_after) = (answer.status(), retry_after(&answer));
    match body(answer).await {
        Ok(body) => refused(status, retry_after, &body),
        Err(error) => error,
    }
}

fn retry_after(answer: &Response) -> Option<u64> {
    answer.headers().get(RETRY_AFTER)?.to_str().ok()?.parse().ok()
}

fn refused(status: StatusCode, retry_after: Option<u64>, body: &[u8]) -> EndpointError {
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Answer {
        error: String,
        error_description: String,
        error_attributes: BTreeMap<String, Vec<String>>,
    }
    let answer: Answer = serde_json::from_slice(body).unwrap_or_default();
    match (status.as_u16(), answer.error.as_str()) {
        (401, _) => EndpointError::SessionInvalid,
        (403, "otp_invalid") => EndpointError::OtpInvalid,
        (403, "otp_required") => EndpointError::OtpRequired,
        (403, "otp_reused") => EndpointError::OtpReused,
        (429, "otp_locked") if retry_after.is_none() => EndpointError::OtpExhausted,
        (429, "otp_locked") => EndpointError::OtpLocked { retry_after },
        (422, "record_invalid") => {
            EndpointError::RecordInvalid { description: answer.error_description, attributes: answer.error_attributes }
        }
        // The first request with this key is still running: whether it makes a token is not known yet.
        (409, _) => EndpointError::NoAnswer,
        // It took the request, and does not answer as a service of ours: there may be a token.
        (200..=299, _) => EndpointError::AnswerInvalid("status"),
        (507, _) => EndpointError::OutOfSpace,
        (status @ 500.., _) => EndpointError::ServiceFailed { status },
        (status, _) => EndpointError::Refused { status },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use crate::error::field::Field;

    #[test]
    fn an_unexpected_success_may_have_made_a_token() {
        for status in [StatusCode::OK, StatusCode::ACCEPTED, StatusCode::NO_CONTENT] {
            assert!(refused(status, None, b"{}").leaves_open(), "{status}");
        }
        assert!(!refused(StatusCode::FOUND, None, b"").leaves_open(), "it was not taken");
    }

    #[test]
    fn a_person_reads_the_sentence_and_the_words_only_where_there_is_none() {
        for (description, shown) in [("name is too short", "name is too short"), ("", "too_short; blank")] {
            let body = serde_json::json!({
                "error": "record_invalid",
                "error_description": description,
                "error_attributes": {"name": ["too_short"], "type": ["blank"]},
            });
            let error = Error::from(refused(StatusCode::UNPROCESSABLE_ENTITY, None, body.to_string().as_bytes()));
            assert_eq!(error.params()["detail"], shown);
            assert_eq!(error.field(), Some(Field::Name));
        }
    }
}
