//! Headers that may stand once: two of a name say two things, and neither is taken.

use axum::http::header::AsHeaderName;
use axum::http::{HeaderMap, HeaderValue};

/// How often a header was sent.
pub(crate) enum Sent<'a> {
    Never,
    Once(&'a HeaderValue),
    Often,
}

impl<'a> Sent<'a> {
    pub(crate) fn of(headers: &'a HeaderMap, name: impl AsHeaderName) -> Self {
        let mut values = headers.get_all(name).iter();
        match (values.next(), values.next()) {
            (None, _) => Self::Never,
            (Some(value), None) => Self::Once(value),
            (Some(_), Some(_)) => Self::Often,
        }
    }
}

/// The value of a header that stands once; nothing else is one.
pub(crate) fn once(headers: &HeaderMap, name: impl AsHeaderName) -> Option<&HeaderValue> {
    match Sent::of(headers, name) {
        Sent::Once(value) => Some(value),
        Sent::Never | Sent::Often => None,
    }
}
