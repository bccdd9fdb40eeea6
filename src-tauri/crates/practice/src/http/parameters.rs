//! Parameters of the public API: in the query, in a form, or in a JSON body, as clients send them.

use axum::http::{HeaderMap, Uri};
use serde_json::Value;

use crate::http::strict_json;
use crate::public_api::guard;

/// The first parameter of this name in the query.
pub(super) fn in_query(uri: &Uri, name: &str) -> Option<String> {
    in_form(uri.query().unwrap_or_default().as_bytes(), name)
}

/// The query comes before the body.
pub(super) fn named(uri: &Uri, headers: &HeaderMap, body: &[u8], name: &str) -> Option<String> {
    in_query(uri, name).or_else(|| {
        if guard::is_form(headers) {
            return in_form(body, name);
        }
        match strict_json::parse(body).ok()?.get(name)? {
            Value::String(text) => Some(text.clone()),
            _ => None,
        }
    })
}

fn in_form(form: &[u8], name: &str) -> Option<String> {
    form_urlencoded::parse(form).find(|(found, _)| found == name).map(|(_, value)| value.into_owned())
}

#[cfg(test)]
mod tests {
    use axum::http::header;

    use super::*;

    #[test]
    fn a_parameter_is_found_wherever_clients_put_it() {
        for (uri, content_type, body, found) in [
            ("/p?mode=paper", "", "", Some("paper")),
            ("/p?a=1&mo%64e=p%61per", "", "", Some("paper")),
            ("/p?mode=paper", "application/json", r#"{"mode": "real"}"#, Some("paper")),
            ("/p", "application/x-www-form-urlencoded", "mode=paper", Some("paper")),
            ("/p", "application/json", r#"{"mode": "paper"}"#, Some("paper")),
            ("/p", "application/json", r#"{"mode": 1}"#, None),
            ("/p", "application/json", r#"{"mode": "a", "mode": "b"}"#, None),
            ("/p", "application/json", "mode=paper", None),
            ("/p?", "", "", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, content_type.parse().unwrap());
            assert_eq!(
                named(&uri.parse().unwrap(), &headers, body.as_bytes(), "mode").as_deref(),
                found,
                "{uri} {body}"
            );
        }
    }
}
