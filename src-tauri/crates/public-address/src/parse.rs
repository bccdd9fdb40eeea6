//! Bytes in, one address or a reason out.

use std::net::IpAddr;
use std::str;

use crate::error::{Declared, SourceError};
use crate::source::Format;

impl Format {
    /// How many bytes an answer may have. An IPv6 address has 45 at most; Cloudflare's lines together have about 300.
    pub(crate) fn limit(self) -> usize {
        match self {
            Self::Text => 64,
            Self::Trace => 2048,
        }
    }

    /// The one address that a whole answer consists of. IPv4 in IPv6 clothes (`::ffff:`) is IPv4: that is how a server that
    /// listens on both families sees it.
    pub(crate) fn address(self, answer: &[u8]) -> Result<IpAddr, SourceError> {
        if is_page(answer) {
            return Err(SourceError::WebPage);
        }
        if answer.len() > self.limit() {
            return Err(SourceError::TooLong);
        }

        let text = str::from_utf8(answer).map_err(|_| SourceError::NotAnAddress)?;
        let address = match self {
            Self::Text if has_several(text) => return Err(SourceError::ManyAddresses),
            Self::Text => Some(without_line_end(text)),
            Self::Trace => traced(text),
        };
        address
            .and_then(|text| text.parse::<IpAddr>().ok())
            .map(|address| address.to_canonical())
            .ok_or(SourceError::NotAnAddress)
    }
}

/// What an answer is by its `Content-Type`, if that is something in which an address would only be found by searching.
///
/// A service that answers with the bare address may call it anything (`text/plain`, `application/octet-stream`, nothing).
/// One that declares a page or data does not: it is a sign-in page, an error page, or another interface of the service, and
/// an address in it may be anybody's.
pub(crate) fn declared(content_type: &str) -> Option<Declared> {
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match essence.as_str() {
        "text/html" | "application/xhtml+xml" => Some(Declared::Html),
        "application/json" | "text/json" => Some(Declared::Json),
        other => other.ends_with("+json").then_some(Declared::Json),
    }
}

/// Whether it begins as only a document does; true of the first bytes alone, so that a page need not be read to be known.
pub(crate) fn is_page(answer: &[u8]) -> bool {
    answer.strip_prefix(BYTE_ORDER_MARK).unwrap_or(answer).trim_ascii_start().starts_with(b"<")
}

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// One line end is how a line is written; a second would make it two.
fn without_line_end(text: &str) -> &str {
    let text = text.strip_suffix('\n').unwrap_or(text);
    text.strip_suffix('\r').unwrap_or(text)
}

/// Whether it is a list, as the header `X-Forwarded-For` has it: addresses, and nothing else, but more than one.
fn has_several(text: &str) -> bool {
    let mut parts = text.split([',', ' ', '\t', '\r', '\n']).filter(|part| !part.is_empty()).peekable();
    let first = parts.next();
    first.is_some()
        && parts.peek().is_some()
        && first.into_iter().chain(parts).all(|part| part.parse::<IpAddr>().is_ok())
}

