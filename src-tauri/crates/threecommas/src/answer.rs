//! From an HTTP response to a JSON value or a typed error.

use std::collections::BTreeMap;

use reqwest::header::RETRY_AFTER;
use reqwest::{Response, StatusCode};
use serde_json::{Map, Value};

use crate::error::{ApiErrorKind, Error};

/// The most bytes of an answer that are read: 8 MiB.
pub const ANSWER_LIMIT: usize = 8 * 1024 * 1024;

pub(crate) async fn read(response: Response) -> Result<Value, Error> {
    let status = response.status();
    if status.is_redirection() {
        return Err(Error::Redirected { status: status.as_u16() });
    }
    let retry_after = retry_after(&response);
    let body = bounded(response).await?;
    if status.is_success() {
        return serde_json::from_slice(&body).map_err(|_| Error::NotJson { status: status.as_u16() });
    }
    Err(refusal(status, &body, retry_after))
}

async fn bounded(mut response: Response) -> Result<Vec<u8>, Error> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(transport)? {
        if body.len() + chunk.len() > ANSWER_LIMIT {
            return Err(Error::AnswerTooLarge { limit: ANSWER_LIMIT });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// The library's error text has the URL in it and is dropped.
#[allow(clippy::needless_pass_by_value, reason = "used by `map_err`")]
pub(crate) fn transport(error: reqwest::Error) -> Error {
    if error.is_timeout() { Error::TimedOut } else { Error::Unreachable }
}

fn refusal(status: StatusCode, body: &[u8], retry_after: Option<u64>) -> Error {
    let status = status.as_u16();
    let object = match serde_json::from_slice(body) {
        Ok(Value::Object(object)) => object,
        _ => Map::new(),
    };
    let error = text(&object, "error");
    let kind = ApiErrorKind::of(status, &error);
    if error.is_empty() && !kind.needs_no_body() {
        return Error::NotJson { status };
    }
    Error::Api {
        status,
        kind,
        description: text(&object, "error_description"),
        attributes: attributes(object.get("error_attributes")),
        error,
        retry_after,
    }
}

fn text(object: &Map<String, Value>, name: &str) -> String {
    object.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// Documented as lists of texts; a single text is taken for a list of one.
fn attributes(value: Option<&Value>) -> BTreeMap<String, Vec<String>> {
    let Some(Value::Object(fields)) = value else {
        return BTreeMap::new();
    };
    fields
        .iter()
        .map(|(field, words)| {
            let words = match words {
                Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
                Value::String(word) => vec![word.as_str()],
                _ => Vec::new(),
            };
            (field.clone(), words.into_iter().map(str::to_owned).collect())
        })
        .collect()
}

/// In seconds; the other form, a date (RFC 9110 section 10.2.3), is not documented for this API.
fn retry_after(response: &Response) -> Option<u64> {
    response.headers().get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()
}
