//! The name of a server, out of what a person types.

use std::fmt;
use std::net::IpAddr;

use url::Host;

/// A name that may be looked up: ASCII, in lower case, without a dot at its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct HostName(String);

/// Why something is no name to look up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoName {
    Empty,
    Address(IpAddr),
    NotAName,
}

impl HostName {
    /// Takes the name out of a URL, `user@host`, `host:port` or a sign-in like `ssh://user@host:22/`, and a name in other
    /// letters in its ASCII form (RFC 5891).
    pub(crate) fn parse(text: &str) -> Result<Self, NoName> {
        let text = text.trim();
        if text.len() > LONGEST_INPUT {
            return Err(NoName::NotAName);
        }

        let host = without_port(authority(text))?;
        if host.is_empty() {
            return Err(NoName::Empty);
        }
        if let Ok(address) = host.parse::<IpAddr>() {
            return Err(NoName::Address(address));
        }
        // Otherwise the parser below would decode it, and a name has none.
        if host.contains('%') {
            return Err(NoName::NotAName);
        }

        match Host::parse(host.strip_suffix('.').unwrap_or(host)) {
            Ok(Host::Domain(name)) if is_name(&name) => Ok(Self(name)),
            // An address in a short or hexadecimal form (`127.1`) included: which one is meant would be a guess.
            Ok(Host::Domain(_) | Host::Ipv4(_) | Host::Ipv6(_)) | Err(_) => Err(NoName::NotAName),
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for HostName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Longer than any URL that a person would paste for its host.
const LONGEST_INPUT: usize = 2048;

/// What stands between the scheme and the path of a URL, without the user.
fn authority(text: &str) -> &str {
    let behind_scheme = text.split_once("://").map_or(text, |(_, rest)| rest);
    let authority = behind_scheme.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    authority.rsplit_once('@').map_or(authority, |(_, host)| host)
}

/// The host of `host`, `host:`, `host:22`, `[address]` and `[address]:22`; a bare IPv6 address is all host.
fn without_port(text: &str) -> Result<&str, NoName> {
    if text.parse::<IpAddr>().is_ok() {
        return Ok(text);
    }

    let (host, port) = match text.strip_prefix('[') {
        Some(rest) => {
            let (host, behind) = rest.split_once(']').ok_or(NoName::NotAName)?;
            let port = behind.strip_prefix(':').or(behind.is_empty().then_some(""));
            (host, port.ok_or(NoName::NotAName)?)
        }
        None => text.split_once(':').unwrap_or((text, "")),
    };
    port.bytes().all(|byte| byte.is_ascii_digit()).then_some(host).ok_or(NoName::NotAName)
}

/// RFC 1123 section 2.1, and underscores, which name servers answer for. RFC 1035 section 2.3.4 has the lengths.
fn is_name(name: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    name.len() <= 253 && name.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_name_is_taken_out_of_what_people_type() {
        for (text, expected) in [
            ("vps.example.com", "vps.example.com"),
            ("  VPS.Example.COM \n", "vps.example.com"),
            ("vps.example.com.", "vps.example.com"),
            ("https://vps.example.com/path?query#part", "vps.example.com"),
            ("https://user:secret@vps.example.com:8443/", "vps.example.com"),
            ("vps.example.com/index.html", "vps.example.com"),
            ("vps.example.com:22", "vps.example.com"),
            ("root@vps.example.com", "vps.example.com"),
            ("root@vps.example.com:/var/www", "vps.example.com"),
            ("ssh://root@vps.example.com:2222", "vps.example.com"),
            ("a@b@vps.example.com", "vps.example.com"),
            ("bücher.example", "xn--bcher-kva.example"),
            ("例え。テスト", "xn--r8jz45g.xn--zckzah"),
            ("_dmarc.example.com", "_dmarc.example.com"),
            ("server", "server"),
            ("localhost", "localhost"),
            ("1and1.example", "1and1.example"),
        ] {
            assert_eq!(HostName::parse(text).as_ref().map(HostName::as_str), Ok(expected), "{text:?}");
        }
    }

    #[test]
    fn what_is_no_name_is_refused_for_its_reason() {
        let address = |text: &str| NoName::Address(text.parse().unwrap());
        for (text, expected) in [
            ("", NoName::Empty),
            (" \t\n", NoName::Empty),
            ("https://", NoName::Empty),
            ("root@", NoName::Empty),
            (":22", NoName::Empty),
            ("203.0.113.7", address("203.0.113.7")),
            ("203.0.113.7:22", address("203.0.113.7")),
            ("203.0.113.0/24", address("203.0.113.0")),
            ("https://203.0.113.7/", address("203.0.113.7")),
            ("2001:db8::7", address("2001:db8::7")),
            ("[2001:db8::7]", address("2001:db8::7")),
            ("root@[2001:db8::7]:22", address("2001:db8::7")),
            ("[2001:db8::7]x", NoName::NotAName),
            ("[2001:db8::7", NoName::NotAName),
            ("fe80::1%eth0", NoName::NotAName),
            ("127.1", NoName::NotAName),
            ("0x7f000001", NoName::NotAName),
            ("3405803783", NoName::NotAName),
            ("my server", NoName::NotAName),
            ("vps.example.com, other.example.com", NoName::NotAName),
            ("vps..example.com", NoName::NotAName),
            ("vps.example.com..", NoName::NotAName),
            (".", NoName::NotAName),
            ("-vps.example.com", NoName::NotAName),
            ("vps-.example.com", NoName::NotAName),
            ("vps.example.com:ssh", NoName::NotAName),
            ("vps%2eexample.com", NoName::NotAName),
            ("$(reboot).example.com", NoName::NotAName),
            ("vps\0.example.com", NoName::NotAName),
            ("mailto:me", NoName::NotAName),
        ] {
            assert_eq!(HostName::parse(text), Err(expected), "{text:?}");
        }
    }

    #[test]
    fn a_name_has_its_lengths() {
        let label = "a".repeat(63);
        let longest = format!("{label}.{label}.{label}.{}", "a".repeat(61));
        assert_eq!(longest.len(), 253);
        assert!(HostName::parse(&longest).is_ok());
        for text in [format!("{longest}a"), format!("{label}a.example"), "a".repeat(5000)] {
            assert_eq!(HostName::parse(&text), Err(NoName::NotAName));
        }
    }

    proptest! {
        #[test]
        fn whatever_is_typed_gives_a_plain_name_or_a_reason(text in "\\PC{0,40}|[a-z.:@/\\[\\]%-]{0,40}") {
            if let Ok(name) = HostName::parse(&text) {
                prop_assert!(is_name(name.as_str()));
                prop_assert_eq!(HostName::parse(name.as_str()), Ok(name));
            }
        }
    }
}
