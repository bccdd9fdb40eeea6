//! Against DNS rebinding and pages of other origins: a browser cannot choose its Host and Origin.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, Version, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::conditions::hosts::AllowedHosts;
use crate::headers::Sent;
use crate::http::refusal::Refusal;
use crate::shared::Shared;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

pub(super) async fn require(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    match check(&shared.hosts, &request) {
        Ok(()) => next.run(request).await,
        Err(refusal) => refusal.into_response(),
    }
}

fn check(hosts: &AllowedHosts, request: &Request) -> Result<(), Refusal> {
    let headers = request.headers();
    // No client of an API speaks HTTP/1.0, and it may leave out the Host.
    if request.version() < Version::HTTP_11 {
        return Err(Refusal::bad_request("http_version_unsupported", "HTTP/1.1 is needed"));
    }
    let host = only(headers, &header::HOST)?
        .ok_or_else(|| Refusal::bad_request("host_invalid", "The header Host is missing"))?;
    let target = request.uri().authority();
    if !hosts.contain(host) || target.is_some_and(|target| !hosts.contain(target.as_str())) {
        return Err(Refusal::forbidden(
            "host_not_allowed",
            "This host name is not answered to: start the service with --allow-host to allow it",
        ));
    }
    let own_origin = |origin: &str| origin.strip_prefix("http://").is_some_and(|name| name.eq_ignore_ascii_case(host));
    let foreign_origin = only(headers, &header::ORIGIN)?.is_some_and(|origin| !own_origin(origin));
    let foreign_site = only(headers, &SEC_FETCH_SITE)?.is_some_and(|site| !matches!(site, "same-origin" | "none"));
    if foreign_origin || foreign_site {
        return Err(Refusal::forbidden("origin_not_allowed", "Pages of other origins are not answered"));
    }
    Ok(())
}

/// RFC 9112 section 3.2: a request with two Hosts is answered with 400.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a str>, Refusal> {
    let value = match Sent::of(headers, name) {
        Sent::Never => return Ok(None),
        Sent::Once(value) => value.to_str().ok(),
        Sent::Often => None,
    };
    value.map(Some).ok_or_else(|| {
        Refusal::bad_request("host_invalid", "Host, Origin and Sec-Fetch-Site must stand once and be plain text")
    })
}
