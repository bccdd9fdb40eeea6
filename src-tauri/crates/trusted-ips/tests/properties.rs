//! What holds for every text.

mod addresses;
mod invariants;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::{Duration, Instant};

use ipnet::IpNet;
use proptest::prelude::*;
use trusted_ips::{Policy, Reason, TrustedIps, contains, parse, parse_by_glyphs};

/// Pieces that the rules care about, so that random texts meet them in every order.
const PARTS: &[&str] = &[
    "8.8.8.8",
    "8.8.8.0/24",
    "8.8.8.9/24",
    "8.8.0.0/16",
    "8.8.8.0/25",
    "8.8.8.128/25",
    "1.1.1.1",
    "10.0.0.1",
    "203.0.113.7",
    "203.0.112.0/23",
    "192.0.0.9",
    "0.0.0.0/0",
    "2606:4700::1",
    "2606:4700::/64",
    "::",
    "::1",
    "::ffff:8.8.8.8",
    "2001:db8::7",
    "8",
    "24",
    "255.255.255.0",
    "0.0.0.255",
    "and",
    "IP:",
    "home.",
    "my-vps",
    "example.com",
    "https:",
    "root@",
    "%eth0",
    "1.",
    "-",
    "–",
    "*",
    "•",
    "/",
    "//",
    "\\",
    "#",
    ":",
    ".",
    ":443",
    ",",
    ";",
    "|",
    " ",
    " ",
    "\t",
    "\n",
    "\r\n",
    "\u{2028}",
    "\u{a0}",
    "，",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "<",
    ">",
    "（",
    "）",
    "\"",
    "'",
    "`",
    "\u{200b}",
    "\u{ad}",
    "\u{200e}",
    "\u{202e}",
    "８",
    "٨",
    "⑧",
    "\0",
    "é",
    "💥",
    "\u{fffd}",
    "0x8",
    "010",
    "8.8.8.0-8.8.8.9",
    "8.8.8.4-7",
    "~",
    "_",
];

fn any_text() -> impl Strategy<Value = String> {
    let parts = prop::collection::vec(prop::sample::select(PARTS), 0..24);
    let brackets = prop::collection::vec(
        prop::sample::select(
            &[
                "(", ")", "[", "]", "{", "}", "8.8.8.8", "1.1.1.1", "a", " ", ",", ", ", ":80", "#", "//", " # b",
                "\n", "\u{2028}",
            ][..],
        ),
        0..24,
    );
    // Mostly plain, so that plain and other segments take turns.
    let lines = prop::collection::vec(
        prop_oneof![
            6 => prop::sample::select(&["8.8.8.8", "1.1.1.1", "8.8.8.0/24", "2606:4700::1", "8.8.8.9/24", "10.0.0.1"][..]),
            6 => prop::sample::select(&[",", "\n", " ", ", ", ";", "|", "\r\n"][..]),
            1 => prop::sample::select(PARTS),
        ],
        0..40,
    );
    prop_oneof![
        4 => lines.prop_map(|parts| parts.concat()),
        4 => parts.prop_map(|parts| parts.concat()),
        2 => brackets.prop_map(|parts| parts.concat()),
        1 => any::<String>(),
        1 => "\\PC{0,40}",
        1 => "[0-9a-f.:/*, -]{0,40}",
    ]
}

fn any_policy() -> impl Strategy<Value = Policy> {
    prop_oneof![
        3 => Just(Policy::THREE_COMMAS),
        1 => Just(Policy::PRACTICE),
    ]
}

fn any_address() -> impl Strategy<Value = IpAddr> {
    prop_oneof![
        any::<u32>().prop_map(|bits| Ipv4Addr::from(bits).into()),
        any::<u128>().prop_map(|bits| Ipv6Addr::from(bits).into()),
        // where the lists above lie
        (0..=u32::from(u16::MAX)).prop_map(|low| Ipv4Addr::from(0x0808_0000 | low).into()),
        any::<u64>().prop_map(|low| Ipv6Addr::from(0x2606_4700 << 96 | u128::from(low)).into()),
    ]
}

