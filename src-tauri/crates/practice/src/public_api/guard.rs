//! Who may call the public API: signature, then address, then permission.

use std::net::IpAddr;

use aws_lc_rs::hmac;
use axum::http::{HeaderMap, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::documented::endpoints::Demand;
use crate::documented::permission::Permission;
use crate::headers;
use crate::tokens::callers::{Caller, Verifier};

pub(crate) const API_KEY: &str = "apikey";
const SIGNATURE: &str = "signature";

/// A signed request, as it was sent.
pub(crate) struct SignedRequest<'a> {
    /// From `/public/api` on, with the query.
    pub(crate) path_and_query: &'a str,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: &'a [u8],
    pub(crate) client_address: IpAddr,
}

/// The API key that a request names; `None` if it names none, or two.
pub(crate) fn api_key(headers: &HeaderMap) -> Option<&str> {
    only(headers, API_KEY)
}

/// The signature, if there is one and only one.
pub(crate) fn signature(headers: &HeaderMap) -> Option<&str> {
    only(headers, SIGNATURE)
}

/// The name that the service was called by.
pub(crate) fn host(headers: &HeaderMap) -> Option<&str> {
    only(headers, header::HOST.as_str())
}

/// The first thing that was found wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Denied {
    Signature,
    Address,
    Permission(Permission),
}

pub(crate) fn admit(request: &SignedRequest<'_>, caller: &Caller, demand: Demand) -> Result<(), Denied> {
    let signature = signature(request.headers).unwrap_or_default();
    if !caller.verifier.accepts(&string_to_sign(request), signature) {
        return Err(Denied::Signature);
    }
    let anywhere = caller.trusted_ips.is_empty();
    if !anywhere && !trusted_ips::contains(&caller.trusted_ips, request.client_address) {
        return Err(Denied::Address);
    }
    match demand {
        Demand::Permission(permission) if !caller.permissions.contains(permission) => {
            Err(Denied::Permission(permission))
        }
        Demand::Nothing | Demand::Signature | Demand::Permission(_) => Ok(()),
    }
}

/// The path with its query exactly as sent, a lone `?` included. A form counts as if it were the
/// query; any other body is appended as it is; an empty one is none.
pub(crate) fn string_to_sign(request: &SignedRequest<'_>) -> Vec<u8> {
    let path = request.path_and_query;
    let joint = match path.split_once('?') {
        _ if request.body.is_empty() || !is_form(request.headers) => "",
        None => "?",
        Some((_, "")) => "",
        Some(_) => "&",
    };
    [path.as_bytes(), joint.as_bytes(), request.body].concat()
}

impl Verifier {
    fn accepts(&self, message: &[u8], signature: &str) -> bool {
        match self {
            Self::Hmac(_) => hex(signature).is_some_and(|tag| self.accepts_bytes(message, &tag)),
            // One line, padded, nothing left over: what known clients send and the documentation shows.
            Self::Rsa(_) => STANDARD.decode(signature).is_ok_and(|signature| self.accepts_bytes(message, &signature)),
        }
    }

    /// Both compare in constant time.
    pub(crate) fn accepts_bytes(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Hmac(key) => hmac::verify(key, message, signature).is_ok(),
            Self::Rsa(key) => key.verifies(message, signature),
        }
    }
}

