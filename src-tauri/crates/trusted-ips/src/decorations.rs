//! What people leave around an address: brackets, ports, zones, users, links, and numbers in other forms.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

use crate::characters::is_dash;
use crate::names::is_hostname;
use crate::range::read_range;
use crate::reading::{Fault, Found, Reading};
use crate::unbracketed::unbracketed;
use crate::verdict::Reason;

/// The parts of a link that matter.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Url<'t> {
    /// The host, perhaps with a port.
    pub(crate) host: &'t str,
    /// Whether the host is all that can be meant: no further text after spaces, no prefix length as its path.
    pub(crate) clear: bool,
}

/// Splits `scheme://user@host:port/path`.
pub(crate) fn split_url(text: &str) -> Option<Url<'_>> {
    let (scheme, rest) = text.split_once(':')?;
    let rest = rest.strip_prefix("//")?;
    let named = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    if !named {
        return None;
    }
    let rest = rest.trim_start_matches('/').trim_start();
    let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let host = authority.rsplit('@').next().unwrap_or(authority).trim();
    let mask_like = path.strip_prefix('/').is_some_and(|path| {
        let path = path.trim();
        !path.is_empty() && path.bytes().all(|b| b.is_ascii_digit() || b == b'.')
    });
    let clear = !mask_like && !path.trim_end().contains(char::is_whitespace);
    Some(Url { host, clear })
}

/// What stands after `user@`.
pub(crate) fn split_user(text: &str) -> Option<&str> {
    let end = text.find('/').unwrap_or(text.len());
    let at = text[..end].rfind('@')?;
    Some(text[at + 1..].trim_start())
}

/// Reads an address without a mask.
pub(crate) fn read_address(text: &str) -> Result<IpAddr, Fault> {
    let bare = unbracketed(text);
    if let Ok(address) = bare.parse() {
        return Ok(address);
    }
    if let Some(address) = split_port(bare) {
        let inner = unbracketed(address).parse().map(found);
        let inner = inner.map_err(|_| explain(unbracketed(address)));
        return Err(Fault::around(Reason::HasPort, inner));
    }
    Err(explain(bare))
}

/// What is wrong with a text that is no address, port and brackets aside.
fn explain(text: &str) -> Fault {
    if let Some(address) = split_zone(text) {
        Fault::around(Reason::HasZone, Ok(found(address)))
    } else if text.contains('*') {
        Fault::read_as(Reason::Wildcard, read_wildcard(text).map(Reading::Net))
    } else if is_ambiguous(text) {
        Fault::new(Reason::AmbiguousNumber)
    } else if is_hostname(text) {
        Fault::new(Reason::IsHostname)
    } else if text.contains(is_dash) {
        read_range(text)
    } else {
        Fault::new(Reason::NotAnAddress)
    }
}

fn found(address: IpAddr) -> Found {
    let net = IpNet::from(address);
    Found { net }
}

/// The address before `:digits`. Without brackets only where the colon cannot belong to an IPv6 address.
fn split_port(text: &str) -> Option<&str> {
    let (address, port) = text.rsplit_once(':')?;
    if port.is_empty() || !port.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let bracketed = address.starts_with('[') && unbracketed(address) != address;
    let other = |c: char| c == '.' || c == '-' || (c.is_alphabetic() && !c.is_ascii_hexdigit());
    (bracketed || (!address.contains(':') && address.contains(other))).then_some(address)
}

/// The address before `%zone`.
fn split_zone(text: &str) -> Option<IpAddr> {
    let (address, zone) = text.split_once('%')?;
    // RFC 6874: the characters of a zone. Anything else may be more than a zone, such as a second address.
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~' | b'%');
    let zone = zone.strip_prefix("25").unwrap_or(zone);
    (!zone.contains('%') && zone.bytes().all(plain)).then(|| unbracketed(address).parse().ok()).flatten()
}

/// The network that `*` in the last places stands for.
fn read_wildcard(text: &str) -> Option<IpNet> {
    if text.contains(':') { read_wildcard_v6(text) } else { read_wildcard_v4(text) }
}

fn read_wildcard_v4(text: &str) -> Option<IpNet> {
    let fixed = before_stars(text, '.')?;
    let parts: Vec<&str> = fixed.split('.').collect();
    let places = text.split('.').count();
    if parts.len() > 3 || places > 4 {
        return None;
    }
    let rest = ".0".repeat(4 - parts.len());
    let address: Ipv4Addr = format!("{fixed}{rest}").parse().ok()?;
    let prefix = u8::try_from(parts.len() * 8).ok()?;
    IpNet::new(address.into(), prefix).ok()
}