/// Addresses at and around the ends of ranges that are special, or ordinary within special ones.
fn near_special() -> impl Strategy<Value = IpAddr> {
    let ends = &[
        "0.0.0.0",
        "10.0.0.0",
        "11.0.0.0",
        "100.64.0.0",
        "100.128.0.0",
        "127.0.0.0",
        "128.0.0.0",
        "169.254.0.0",
        "169.255.0.0",
        "172.16.0.0",
        "172.32.0.0",
        "192.0.0.0",
        "192.0.0.9",
        "192.0.0.11",
        "192.0.1.0",
        "192.0.2.0",
        "192.0.3.0",
        "192.31.196.0",
        "192.52.193.0",
        "192.88.99.0",
        "192.88.100.0",
        "192.168.0.0",
        "192.169.0.0",
        "192.175.48.0",
        "198.18.0.0",
        "198.20.0.0",
        "198.51.100.0",
        "198.51.101.0",
        "203.0.113.0",
        "203.0.114.0",
        "224.0.0.0",
        "240.0.0.0",
        "2000::",
        "2001::",
        "2001:1::",
        "2001:1::1",
        "2001:1::4",
        "2001:2::",
        "2001:3::",
        "2001:4::",
        "2001:4:112::",
        "2001:4:113::",
        "2001:10::",
        "2001:20::",
        "2001:30::",
        "2001:40::",
        "2001:200::",
        "2001:db8::",
        "2001:db9::",
        "2002::",
        "2003::",
        "2620:4f:8000::",
        "3fff::",
        "3fff:1000::",
        "4000::",
        "5f00::",
        "fc00::",
        "fe80::",
        "ff00::",
        "64:ff9b::",
        "64:ff9b:1::",
        "100::",
    ][..];
    (prop::sample::select(ends), -3..=3_i8, any::<bool>(), any::<u16>()).prop_map(|(end, step, far, low)| {
        let step = if far { i128::from(low) } else { i128::from(step) };
        match end.parse().expect("an address") {
            IpAddr::V4(v4) => Ipv4Addr::from(v4.to_bits().wrapping_add(step as u32)).into(),
            IpAddr::V6(v6) => Ipv6Addr::from(v6.to_bits().wrapping_add(step as u128)).into(),
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_parsed_into_sound_entries(text in any_text(), policy in any_policy()) {
        let list = parse(&text, &policy);
        invariants::spans_are_sound(&text, &list);
        invariants::entries_are_consistent(&list);
    }

    #[test]
    fn every_reason_has_what_its_words_name(
        texts in prop::collection::vec(any_text(), 1..3),
        networks in prop::collection::vec((any_address(), 0..=128_u8), 0..4),
        again in prop::collection::vec(any::<prop::sample::Index>(), 0..4),
        policy in any_policy(),
    ) {
        let mut lines: Vec<String> = networks.into_iter().map(|(address, prefix)| format!("{address}/{prefix}")).collect();
        lines.extend(texts);
        let again: Vec<String> = again.into_iter().map(|line| line.get(&lines).clone()).collect();
        lines.extend(again);
        let list = parse(&lines.join("\n"), &policy);
        invariants::reasons_have_what_their_words_name(&list);
        for merge in list.merges() {
            invariants::reasons_have_what_their_words_name(&parse(&list.merge_text(&merge), &policy));
        }
    }

    #[test]
    fn all_of_it_holds_for_longer_texts(
        texts in prop::collection::vec(any_text(), 2..8),
        separator in prop::sample::select(&["\n", ", ", " ", ";", "\u{2028}", "，"][..]),
        policy in any_policy(),
    ) {
        invariants::hold(&texts.join(separator), &policy);
    }

    #[test]
    fn the_short_cut_says_what_the_long_way_says(text in any_text(), policy in any_policy()) {
        prop_assert_eq!(parse(&text, &policy), parse_by_glyphs(&text, &policy));
    }

    #[test]
    fn the_output_parses_to_itself(text in any_text(), policy in any_policy()) {
        invariants::the_output_parses_to_itself(&parse(&text, &policy));
    }

    #[test]
    fn kept_networks_are_public_and_within_the_policy(text in any_text(), policy in any_policy()) {
        invariants::kept_networks_are_public_and_within_the_policy(&parse(&text, &policy));
    }

    #[test]
    fn no_network_near_a_special_range_is_kept_from_within_it(
        address in near_special(),
        prefixes in prop::collection::vec(16..=128_u8, 1..8),
        policy in any_policy(),
    ) {
        for prefix in prefixes {
            if let Ok(net) = IpNet::new(address, prefix) {
                let list = parse(&net.to_string(), &policy);
                invariants::kept_networks_are_public_and_within_the_policy(&list);
                // And nothing else is refused, but for its width.
                let allowed = policy.practice_addresses && addresses::is_practice(&net.trunc());
                let wide = net.prefix_len() < if address.is_ipv4() { 16 } else { 32 };
                prop_assert_eq!(
                    list.networks().is_empty(),
                    wide || (addresses::is_special(&net.trunc()) && !allowed),
                    "{}", net
                );
            }
        }
    }

    #[test]
    fn suggestions_would_be_kept(text in any_text(), policy in any_policy()) {
        invariants::suggestions_would_be_kept(&parse(&text, &policy));
    }

    #[test]
    fn merging_trusts_the_same_addresses(
        text in any_text(),
        hosts in prop::collection::vec((0..64_u8, 0..5_u8), 0..40),
        policy in any_policy(),
        addresses in prop::collection::vec(any_address(), 32),
    ) {
        let neighbours: String = hosts.iter().map(|(host, width)| format!(" 9.9.9.{host}/{}", 32 - width)).collect();
        let list = parse(&(text + "\n" + &neighbours), &policy);
        invariants::merging_trusts_the_same_addresses(&list);
        let (before, after) = (list.networks(), list.merged());
        for address in addresses {
            prop_assert_eq!(contains(&before, address), contains(&after, address));
        }
    }

    #[test]
    fn tidying_twice_is_tidying_once_and_keeps_the_list(text in any_text(), policy in any_policy()) {
        invariants::tidying_keeps_the_list_and_is_done_once(&parse(&text, &policy));
    }

    #[test]
    fn what_tidying_changes_accounts_for_every_entry(text in any_text(), policy in any_policy()) {
        let list = parse(&text, &policy);
        let changes = list.tidy_changes();
        let mut left: Vec<String> = Vec::new();
        for (index, entry) in list.entries.iter().enumerate() {
            match changes.iter().find(|change| change.entry == index) {
                Some(change) => left.extend(change.after.clone()),
                None => left.push(list.text_of(entry).to_owned()),
            }
        }
        let again = parse(&list.tidy(), &policy);
        let tidied: Vec<String> = again.entries.iter().map(|entry| again.text_of(entry).to_owned()).collect();
        prop_assert_eq!(left, tidied);
        prop_assert!(again.tidy_changes().is_empty());
        for change in changes {
            let entry = &list.entries[change.entry];
            prop_assert!(text.contains(change.before) && change.before.contains(list.text_of(entry)));
            prop_assert_eq!(change.after, entry.output());
            if let Some(kept) = change.covered_by {
                prop_assert!(list.entries[kept].network.is_some());
            }
        }
    }

    #[test]
    fn a_dropped_entry_lies_within_the_entry_that_covers_it(text in any_text(), policy in any_policy()) {
        let list = parse(&text, &policy);
        for entry in &list.entries {
            let needless = entry.reasons().iter().any(|reason| matches!(reason, Reason::Duplicate | Reason::Covered));
            prop_assert_eq!(entry.covered_by().is_some(), needless);
            if let Some(kept) = entry.covered_by() {
                let alone = parse(list.text_of(entry), &policy).networks();
                prop_assert_eq!(alone.len(), 1);
                prop_assert!(list.entries[kept].network.is_some_and(|kept| kept.contains(&alone[0])));
            }
        }
    }

    #[test]
    fn a_text_with_one_merge_made_is_the_list_with_it(
        text in any_text(),
        hosts in prop::collection::vec((0..32_u8, prop::sample::select(&["", " # a", " # b"][..])), 0..24),
    ) {
        let neighbours: String = hosts.iter().map(|(host, label)| format!("\n9.9.9.{host}{label}")).collect();
        let list = parse(&(text + &neighbours), &Policy::THREE_COMMAS);
        for merge in list.merges() {
            let mut wanted: Vec<Option<IpNet>> = list.entries.iter().map(|entry| entry.network).collect();
            for part in &merge.entries {
                wanted[*part] = None;
            }
            wanted[merge.entries[0]] = Some(merge.network);
            let wanted: Vec<IpNet> = wanted.into_iter().flatten().collect();
            let merged = list.merge_text(&merge);
            let again = parse(&merged, &Policy::THREE_COMMAS);
            prop_assert_eq!(again.networks(), wanted, "{:?}", merged);
            prop_assert_eq!(again.tidy(), merged);
            prop_assert_eq!(again.is_submittable(), list.is_submittable());
            let label = again.entries.iter().find(|entry| entry.network == Some(merge.network)).and_then(|e| e.label());
            for part in &merge.entries {
                let old = list.entries[*part].label();
                prop_assert!(old.is_none_or(|old| label.is_some_and(|label| label.contains(old))));
            }
        }
    }

    #[test]
    fn removing_a_chip_leaves_the_other_kept_entries(
        parts in prop::collection::vec(
            prop::sample::select(&["8.8.8.8", "1.1.1.1", "(9.9.9.9)", "\"4.4.4.4\"", "10.0.0.1", "2606:4700::1"][..]),
            1..6,
        ),
        separators in prop::collection::vec(
            prop::sample::select(&[", ", "\n", "\n- ", " # a\n", " # b, ", ";"][..]), 6,
        ),
        frame in prop::sample::select(&[("", ""), ("[", "]"), ("- ", ""), ("[\n", "\n]")][..]),
        removed in any::<prop::sample::Index>(),
    ) {
        let last = parts.len() - 1;
        let mut text = frame.0.to_owned();
        for (at, part) in parts.iter().enumerate() {
            text.push_str(part);
            if at < last {
                text.push_str(separators[at]);
            }
        }
        text.push_str(frame.1);
        let list = parse(&text, &Policy::THREE_COMMAS);
        let removed = removed.index(list.entries.len());
        let mut left = text.clone();
        left.replace_range(list.entries[removed].chip_span.clone(), "");
        let others = |list: &TrustedIps, skip: Option<usize>| -> Vec<(String, Option<String>)> {
            let entries = list.entries.iter().enumerate().filter(|(at, _)| Some(*at) != skip);
            entries.map(|(_, e)| (list.text_of(e).to_owned(), e.label().map(str::to_owned))).collect()
        };
        let after = parse(&left, &Policy::THREE_COMMAS);
        prop_assert_eq!(others(&after, None), others(&list, Some(removed)), "{:?} of {:?}", left, text);
    }
}

#[test]
fn a_long_text_of_anything_is_not_gone_over_again_and_again() {
    const LENGTH: usize = 300_000;
    let shapes = [
        "8.8.8.8, ",
        "8",
        ".",
        "8.",
        ":",
        "::",
        "/",
        "/ ",
        "//",
        "# ",
        "#,",
        "-",
        "- ",
        " - ",
        "1. ",
        "*",
        "* ",
        "*.",
        "*:",
        "(",
        ")",
        "[",
        "([{",
        "(8)",
        ")(",
        "a ",
        "a",
        "a:",
        "\n",
        " ",
        ",",
        "\u{200b}",
        "\u{200e}",
        "\u{200e} ",
        "\"",
        "８",
        "%",
        "@",
        "@/",
        "://",
        "a://",
        "\\",
        "8.8 - ",
        "8.8 -8",
        "8.8.8.8-",
        "8.8.0.1-8.8.255.254 ",
        "2606::1-2606::fffe ",
        "8.8.8.8 # a, # b, ",
        "[8.8.8.8]:",
        "0.",
        "é",
        "💥",
        "\0",
    ];
    let repeated = shapes.map(|shape| shape.repeat(LENGTH / shape.len()));
    let half = LENGTH / 2;
    let nested = [("", ""), ("\u{200e}", ""), ("", "/24"), ("", ":80"), ("a", "b")]
        .map(|(before, after)| format!("{before}{}8.8.8.8{}{after}", "[".repeat(half), "]".repeat(half)));
    for text in repeated.iter().chain(&nested) {
        let start = Instant::now();
        let list = parse(text, &Policy::THREE_COMMAS);
        assert!(list.tidy().len() <= 2 * text.len());
        // Going over it once for each of its parts would take minutes.
        assert!(start.elapsed() < Duration::from_secs(15), "{:?}", text.get(..20));
    }
}
