//! Reads the text of one entry: a network, or what is wrong with it and what may have been meant.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::characters::{is_direction_mark, is_slash_lookalike};
use crate::decorations::{read_address, split_url, split_user};
use crate::digits;
use crate::reading::{Fault, Found, Reading};
use crate::verdict::Reason;

/// Reads an entry from the outermost decoration inwards. Each step hands on to a later one, never back.
pub(crate) fn read(text: &str) -> Result<Found, Fault> {
    // Most entries of a real list are this and nothing else.
    if let Ok(address) = text.parse() {
        return Ok(host(address));
    }
    if !text.contains(is_direction_mark) {
        return read_visible(text);
    }
    let clean: String = text.chars().filter(|c| !is_direction_mark(*c)).collect();
    Err(if clean.is_empty() {
        Fault::new(Reason::HiddenCharacter)
    } else {
        Fault::around(Reason::HiddenCharacter, read_visible(&clean))
    })
}

fn read_visible(text: &str) -> Result<Found, Fault> {
    let Some(ascii) = digits::to_ascii(text) else {
        return read_ascii(text);
    };
    let reason = if ascii.foreign_digits { Reason::NonAsciiDigits } else { Reason::NotAnAddress };
    Err(match ascii.text {
        Some(text) => Fault::around(reason, read_ascii(&text)),
        None => Fault::new(reason),
    })
}

fn read_ascii(text: &str) -> Result<Found, Fault> {
    if let Some(url) = split_url(text) {
        let host = read_address(url.host).map(host);
        let fault = Fault::around(Reason::IsUrl, host);
        return Err(if url.clear { fault } else { fault.without_reading() });
    }
    if let Some(rest) = split_user(text) {
        return Err(Fault::around(Reason::HasUser, read_masked(rest)));
    }
    read_masked(text)
}

fn read_masked(text: &str) -> Result<Found, Fault> {
    if let Some((address, mask)) = text.split_once('/') {
        return combine(read_address(address.trim()), read_mask(mask.trim()));
    }
    if let Some((address, mask)) = text.split_once(is_slash_lookalike)
        && let Ok(address) = read_address(address)
    {
        let inner = combine(Ok(address), read_mask(mask));
        return Err(Fault::around(Reason::BadMask, inner));
    }
    read_address(text).map(host)
}

/// What stands after the slash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mask {
    Prefix(u8),
    /// `255.255.255.0`
    Dotted(u8),
    /// `0.0.0.255`, as routers write it: read, not taken.
    Inverted(u8),
    Bad,
}

fn read_mask(text: &str) -> Mask {
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    let leading_zero = text.len() > 1 && text.starts_with('0');
    if digits && !leading_zero {
        return text.parse().map_or(Mask::Bad, Mask::Prefix);
    }
    let Ok(IpAddr::V4(mask)) = text.parse() else {
        return Mask::Bad;
    };
    let bits = mask.to_bits();
    // At most 32, so that the narrowing cannot cut anything off.
    let ones = bits.count_ones() as u8;
    if bits.leading_ones() == bits.count_ones() {
        Mask::Dotted(ones)
    } else if bits.trailing_ones() == bits.count_ones() {
        Mask::Inverted(32 - ones)
    } else {
        Mask::Bad
    }
}

fn combine(address: Result<IpAddr, Fault>, mask: Mask) -> Result<Found, Fault> {
    let address = match address {
        Ok(address) => address,
        Err(fault) => return Err(combine_fault(fault, mask)),
    };
    let net = |prefix| IpNet::new(address, prefix).map(|net| Found { net }).map_err(|_| Fault::new(Reason::BadMask));
    match mask {
        Mask::Prefix(prefix) => net(prefix),
        Mask::Dotted(prefix) if address.is_ipv4() => net(prefix),
        Mask::Inverted(prefix) if address.is_ipv4() => Err(Fault::around(Reason::BadMask, net(prefix))),
        Mask::Dotted(_) | Mask::Inverted(_) | Mask::Bad => Err(Fault::new(Reason::BadMask)),
    }
}

fn combine_fault(fault: Fault, mask: Mask) -> Fault {
    let (Mask::Prefix(prefix) | Mask::Dotted(prefix)) = mask else {
        return Fault::around(Reason::BadMask, Err(fault.without_reading()));
    };
    let net = match fault.reading {
        Some(Reading::Net(net)) => net,
        Some(Reading::Range(_)) | None => return fault.without_reading(),
    };
    if prefix > net.max_prefix_len() {
        return Fault::around(Reason::BadMask, Err(fault.without_reading()));
    }
    if net.prefix_len() == prefix {
        return fault;
    }
    // A zone and a mask go together; a port, `*` or range and another mask contradict each other.
    match IpNet::new(net.addr(), prefix) {
        Ok(net) if fault.reasons == [Reason::HasZone] => {
            Fault::read_as(Reason::HasZone, Some(Reading::Net(net.trunc())))
        }
        _ => fault.without_reading(),
    }
}

