//! Bodies: bounded, of the right content type, strict JSON.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::{HeaderMap, StatusCode, header},
};
use serde_json::Value;

use crate::{refusal::Refusal, strict_json};

/// The whole body, if it is within the limit of the router.
pub(super) async fn bytes(request: Request) -> Result<Bytes, Refusal> {
    Bytes::from_request(request, &()).await.map_err(|rejection| {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            Refusal::too_large()
        } else {
            Refusal::bad_request("body_unreadable", "The body could not be read")
        }
    })
}

pub(super) async fn json(request: Request) -> Result<Value, Refusal> {
    if !is_json(request.headers()) {
        return Err(Refusal::content_type());
    }
    let bytes = bytes(request).await?;
    strict_json::parse(&bytes)
        .map_err(|problem| Refusal::bad_request("invalid_json", format!("The body is not plain JSON: {problem}")))
}

/// An empty body is no body, whatever the content type says.
pub(super) async fn none(request: Request) -> Result<(), Refusal> {
    if bytes(request).await?.is_empty() {
        return Ok(());
    }
    Err(Refusal::bad_request("body_unexpected", "This request takes no body"))
}

/// `application/json`; a charset may only repeat what JSON is anyway (RFC 8259 section 8.1).
fn is_json(headers: &HeaderMap) -> bool {
    let mut values = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(Ok(value)), None) = (values.next().map(|value| value.to_str()), values.next()) else {
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
    use super::*;

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
