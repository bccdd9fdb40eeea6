//! What the rules say beyond the corpus: a table with every code, suggestion and label, and rules that no table holds.

mod table;

use table::{codes, rows, suggestions, unescaped};
use trusted_ips::{Policy, Reason, TrustedIps, Verdict, contains, parse};

#[test]
fn every_row_of_the_rules_is_read_exactly_so() {
    let mut wrong = Vec::new();
    for row in rows(include_str!("corpus/rules.tsv"), 7) {
        let list = parse(&row.text, &Policy::THREE_COMMAS);
        let labels: Vec<&str> = list.entries.iter().filter_map(|entry| entry.label()).collect();
        let said = [
            list.verdict().as_str().to_owned(),
            list.list(),
            codes(&list).join(" "),
            suggestions(&list).join(" + "),
            labels.join(" + "),
        ];
        for (said, wanted) in said.iter().zip(&row.columns[2..]) {
            let wanted = if wanted == "-" { "" } else { wanted };
            if *said != unescaped(wanted) {
                wrong.push(format!("{}: {said:?}, not {wanted:?}", row.columns[1]));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn spans_cover_the_entry_and_chips_what_belongs_to_it() {
    for (text, spans, chips) in [
        ("8.8.8.9, 1.1.1.7", "8.8.8.9|1.1.1.7", "8.8.8.9|1.1.1.7"),
        ("- \"8.8.8.9\" # home\n1. (1.1.1.7)", "8.8.8.9|1.1.1.7", "- \"8.8.8.9\" # home|1. (1.1.1.7)"),
        ("[\"8.8.8.9\", \"1.1.1.7\"] # list", "8.8.8.9|1.1.1.7", "\"8.8.8.9\"|\"1.1.1.7\""),
        ("8.8.\u{200b}8.8\u{200b}", "8.8.\u{200b}8.8", "8.8.\u{200b}8.8\u{200b}"),
        ("8.8.8.0 / 24 x", "8.8.8.0 / 24|x", "8.8.8.0 / 24|x"),
        ("8.8.8.9 a # b", "8.8.8.9|a", "8.8.8.9|a"),
        // Spaces around a slash stay with it until the bracket beside them goes.
        ("(8.8.8.9 / )", "8.8.8.9 /", "(8.8.8.9 / )"),
        ("( / 24)", "/ 24", "( / 24)"),
        ("8.8.8.9, # a, # b", "8.8.8.9", "8.8.8.9, # a, # b"),
        ("\u{200e}", "\u{200e}", "\u{200e}"),
    ] {
        let list = parse(text, &Policy::THREE_COMMAS);
        let cut = |spans: Vec<_>| {
            let parts: Vec<&str> = spans.into_iter().map(|span| &text[span]).collect();
            parts.join("|")
        };
        let entries = || list.entries.iter();
        assert_eq!(cut(entries().map(|e| e.span.clone()).collect()), spans, "{text}");
        assert_eq!(cut(entries().map(|e| e.chip_span.clone()).collect()), chips, "{text}");
        assert!(entries().all(|e| list.text_of(e) == &text[e.span.clone()]));
    }
}

#[test]
fn more_entries_than_the_limit_may_count_are_warned_about() {
    let v4 = |count: usize| -> String { (0..count).map(|n| format!("8.8.{n}.1 ")).collect() };
    let v6 = |count: usize| -> String { (0..count).map(|n| format!("2606:4700:{n:x}::1 ")).collect() };
    for (text, many) in [
        (v4(16), false),
        (v4(17), true),
        (v4(16) + "8.8.3.1", false),
        (v4(16) + "10.0.0.1", false),
        (v6(128), false),
        (v6(129), true),
        (v4(16) + &v6(128), false),
    ] {
        let list = parse(&text, &Policy::THREE_COMMAS);
        let wanted: &[Reason] = if many { &[Reason::ManyEntries] } else { &[] };
        assert_eq!(list.reasons, wanted, "{text}");
    }
    assert_eq!(parse(&v4(17), &Policy::THREE_COMMAS).verdict(), Verdict::Warn);
}

#[test]
fn practice_addresses_are_accepted_marked_and_refused_elsewhere() {
    let text = "203.0.113.7, 2001:db8::7, 8.8.8.9";
    let there = parse(text, &Policy::PRACTICE);
    assert_eq!(there.verdict(), Verdict::Accept);
    assert_eq!(there.list(), text);
    let marks = |list: &TrustedIps| -> Vec<bool> { list.entries.iter().map(|e| e.practice).collect() };
    assert_eq!(marks(&there), [true, true, false]);

    let elsewhere = parse(text, &Policy::THREE_COMMAS);
    assert_eq!(elsewhere.list(), "8.8.8.9");
    assert_eq!(codes(&elsewhere), ["documentation-address"; 2]);
    assert_eq!(marks(&elsewhere), [true, true, false]);
    assert!(!elsewhere.is_submittable());

    for (text, suggestion) in [
        ("203.0.113.0-203.0.113.255", "203.0.113.0/24"),
        ("203.0.113.7:80", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
    ] {
        assert_eq!(suggestions(&parse(text, &Policy::PRACTICE)), [suggestion]);
        assert!(suggestions(&parse(text, &Policy::THREE_COMMAS)).is_empty());
    }
    for text in ["198.51.100.7", "192.0.2.1", "3fff::1", "10.0.0.1", "2001:db8::/31"] {
        assert_eq!(parse(text, &Policy::PRACTICE).verdict(), Verdict::Reject, "{text}");
    }
}

#[test]
fn only_a_list_with_entries_and_none_rejected_is_sent() {
    for (text, submittable) in
        [("", false), ("and", false), ("8.8.8.9", true), ("IP: 8.8.8.9, 8.8.8.9", true), ("8.8.8.9, 10.0.0.1", false)]
    {
        let list = parse(text, &Policy::THREE_COMMAS);
        assert_eq!(list.is_submittable(), submittable, "{text}");
    }
}

#[test]
fn the_addresses_of_kept_networks_are_counted() {
    let list = parse("8.8.8.0/24, 8.8.8.1, 1.1.1.7, 10.0.0.0/24, 2606:4700::/64, 2620::1", &Policy::THREE_COMMAS);
    assert_eq!(list.address_count(), (257, (1 << 64) + 1));
    assert_eq!(list.entries[0].address_count(), Some(256));
    assert_eq!(list.entries[1].address_count(), None);
    assert!(contains(&list.networks(), "::ffff:8.8.8.7".parse().unwrap()));
    assert!(!contains(&list.networks(), "10.0.0.1".parse().unwrap()));
}

#[test]
fn a_policy_with_nonsense_limits_is_kept_to_and_does_no_harm() {
    let policy = Policy { ipv4_prefix_min: 255, ipv6_prefix_min: 255, ..Policy::THREE_COMMAS };
    let list = parse("8.8.8.8, 2606:4700::1, 8.8.8.0-8.8.8.9", &policy);
    assert_eq!(list.list(), "");
    assert!(suggestions(&list).is_empty());
}
