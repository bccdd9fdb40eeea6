//! What holds for every text.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::{Duration, Instant};

use proptest::prelude::*;
use trusted_ips::{Policy, Reason, TrustedIps, Verdict, contains, parse, parse_by_glyphs, special_range};

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
            &["(", ")", "[", "]", "{", "}", "8.8.8.8", "1.1.1.1", "a", " ", ",", ":80", "#", "\n"][..],
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

fn spans_are_sound(text: &str, list: &TrustedIps) {
    let (mut end, mut chip_end) = (0, 0);
    for entry in &list.entries {
        let (span, chip) = (&entry.span, &entry.chip_span);
        assert!(!span.is_empty() && end <= span.start, "{entry:?}");
        assert!(chip_end <= chip.start && chip.start <= span.start && span.end <= chip.end);
        assert_eq!(text.get(span.clone()), Some(list.text_of(entry)));
        assert!(text.get(chip.clone()).is_some());
        (end, chip_end) = (span.end, chip.end);
    }
}

fn entries_are_consistent(list: &TrustedIps) {
    for entry in &list.entries {
        let dropped = entry
            .reasons()
            .iter()
            .any(|reason| matches!(reason, Reason::Duplicate | Reason::Covered | Reason::NoiseDropped));
        assert_eq!(entry.reasons().is_empty(), entry.verdict == Verdict::Accept, "{entry:?}");
        assert_eq!(entry.network.is_some(), entry.verdict != Verdict::Reject && !dropped, "{entry:?}");
        assert!(entry.suggestion().is_none() || entry.verdict == Verdict::Reject);
        if let Some(label) = entry.label() {
            assert!(!label.is_empty() && label.trim() == label);
            assert!(!label.contains([',', ';', '|', '\n', '\r', '\u{202e}']));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_parsed_into_sound_entries(text in any_text(), policy in any_policy()) {
        let list = parse(&text, &policy);
        spans_are_sound(&text, &list);
        entries_are_consistent(&list);
        prop_assert_eq!(list.entries.is_empty(), list.reasons == [Reason::Empty]);
    }

    #[test]
    fn the_short_cut_says_what_the_long_way_says(text in any_text(), policy in any_policy()) {
        prop_assert_eq!(parse(&text, &policy), parse_by_glyphs(&text, &policy));
    }

    #[test]
    fn the_output_parses_to_itself(text in any_text(), policy in any_policy()) {
        let list = parse(&text, &policy);
        let again = parse(&list.list(), &policy);
        prop_assert_eq!(again.networks(), list.networks());
        prop_assert_eq!(again.list(), list.list());
        prop_assert!(list.networks().is_empty() || again.verdict() <= Verdict::Warn);
    }

    #[test]
    fn kept_networks_are_public_and_within_the_policy(text in any_text()) {
        let list = parse(&text, &Policy::THREE_COMMAS);
        for net in list.networks() {
            prop_assert_eq!(net.trunc(), net);
            let widest = if net.addr().is_ipv4() { 16 } else { 32 };
            prop_assert!(net.prefix_len() >= widest);
            let ends = [net.network(), net.broadcast()];
            let single = net.network() == net.broadcast();
            prop_assert!(!single || special_range(net.addr()).is_none());
            // Wholly inside one range is said of neither; both ends may touch different ones.
            prop_assert!(ends.iter().any(|end| special_range(*end).is_none()), "{}", net);
        }
        for (at, net) in list.networks().iter().enumerate() {
            let others = list.networks();
            prop_assert!(others[at + 1..].iter().all(|other| !other.contains(net) && !net.contains(other)));
        }
    }

    #[test]
    fn suggestions_would_be_kept(text in any_text(), policy in any_policy()) {
        let parsed = parse(&text, &policy);
        for entry in &parsed.entries {
            if let Some(suggestion) = entry.suggestion() {
                let list = parse(suggestion, &policy);
                prop_assert!(list.is_submittable(), "{} of {}", suggestion, parsed.text_of(entry));
                prop_assert_eq!(list.list(), suggestion);
            }
        }
    }

    #[test]
    fn merging_trusts_the_same_addresses(
        text in any_text(),
        hosts in prop::collection::vec(0..64_u8, 0..40),
        addresses in prop::collection::vec(any_address(), 32),
    ) {
        let neighbours: String = hosts.iter().map(|host| format!(" 9.9.9.{host}")).collect();
        let list = parse(&(text + "\n" + &neighbours), &Policy::THREE_COMMAS);
        let (before, after) = (list.networks(), list.merged());
        let ends = |nets: &[ipnet::IpNet]| -> Vec<IpAddr> {
            nets.iter().flat_map(|net| [net.network(), net.broadcast()]).collect()
        };
        for address in addresses.into_iter().chain(ends(&before)).chain(ends(&after)) {
            prop_assert_eq!(contains(&before, address), contains(&after, address));
        }
        let size = |nets: &[ipnet::IpNet]| -> u128 {
            nets.iter().map(|net| 1_u128 << (net.max_prefix_len() - net.prefix_len())).sum()
        };
        prop_assert_eq!(size(&before), size(&after));
        let merged: Vec<String> = after.iter().map(trusted_ips::canonical).collect();
        let again = parse(&merged.join(" "), &Policy::THREE_COMMAS);
        prop_assert_eq!(again.networks(), after);
        prop_assert!(again.merges().is_empty());
    }

    #[test]
    fn tidying_twice_is_tidying_once_and_keeps_the_list(text in any_text(), policy in any_policy()) {
        let list = parse(&text, &policy);
        let tidied = list.tidy();
        let again = parse(&tidied, &policy);
        prop_assert_eq!(again.list(), list.list(), "{:?}", tidied);
        prop_assert_eq!(again.tidy(), tidied);
        prop_assert_eq!(again.is_submittable(), list.is_submittable());
        let rejected = |list: &TrustedIps| -> Vec<(String, Vec<Reason>, Option<String>)> {
            let entries = list.entries.iter().filter(|entry| entry.verdict == Verdict::Reject);
            entries
                .map(|e| (list.text_of(e).to_owned(), e.reasons().to_owned(), e.label().map(str::to_owned)))
                .collect()
        };
        prop_assert_eq!(rejected(&again), rejected(&list));
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
            let mut wanted: Vec<Option<ipnet::IpNet>> = list.entries.iter().map(|entry| entry.network).collect();
            for part in &merge.entries {
                wanted[*part] = None;
            }
            wanted[merge.entries[0]] = Some(merge.network);
            let wanted: Vec<ipnet::IpNet> = wanted.into_iter().flatten().collect();
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