/// The value of `ip=`, which must be there exactly once: with two of them, which is right would be a guess.
fn traced(text: &str) -> Option<&str> {
    let mut values = text.lines().filter_map(|line| line.strip_prefix("ip="));
    match (values.next(), values.next()) {
        (Some(value), None) => Some(value),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::error::SourceError::{ManyAddresses, NotAnAddress, TooLong, WebPage};

    #[test]
    fn text_is_one_address_and_nothing_else() {
        for (answer, expected) in [
            ("203.0.113.7", Ok("203.0.113.7")),
            ("203.0.113.7\n", Ok("203.0.113.7")),
            ("203.0.113.7\r\n", Ok("203.0.113.7")),
            ("2001:db8::7\n", Ok("2001:db8::7")),
            ("2001:0DB8:0:0:0:0:0:7\n", Ok("2001:db8::7")),
            ("::ffff:203.0.113.7", Ok("203.0.113.7")),
            ("::FFFF:cb00:7107", Ok("203.0.113.7")),
            ("", Err(NotAnAddress)),
            ("\n", Err(NotAnAddress)),
            (" 203.0.113.7", Err(NotAnAddress)),
            ("203.0.113.7 ", Err(NotAnAddress)),
            ("203.0.113.7\n\n", Err(NotAnAddress)),
            ("203.0.113.7\n203.0.113.8\n", Err(ManyAddresses)),
            ("203.0.113.7, 203.0.113.8", Err(ManyAddresses)),
            ("203.0.113.7,203.0.113.7", Err(ManyAddresses)),
            ("203.0.113.7 2001:db8::7", Err(ManyAddresses)),
            ("203.0.113.7, unknown", Err(NotAnAddress)),
            ("203.0.113.7,", Err(NotAnAddress)),
            (",", Err(NotAnAddress)),
            ("203.0.113.7\0", Err(NotAnAddress)),
            ("203.0.113.0/24", Err(NotAnAddress)),
            ("203.0.113.7:80", Err(NotAnAddress)),
            ("203.0.113", Err(NotAnAddress)),
            ("203.0.113.007", Err(NotAnAddress)),
            ("3405803783", Err(NotAnAddress)),
            ("[2001:db8::7]", Err(NotAnAddress)),
            ("2001:db8::7%eth0", Err(NotAnAddress)),
            ("\u{feff}203.0.113.7", Err(NotAnAddress)),
            ("２０３.0.113.7", Err(NotAnAddress)),
            ("{\"ip\":\"203.0.113.7\"}", Err(NotAnAddress)),
            ("your.host.example", Err(NotAnAddress)),
            ("<html>203.0.113.7</html>", Err(WebPage)),
            ("\r\n <!DOCTYPE html>", Err(WebPage)),
            ("\u{feff}<html>", Err(WebPage)),
        ] {
            let expected = expected.map(|address: &str| address.parse::<IpAddr>().unwrap());
            assert_eq!(Format::Text.address(answer.as_bytes()), expected, "{answer:?}");
        }
    }

    #[test]
    fn sixty_four_bytes_are_read_and_sixty_five_are_too_many() {
        assert_eq!(Format::Text.address(&[b'1'; 64]), Err(NotAnAddress));
        assert_eq!(Format::Text.address(&[b'1'; 65]), Err(TooLong));
    }

    #[test]
    fn a_trace_has_the_address_once() {
        for (answer, expected) in [
            ("fl=1\nh=x.example\nip=203.0.113.7\nts=1.5\n", Ok("203.0.113.7")),
            ("ip=2001:db8::7", Ok("2001:db8::7")),
            ("h=x\r\nip=::ffff:203.0.113.7\r\n", Ok("203.0.113.7")),
            ("uag=ip=198.51.100.1\nip=203.0.113.7\n", Ok("203.0.113.7")),
            ("ip=203.0.113.7\nip=203.0.113.7\n", Err(NotAnAddress)),
            ("ip=203.0.113.7\nip=198.51.100.1\n", Err(NotAnAddress)),
            ("ip=\n", Err(NotAnAddress)),
            ("ip= 203.0.113.7\n", Err(NotAnAddress)),
            (" ip=203.0.113.7\n", Err(NotAnAddress)),
            ("IP=203.0.113.7\n", Err(NotAnAddress)),
            ("203.0.113.7\n", Err(NotAnAddress)),
            ("", Err(NotAnAddress)),
            ("<html>\nip=203.0.113.7\n", Err(WebPage)),
        ] {
            let expected = expected.map(|address: &str| address.parse::<IpAddr>().unwrap());
            assert_eq!(Format::Trace.address(answer.as_bytes()), expected, "{answer:?}");
        }
    }

    #[test]
    fn pages_and_data_declare_themselves() {
        for (content_type, expected) in [
            ("text/html", Some(Declared::Html)),
            ("TEXT/HTML; charset=utf-8", Some(Declared::Html)),
            (" text/html ;charset=utf-8", Some(Declared::Html)),
            ("application/xhtml+xml", Some(Declared::Html)),
            ("application/json", Some(Declared::Json)),
            ("application/problem+json; charset=utf-8", Some(Declared::Json)),
            ("text/json", Some(Declared::Json)),
            ("text/plain", None),
            ("text/plain; charset=text/html", None),
            ("application/octet-stream", None),
            ("text/htmlx", None),
            ("", None),
            (";", None),
        ] {
            assert_eq!(declared(content_type), expected, "{content_type:?}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_taken_was_all_there_was(answer in proptest::collection::vec(any::<u8>(), 0..96)) {
            if let Ok(address) = Format::Text.address(&answer) {
                let text = str::from_utf8(&answer).unwrap();
                prop_assert_eq!(text.trim_end().parse::<IpAddr>().unwrap().to_canonical(), address);
            }
        }

        #[test]
        fn every_address_is_read_back(address in any::<IpAddr>(), end in "|\n|\r\n") {
            prop_assert_eq!(Format::Text.address(format!("{address}{end}").as_bytes()), Ok(address.to_canonical()));
            prop_assert_eq!(Format::Trace.address(format!("h=x\nip={address}\n").as_bytes()), Ok(address.to_canonical()));
        }
    }
}