pub(crate) fn is_form(headers: &HeaderMap) -> bool {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = content_type.and_then(|value| value.split(';').next()).unwrap_or_default();
    essence.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// 64 hex digits of either case.
pub(crate) fn hex(text: &str) -> Option<[u8; 32]> {
    let digits: Vec<_> = text.chars().map(|digit| digit.to_digit(16)).collect::<Option<_>>()?;
    let bytes: Vec<_> = digits
        .chunks(2)
        .map(|pair| match pair {
            [high, low] => u8::try_from(high << 4 | low).ok(),
            _ => None,
        })
        .collect::<Option<_>>()?;
    bytes.try_into().ok()
}

fn only<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers::once(headers, name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::seal::Sealer;
    use crate::storage::state_key::StateKey;
    use crate::tokens::PracticeToken;

    fn message(path_and_query: &str, content_type: Option<&str>, body: &str) -> String {
        let mut headers = HeaderMap::new();
        if let Some(content_type) = content_type {
            headers.insert(header::CONTENT_TYPE, content_type.parse().unwrap());
        }
        let request = SignedRequest {
            path_and_query,
            headers: &headers,
            body: body.as_bytes(),
            client_address: crate::conditions::CLIENT_ADDRESS,
        };
        String::from_utf8(string_to_sign(&request)).unwrap()
    }

    #[test]
    fn the_signed_string_is_what_was_sent() {
        let form = Some("application/x-www-form-urlencoded; charset=utf-8");
        let json = Some("application/json");
        for (path, content_type, body, signed) in [
            ("/p/bots", None, "", "/p/bots"),
            ("/p/bots?", None, "", "/p/bots?"),
            ("/p/bots?a=%20b", None, "", "/p/bots?a=%20b"),
            ("/p/bots", form, "", "/p/bots"),
            ("/p/mode", form, "mode=paper", "/p/mode?mode=paper"),
            ("/p/mode?", form, "mode=paper", "/p/mode?mode=paper"),
            ("/p/mode?a=1", form, "mode=paper", "/p/mode?a=1&mode=paper"),
            ("/p/mode?a=?", form, "mode=paper", "/p/mode?a=?&mode=paper"),
            ("/p/mode??", form, "mode=paper", "/p/mode??&mode=paper"),
            ("/p/mode", json, r#"{"mode": "paper"}"#, r#"/p/mode{"mode": "paper"}"#),
            ("/p/mode", None, "raw", "/p/moderaw"),
        ] {
            assert_eq!(message(path, content_type, body), signed);
        }
    }

    /// From 3Commas' documentation: secret, form, signature.
    #[test]
    fn the_documented_hmac_example_is_admitted() {
        let sealer = Sealer::for_secrets(&StateKey::from_bytes([1; 32]));
        let secret = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j";
        let caller = Caller::of(&PracticeToken::with_secret(secret, &sealer), &sealer).unwrap();
        let signature = "bca8d8c10acfbe8e76c5335d3efbe0a550487170a8bb7aaea0a13efabab55316";
        let other = "0475b407c10acfbe8e76c5335d3efbe0a550487170a8bb7aaea0a13efabab553";
        let path = "/public/api/ver1/users/change_mode";
        let query = format!("{path}?mode=paper");
        for (path_and_query, body, signature, admitted) in [
            (path, "mode=paper", signature, true),
            (&query, "", signature, true),
            (&query, "", &signature.to_uppercase(), true),
            (&query, "", other, false),
            (path, "mode=real", signature, false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, "application/x-www-form-urlencoded".parse().unwrap());
            headers.insert(SIGNATURE, signature.parse().unwrap());
            let request = SignedRequest {
                path_and_query,
                headers: &headers,
                body: body.as_bytes(),
                client_address: crate::conditions::CLIENT_ADDRESS,
            };
            let result = admit(&request, &caller, Demand::Signature);
            assert_eq!(result.is_ok(), admitted, "{path_and_query} {body} {signature}");
        }
    }

    #[test]
    fn hex_of_either_case_is_read_and_nothing_else() {
        let bytes = hex(&"aF".repeat(32)).unwrap();
        assert_eq!(bytes, [0xaf; 32]);
        for wrong in [
            "",
            "a",
            &"a".repeat(63),
            &"a".repeat(66),
            &"g".repeat(64),
            &"é".repeat(32),
            &format!("0x{}", "a".repeat(62)),
        ] {
            assert_eq!(hex(wrong), None, "{wrong}");
        }
    }
}