fn read_wildcard_v6(text: &str) -> Option<IpNet> {
    let fixed = before_stars(text, ':')?;
    let stars = text.split(':').filter(|group| *group == "*").count();
    let (address, groups) = if let Some(start) = fixed.strip_suffix(':') {
        // `2606::*`: what `::` leaves out is zero, and the stars are the last places.
        let groups = 8_usize.checked_sub(stars)?;
        (format!("{start}::"), groups)
    } else {
        let groups = fixed.split(':').count();
        if fixed.contains("::") || groups + stars > 8 || (groups + stars < 8 && stars > 1) {
            return None;
        }
        (format!("{fixed}::"), groups)
    };
    let address: Ipv6Addr = address.parse().ok()?;
    let prefix = u8::try_from(groups * 16).ok()?;
    let net = IpNet::new(address.into(), prefix).ok()?;
    (groups < 8 && net.trunc() == net).then_some(net)
}

/// What stands before `.*`, `.*.*` and so on at the end; `None` if a `*` stands elsewhere.
fn before_stars(text: &str, separator: char) -> Option<&str> {
    let mut fixed = text;
    while let Some(shorter) = fixed.strip_suffix('*').and_then(|rest| rest.strip_suffix(separator)) {
        fixed = shorter;
    }
    (!fixed.contains('*')).then_some(fixed)
}

/// Numbers that one program reads as decimal and another as octal, or with places filled in (`inet_aton`).
fn is_ambiguous(text: &str) -> bool {
    if let Some((groups, last)) = text.rsplit_once(':') {
        let embedded = last.contains('.') && has_ambiguous_parts(last);
        let long =
            |group: &str| group.len() > 4 && group.starts_with('0') && group.bytes().all(|b| b.is_ascii_hexdigit());
        return embedded || groups.split(':').any(long) || long(last);
    }
    let parts = text.split('.').count();
    has_ambiguous_parts(text) || (parts < 4 && text.split('.').all(is_number))
}

fn has_ambiguous_parts(text: &str) -> bool {
    let led_by_zero = |part: &str| part.len() > 1 && part.starts_with('0');
    text.split('.').count() <= 4 && text.split('.').all(is_number) && text.split('.').any(led_by_zero)
}

fn is_number(part: &str) -> bool {
    match part.strip_prefix("0x").or_else(|| part.strip_prefix("0X")) {
        Some(hex) => hex.bytes().all(|b| b.is_ascii_hexdigit()),
        None => !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_in_the_last_places_are_a_network() {
        for (text, wanted) in [
            ("8.8.8.*", Some("8.8.8.0/24")),
            ("8.8.*.*", Some("8.8.0.0/16")),
            ("8.8.*", Some("8.8.0.0/16")),
            ("8.*.*.*", Some("8.0.0.0/8")),
            ("8.*", Some("8.0.0.0/8")),
            ("*", None),
            ("*.*.*.*", None),
            ("8.*.8.*", None),
            ("*.8.8.8", None),
            ("8.8.8.1*", None),
            ("8.8.8.8*", None),
            ("8.8.8.8.*", None),
            ("8.8.8.*.*", None),
            ("08.8.8.*", None),
            ("8.8.8.**", None),
            ("*.example.com", None),
            ("2606:4700:*", Some("2606:4700::/32")),
            ("2606:4700:*:*:*:*:*:*", Some("2606:4700::/32")),
            ("2606:4700::*", Some("2606:4700::/112")),
            ("2606:4700::*:*", Some("2606:4700::/96")),
            ("2606:4700:*:*", None),
            ("2606::1:*", None),
            ("::*", Some("::/112")),
            ("1:2:3:4:5:6:7:8:*", None),
        ] {
            let read = read_wildcard(text);
            assert_eq!(read, wanted.map(|net| net.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn forms_that_programs_read_differently_are_ambiguous() {
        for (text, ambiguous) in [
            ("8.8.8.010", true),
            ("008.008.008.008", true),
            ("0x08080808", true),
            ("0X8.8.8.8", true),
            ("8.8.8.0x8", true),
            ("134744072", true),
            ("010", true),
            ("8.8", true),
            ("127.1", true),
            ("8.8.2056", true),
            ("0.0.0.00", true),
            ("::ffff:8.8.8.010", true),
            ("2606:04700::1", true),
            ("8.8.8.8.8", false),
            ("8.8.8.256", false),
            ("08.8.8.8.8", false),
            ("8..8.8", false),
            ("8.8.8.", false),
            ("2606:4700", false),
            ("12345::1", false),
            ("", false),
        ] {
            assert_eq!(is_ambiguous(text), ambiguous, "{text}");
        }
    }

    #[test]
    fn a_zone_is_plain_and_follows_an_address() {
        for (text, found) in [
            ("2606::1%eth0", true),
            ("2606::1%25eth0", true),
            ("2606::1%", true),
            ("2606::1%br-lan.100", true),
            ("8.8.8.8%eth0", true),
            ("2606::1%eth0-2606::5%eth0", false),
            ("2606::1%a b", false),
            ("foo%eth0", false),
        ] {
            assert_eq!(split_zone(text).is_some(), found, "{text}");
        }
    }
}
