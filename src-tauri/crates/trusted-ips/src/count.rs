//! How many addresses a network has.

use ipnet::IpNet;

/// A number of addresses in words: digits in groups up to a million, then named powers of a thousand, rounded down.
///
/// ```
/// assert_eq!(trusted_ips::count_in_words(65_536), "65,536");
/// assert_eq!(trusted_ips::count_in_words(1 << 64), "18 quintillion");
/// ```
pub fn count_in_words(addresses: u128) -> String {
    if addresses < 1_000_000 {
        return grouped(addresses);
    }
    let mut power = 1_000_000;
    let mut names = SCALE.iter();
    let mut name = names.next();
    while addresses / power >= 1_000
        && let Some(next) = names.next()
    {
        power *= 1_000;
        name = Some(next);
    }
    let name = name.copied().unwrap_or_default();
    let (whole, tenths) = (addresses / power, addresses % power * 10 / power);
    if whole < 10 && tenths > 0 { format!("{whole}.{tenths} {name}") } else { format!("{whole} {name}") }
}

/// How many addresses the network has; the whole of IPv6 counts one too few, for want of a wider integer.
pub(crate) fn addresses(net: &IpNet) -> u128 {
    let host_bits = u32::from(net.max_prefix_len() - net.prefix_len());
    1u128.checked_shl(host_bits).unwrap_or(u128::MAX)
}

fn grouped(n: u128) -> String {
    if n < 1_000 { n.to_string() } else { format!("{},{:03}", n / 1_000, n % 1_000) }
}

const SCALE: [&str; 11] = [
    "million",
    "billion",
    "trillion",
    "quadrillion",
    "quintillion",
    "sextillion",
    "septillion",
    "octillion",
    "nonillion",
    "decillion",
    "undecillion",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_said_in_words() {
        for (count, words) in [
            (0, "0"),
            (1, "1"),
            (256, "256"),
            (1_000, "1,000"),
            (65_536, "65,536"),
            (999_999, "999,999"),
            (1_000_000, "1 million"),
            (1 << 24, "16 million"),
            (1 << 32, "4.2 billion"),
            (1 << 64, "18 quintillion"),
            (1 << 72, "4.7 sextillion"),
            (1 << 80, "1.2 septillion"),
            (1 << 96, "79 octillion"),
            (u128::MAX, "340 undecillion"),
        ] {
            assert_eq!(count_in_words(count), words);
        }
    }

    #[test]
    fn a_network_has_two_to_the_host_bits_addresses() {
        for (net, count) in [
            ("8.8.8.8/32", 1),
            ("8.8.8.0/24", 256),
            ("0.0.0.0/0", 1 << 32),
            ("2606:4700::/64", 1 << 64),
            ("::/0", u128::MAX),
        ] {
            assert_eq!(addresses(&net.parse().unwrap()), count, "{net}");
        }
    }
}
