//! The Idempotency-Key of a change (draft-ietf-httpapi-idempotency-key-header).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use aws_lc_rs::digest::{SHA256, digest};
use serde_json::Value;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::tokens::request_fingerprint::RequestFingerprint;

/// A UUID, as 36 lower-case characters. It opens the stored answer, so only a hash of it is kept.
pub(crate) struct IdempotencyKey(Zeroizing<String>);

/// SHA-256 of method, path and body as parsed JSON: whether two requests ask for the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RequestHash([u8; 32]);

impl IdempotencyKey {
    /// A bare UUID with its hyphens, or one as a quoted string (RFC 8941).
    pub(crate) fn parse(header: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(header).ok()?;
        let bare = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(text);
        if bare.len() != 36 {
            return None;
        }
        let uuid = Uuid::try_parse(bare).ok()?;
        Some(Self(Zeroizing::new(uuid.to_string())))
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    pub(crate) fn fingerprint(&self) -> RequestFingerprint {
        RequestFingerprint::of_key(self.as_bytes())
    }
}

impl RequestHash {
    pub(crate) fn new(method: &str, path: &str, body: &Value) -> Self {
        let mut text = Zeroizing::new(format!("{method}\n{path}\n"));
        write_canonical(body, &mut text);
        let mut hash = [0; 32];
        hash.copy_from_slice(digest(&SHA256, text.as_bytes()).as_ref());
        Self(hash)
    }

    pub(crate) fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// The requests being worked on, so that a second one with the same key is told to wait.
#[derive(Clone, Default)]
pub(crate) struct InFlight(Arc<Mutex<HashMap<RequestFingerprint, RequestHash>>>);

/// Why a request cannot start.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Occupied {
    SameRequest,
    OtherRequest,
}

/// A request being worked on, until it is dropped.
pub(crate) struct Started {
    in_flight: InFlight,
    fingerprint: RequestFingerprint,
}

impl InFlight {
    pub(crate) fn start(&self, fingerprint: &RequestFingerprint, request: RequestHash) -> Result<Started, Occupied> {
        let mut running = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match running.get(fingerprint) {
            Some(found) if *found == request => Err(Occupied::SameRequest),
            Some(_) => Err(Occupied::OtherRequest),
            None => {
                running.insert(fingerprint.clone(), request);
                Ok(Started { in_flight: self.clone(), fingerprint: fingerprint.clone() })
            }
        }
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        let mut running = self.in_flight.0.lock().unwrap_or_else(PoisonError::into_inner);
        running.remove(&self.fingerprint);
    }
}

/// One text for equal JSON: names sorted, no white space. Independent of serde_json's
/// `preserve_order`, which any crate of a workspace may switch on.
fn write_canonical(value: &Value, text: &mut String) {
    match value {
        Value::Object(object) => {
            let mut entries: Vec<_> = object.iter().collect();
            entries.sort_by_key(|(name, _)| *name);
            text.push('{');
            for (name, value) in entries {
                text.push_str(&Value::from(name.as_str()).to_string());
                text.push(':');
                write_canonical(value, text);
                text.push(',');
            }
            text.push('}');
        }
        Value::Array(items) => {
            text.push('[');
            for item in items {
                write_canonical(item, text);
                text.push(',');
            }
            text.push(']');
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            text.push_str(&value.to_string());
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const KEY: &str = "0e6f7c1a-5d44-4b0a-9a55-0f2d8f6a1c3e";

    fn request(body: &Value) -> RequestHash {
        RequestHash::new("POST", "/api_tokens", body)
    }

    #[test]
    fn a_key_is_a_uuid_bare_or_quoted_and_case_does_not_matter() {
        let fingerprint = IdempotencyKey::parse(KEY.as_bytes()).unwrap().fingerprint();
        for same in [KEY.to_uppercase(), format!("\"{KEY}\"")] {
            assert_eq!(IdempotencyKey::parse(same.as_bytes()).unwrap().fingerprint(), fingerprint);
        }
    }

    #[test]
    fn what_is_no_uuid_is_no_key() {
        let urn = format!("urn:uuid:{KEY}");
        let braced = format!("{{{}}}", &KEY[..34]);
        for text in ["", "\"\"", "key-1", &KEY.replace('-', ""), &urn, &braced, &KEY[..35], &format!("\"{KEY}")] {
            assert!(IdempotencyKey::parse(text.as_bytes()).is_none(), "{text}");
        }
        assert!(IdempotencyKey::parse(b"\xff").is_none());
    }

    /// Computed with `printf %s "$KEY" | sha256sum`.
    #[test]
    fn the_fingerprint_is_sha_256_of_the_36_characters() {
        assert_eq!(
            IdempotencyKey::parse(KEY.as_bytes()).unwrap().fingerprint().as_str(),
            "4cbbed2c8e01a48b9e7e2747a8a42de3989fe5ba6baf21145d5ac4e31fb48cce"
        );
    }

    #[test]
    fn requests_are_compared_as_parsed_json_with_method_and_path() {
        let body = json!({"a": 1, "b": ["x", "y"]});
        let reordered = serde_json::from_str(r#"{ "b": ["x","y"], "a": 1 }"#).unwrap();
        assert_eq!(request(&body), request(&reordered));
        for other in
            [json!({"a": 1, "b": ["y", "x"]}), json!({"a": "1", "b": ["x", "y"]}), json!({"a": 1, "b": ["x,y"]})]
        {
            assert_ne!(request(&body), request(&other));
        }
        assert_ne!(request(&body), RequestHash::new("PATCH", "/api_tokens", &body));
        assert_ne!(request(&body), RequestHash::new("POST", "/api_tokens/1", &body));
    }

    #[test]
    fn a_running_request_keeps_its_key_occupied_until_it_ends() {
        let in_flight = InFlight::default();
        let fingerprint = IdempotencyKey::parse(KEY.as_bytes()).unwrap().fingerprint();
        let (this, other) = (request(&json!(1)), request(&json!(2)));
        let started = in_flight.start(&fingerprint, this).unwrap();
        assert_eq!(in_flight.start(&fingerprint, this).err(), Some(Occupied::SameRequest));
        assert_eq!(in_flight.start(&fingerprint, other).err(), Some(Occupied::OtherRequest));
        drop(started);
        assert!(in_flight.start(&fingerprint, other).is_ok());
    }
}
