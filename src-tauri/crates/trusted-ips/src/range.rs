//! Two addresses with a dash between them.

use std::net::{IpAddr, Ipv4Addr};

use crate::characters::is_dash;
use crate::reading::{AddressRange, Fault, Reading};
use crate::unbracketed::unbracketed;
use crate::verdict::Reason;

/// The fault of a text with a dash in it, read as a range if it is one.
pub(crate) fn read_range(text: &str) -> Fault {
    let Some((first, last)) = text.split_once(is_dash) else {
        return Fault::new(Reason::NotAnAddress);
    };
    let (first, last) = (unbracketed(first.trim()), unbracketed(last.trim()));
    match ends(first, last) {
        Some((first, last)) => Fault::read_as(Reason::Range, AddressRange::new(first, last).map(Reading::Range)),
        None if looks_like_end(first) && looks_like_end(last) => Fault::new(Reason::Range),
        None => Fault::new(Reason::NotAnAddress),
    }
}

/// Both ends of the range; the last may be the last part of an IPv4 address only.
fn ends(first: &str, last: &str) -> Option<(IpAddr, IpAddr)> {
    let first: IpAddr = first.parse().ok()?;
    if let Ok(last) = last.parse() {
        return Some((first, last));
    }
    let IpAddr::V4(address) = first else {
        return None;
    };
    let plain = last.bytes().all(|b| b.is_ascii_digit()) && (last == "0" || !last.starts_with('0'));
    let part: u8 = plain.then(|| last.parse().ok()).flatten()?;
    let [a, b, c, _] = address.octets();
    Some((first, Ipv4Addr::new(a, b, c, part).into()))
}

fn looks_like_end(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_hexdigit() || c == ':')
        && !text.ends_with('.')
        && text.contains(|c: char| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_hexdigit() || is_dash(c) || c.is_whitespace() || ".:[]".contains(c))
}

#[cfg(test)]
mod tests {
    use ipnet::IpNet;

    use super::*;
    use crate::canonical::joined;

    #[test]
    fn a_range_is_read_as_the_fewest_networks() {
        for (text, wanted) in [
            ("8.8.8.0-8.8.8.255", "8.8.8.0/24"),
            ("8.8.8.0 – 8.8.8.255", "8.8.8.0/24"),
            ("[8.8.8.0]-[8.8.8.255]", "8.8.8.0/24"),
            ("8.8.8.4-7", "8.8.8.4/30"),
            ("8.8.8.4-4", "8.8.8.4"),
            ("8.8.8.0-0", "8.8.8.0"),
            ("8.8.8.1-6", "8.8.8.1, 8.8.8.2/31, 8.8.8.4/31, 8.8.8.6"),
            ("8.8.8.254-8.8.9.1", "8.8.8.254/31, 8.8.9.0/31"),
            ("0.0.0.0-255.255.255.255", "0.0.0.0/0"),
            ("2606::-2606::ff", "2606::/120"),
            ("8.8.8.9-8.8.8.4", ""),
            ("8.8.8.9-4", ""),
            ("8.8.8.8-2606::1", ""),
            ("8.8.8.4-256", ""),
            ("8.8.8.4-07", ""),
            ("8.8.8.4-8.8", ""),
            ("2606::1-5", ""),
            ("8.8.8.1-8.8.8.2-8.8.8.3", ""),
            ("8.8.1-3.1", ""),
        ] {
            let fault = read_range(text);
            assert_eq!(fault.reasons, [Reason::Range], "{text}");
            let networks: Vec<IpNet> = match fault.reading {
                Some(Reading::Range(range)) => range.networks().collect(),
                Some(Reading::Net(_)) | None => Vec::new(),
            };
            assert_eq!(joined(&networks), wanted, "{text}");
        }
    }

    #[test]
    fn a_dash_alone_makes_no_range() {
        for text in ["8.8.8.-1", "-8.8.8.8", "-", "8.8.8.8-", "8.8.8.8-home", "--"] {
            assert_eq!(read_range(text), Fault::new(Reason::NotAnAddress), "{text}");
        }
    }
}