fn host(address: IpAddr) -> Found {
    let net = IpNet::from(address);
    Found { net }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::canonical::canonical;

    #[test]
    fn exactly_an_address_or_a_network_is_found_as_written() {
        for (text, wanted) in [
            ("8.8.8.8", "8.8.8.8/32"),
            ("8.8.8.8/24", "8.8.8.8/24"),
            ("8.8.8.8 / 24", "8.8.8.8/24"),
            ("8.8.8.8/0", "8.8.8.8/0"),
            ("8.8.8.8/255.255.254.0", "8.8.8.8/23"),
            ("8.8.8.8/0.0.0.0", "8.8.8.8/0"),
            ("[2606::1]/64", "2606::1/64"),
            ("2606::8.8.8.8", "2606::808:808/128"),
        ] {
            assert_eq!(read(text).unwrap().net.to_string(), wanted, "{text}");
        }
    }

    #[test]
    fn a_mask_is_plain_digits_or_dotted() {
        for text in [
            "",
            "/24",
            "024",
            "00",
            "-1",
            "+24",
            "0x18",
            "24.",
            "24a",
            "33",
            "256",
            "٢٤",
            "255.255",
            "4294967040",
            "255.255.255.00",
            "255.0.255.0",
            "255.255.255.256",
            "::",
        ] {
            let fault = read(&format!("8.8.8.8/{text}")).unwrap_err();
            let digits = text.is_ascii();
            let wanted = if digits { Reason::BadMask } else { Reason::NonAsciiDigits };
            assert_eq!(fault.reasons, [wanted], "{text:?}");
            assert_eq!(fault.reading.is_none(), digits, "{text:?}");
        }
        for text in ["129", "255.255.255.0", "0.0.0.255", "ffff::"] {
            let fault = read(&format!("2606::1/{text}")).unwrap_err();
            assert_eq!(fault, Fault::new(Reason::BadMask), "{text:?}");
        }
    }

    #[test]
    fn one_clear_reading_is_offered() {
        for (text, codes, reading) in [
            ("8.8.8.5\\24", "bad-mask", "8.8.8.0/24"),
            ("8.8.8.5∕24", "bad-mask", "8.8.8.0/24"),
            ("8.8.8.5\\0.0.0.255", "bad-mask", "8.8.8.0/24"),
            ("8.8.8.5\\", "bad-mask", ""),
            ("8.8.8.5/0.0.0.255", "bad-mask", "8.8.8.0/24"),
            ("8.8.8.5/0.0.255.0", "bad-mask", ""),
            ("https://8.8.8.8", "is-url", "8.8.8.8"),
            ("HTTPS://8.8.8.8:8443/a?b#c", "is-url has-port", "8.8.8.8"),
            ("https:// 8.8.8.8", "is-url", "8.8.8.8"),
            ("https://8.8.8.8/ 1.1.1.1", "is-url", ""),
            ("https://8.8.8.0/24", "is-url", ""),
            ("ssh://root:a@b@8.8.8.8", "is-url", "8.8.8.8"),
            ("http://[2606::1]:80/", "is-url has-port", "2606::1"),
            ("http://[2606::1]/", "is-url", "2606::1"),
            ("http://example.com/", "is-url is-hostname", ""),
            ("http://134744072/", "is-url ambiguous-number", ""),
            ("http://", "is-url not-an-address", ""),
            ("root@8.8.8.8", "has-user", "8.8.8.8"),
            ("root@8.8.8.8:22", "has-user has-port", "8.8.8.8"),
            ("root@[2606::1]", "has-user", "2606::1"),
            ("root@8.8.8.8/24", "has-user", "8.8.8.0/24"),
            ("me@example.com", "has-user is-hostname", ""),
            ("[8.8.8.8]:80", "has-port", "8.8.8.8"),
            ("8.8.8.8:80/24", "has-port", ""),
            ("8.8.8.8:80/", "bad-mask has-port", ""),
            ("8.8.8.8:", "not-an-address", ""),
            ("[2606::1]:", "not-an-address", ""),
            ("[2606::1]:http", "not-an-address", ""),
            ("localhost:3000", "has-port is-hostname", ""),
            ("2606::1%eth0/64", "has-zone", "2606::/64"),
            ("2606::1/64%eth0", "bad-mask", ""),
            ("[2606::1%br-lan.100]:22", "has-port has-zone", "2606::1"),
            ("8.8.8.*/24", "wildcard", "8.8.8.0/24"),
            ("8.8.8.*/16", "wildcard", ""),
            ("8.8.8.0-8.8.8.255/24", "range", ""),
            ("8.8.8.0/24-8.8.8.255", "bad-mask", ""),
            ("８.８.８.８:８０", "non-ascii-digits has-port", "8.8.8.8"),
            ("８．８．８．０／２４", "non-ascii-digits", "8.8.8.0/24"),
            ("8．8．8．8", "not-an-address", "8.8.8.8"),
            ("⑧.8.8.8", "non-ascii-digits", ""),
            ("８", "non-ascii-digits ambiguous-number", ""),
            ("\u{202e}8.8.8.8:80", "hidden-character has-port", "8.8.8.8"),
            ("\u{200e}[8.8.8.8]", "hidden-character", "8.8.8.8"),
            ("8.8.8.\u{61c}8/24", "hidden-character", "8.8.8.0/24"),
            ("\u{200e}and", "hidden-character is-hostname", ""),
            ("\u{200e}", "hidden-character", ""),
            ("8.8/16", "ambiguous-number", ""),
            ("8.8/33x", "bad-mask ambiguous-number", ""),
            ("example.com/24", "is-hostname", ""),
            ("/24", "not-an-address", ""),
            ("/", "bad-mask not-an-address", ""),
        ] {
            let fault = read(text).unwrap_err();
            let said: Vec<&str> = fault.reasons.iter().map(|r| r.as_str()).collect();
            assert_eq!(said.join(" "), codes, "{text}");
            let read = match fault.reading {
                Some(Reading::Net(net)) => canonical(&net),
                Some(Reading::Range(_)) | None => String::new(),
            };
            assert_eq!(read, reading, "{text}");
        }
    }
}
