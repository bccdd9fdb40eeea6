//! Texts to be read: the same ones every time.

use std::fmt::Write;
use std::net::{Ipv4Addr, Ipv6Addr};

/// A list as people keep it: of twenty entries thirteen IPv4 addresses, four /24, two IPv6 addresses and one IPv6 /64;
/// eight a line, separated by `, `. All public, in no order, hardly any of them twice.
pub(crate) fn mixed(entries: usize) -> String {
    let mut numbers = Numbers(1);
    let mut text = String::new();
    for at in 0..entries {
        if at > 0 {
            text.push_str(if at % 8 == 0 { "\n" } else { ", " });
        }
        entry(&mut text, at, &mut numbers);
    }
    text
}

/// The same entries in order of their addresses, as a program writes them.
pub(crate) fn sorted(entries: usize) -> String {
    let list = mixed(entries);
    let mut parts: Vec<&str> = list.split([',', '\n']).map(str::trim).collect();
    parts.sort_by_key(|part| {
        let address = part.split('/').next().unwrap_or(part);
        address.parse::<std::net::IpAddr>().expect("made of addresses")
    });
    parts.join("\n")
}

/// Such entries, one a line, each with a label, in about that many bytes.
pub(crate) fn labelled(bytes: usize) -> String {
    let mut numbers = Numbers(1);
    let mut text = String::new();
    let mut at = 0;
    while text.len() < bytes {
        entry(&mut text, at, &mut numbers);
        text.push_str(" # the office\n");
        at += 1;
    }
    text
}

/// What gets pasted with everything that the rules know, up to about that many bytes.
pub(crate) fn messy(bytes: usize) -> String {
    repeated(
        "My servers: [8.8.8.9, 1.1.1.7], \"9.9.9.7\" and root@4.4.4.4:22 # old box\n\
         - 8.8.4.0 - 8.8.4.255 (office), https://1.0.0.7/login; 2606:4700:4700::1117/64\r\n\
         10.0.0.1 // NAS | 8.8.*.* 010.1.1.1 ８.８.８.８ vps1.example.com 8.8.8.0 / 255.255.255.0\n",
        bytes,
    )
}

/// The shape again and again, up to that many bytes.
pub(crate) fn repeated(shape: &str, bytes: usize) -> String {
    shape.repeat(bytes / shape.len())
}

fn entry(text: &mut String, at: usize, numbers: &mut Numbers) {
    let bits = numbers.next();
    let host = Ipv4Addr::from(first_octet(bits) << 24 | (bits as u32 & 0xff_ffff));
    // 2a00::/12 is handed out by RIPE NCC and has no special range in it.
    let v6 = Ipv6Addr::from(0x2a0_u128 << 116 | u128::from(bits) << 40 | u128::from(numbers.next() & 0xff_ffff_ffff));
    let written = match at % 20 {
        3 | 8 | 13 | 18 => write!(text, "{}/24", Ipv4Addr::from(u32::from(host) & 0xffff_ff00)),
        5 | 15 => write!(text, "{v6}"),
        10 => write!(text, "{}/64", Ipv6Addr::from(u128::from(v6) & !u128::from(u64::MAX))),
        _ => write!(text, "{host}"),
    };
    written.expect("a text takes everything");
}

/// One of the first octets in which nothing special lies.
fn first_octet(bits: u64) -> u32 {
    let octet = (bits >> 32) as u32 % 200 + 11;
    if matches!(octet, 100 | 127 | 169 | 172 | 192 | 198 | 203) { octet + 1 } else { octet }
}

/// SplitMix64 (Steele, Lea and Flood, 2014): plain, and the same everywhere.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}
