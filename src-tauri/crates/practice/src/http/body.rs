//! Bodies: bounded in size and time, of the right content type, strict JSON.

use std::error::Error;
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, header};
use http_body_util::LengthLimitError;
use serde_json::{Map, Value};

use crate::headers;
use crate::http::refusal::Refusal;
use crate::http::strict_json;

const BODY_LIMIT: usize = 64 * 1_024;
/// However slowly a client sends, its request ends.
const BODY_TIME: Duration = Duration::from_secs(10);

/// The whole body, if it is within the limits.
pub(super) async fn bytes(body: Body) -> Result<Bytes, Refusal> {
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    // What is announced as too large is not read at all.
    if body.size_hint().lower() > BODY_LIMIT as u64 {
        return Err(Refusal::too_large());
    }
    match tokio::time::timeout(BODY_TIME, to_bytes(body, BODY_LIMIT)).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(error)) if error.source().is_some_and(|source| source.is::<LengthLimitError>()) => {
            Err(Refusal::too_large())
        }
        Ok(Err(_)) => Err(Refusal::bad_request("body_unreadable", "The body could not be read")),
        Err(_) => Err(Refusal::request_timeout()),
    }
}

pub(super) async fn json(request: Request) -> Result<Value, Refusal> {
    if !is_json(request.headers()) {
        return Err(Refusal::content_type());
    }
    let bytes = bytes(request.into_body()).await?;
    strict_json::parse(&bytes)
        .map_err(|problem| Refusal::bad_request("invalid_json", format!("The body is not plain JSON: {problem}")))
}

/// The bodies of this service are objects.
pub(super) fn object(body: &Value) -> Result<&Map<String, Value>, Refusal> {
    body.as_object().ok_or_else(|| Refusal::bad_request("invalid_json", "The body must be a JSON object"))
}

/// An empty body is no body, whatever the content type says.
pub(super) async fn none(request: Request) -> Result<(), Refusal> {
    if bytes(request.into_body()).await?.is_empty() {
        return Ok(());
    }
    Err(Refusal::bad_request("body_unexpected", "This request takes no body"))
}

/// `application/json`; a charset may only repeat what JSON is anyway (RFC 8259 section 8.1).
fn is_json(headers: &HeaderMap) -> bool {
    let Some(Ok(value)) = headers::once(headers, header::CONTENT_TYPE).map(HeaderValue::to_str) else {
        return false;
    };
    let mut parts = value.split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default();
    essence.eq_ignore_ascii_case("application/json")
        && parts.all(|parameter| {
            let parameter = parameter.replace('"', "");
            parameter.eq_ignore_ascii_case("charset=utf-8")
        })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_an_object_is_a_body() {
        assert!(object(&json!({})).is_ok());
        for other in [json!([]), json!("x"), json!(1), json!(null)] {
            assert_eq!(object(&other).unwrap_err().error(), "invalid_json", "{other}");
        }
    }

    #[test]
    fn only_json_in_utf_8_is_json() {
        for (value, accepted) in [
            ("application/json", true),
            ("Application/JSON; charset=UTF-8", true),
            ("application/json;charset=\"utf-8\"", true),
            ("application/json; charset=latin1", false),
            ("application/jsonp", false),
            ("text/json", false),
            ("text/plain", false),
            ("", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, value.parse().unwrap());
            assert_eq!(is_json(&headers), accepted, "{value}");
            headers.append(header::CONTENT_TYPE, value.parse().unwrap());
            assert!(!is_json(&headers), "twice");
        }
        assert!(!is_json(&HeaderMap::new()));
    }
}
