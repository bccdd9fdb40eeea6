//! What holds for every text and policy: asked by the properties and by the fuzz target.

use ipnet::IpNet;
use trusted_ips::{Entry, Policy, Reason, TrustedIps, Verdict, canonical, parse, parse_by_glyphs};

use super::addresses::{is_practice, is_special, union};

/// Asks everything.
///
/// # Panics
/// If anything does not hold.
pub(crate) fn hold(text: &str, policy: &Policy) {
    let list = parse(text, policy);
    spans_are_sound(text, &list);
    entries_are_consistent(&list);
    reasons_have_what_their_words_name(&list);
    kept_networks_are_public_and_within_the_policy(&list);
    the_output_parses_to_itself(&list);
    suggestions_would_be_kept(&list);
    tidying_keeps_the_list_and_is_done_once(&list);
    merging_trusts_the_same_addresses(&list);
    assert_eq!(list, parse_by_glyphs(text, policy), "the short cut says the same");
}

pub(crate) fn spans_are_sound(text: &str, list: &TrustedIps) {
    let (mut end, mut chip_end) = (0, 0);
    for entry in &list.entries {
        let (span, chip) = (&entry.span, &entry.chip_span);
        assert!(!span.is_empty() && end <= span.start, "{entry:?}");
        assert!(chip_end <= chip.start && chip.start <= span.start && span.end <= chip.end, "{entry:?}");
        assert_eq!(text.get(span.clone()), Some(list.text_of(entry)));
        assert!(text.get(chip.clone()).is_some(), "{entry:?}");
        (end, chip_end) = (span.end, chip.end);
    }
}

pub(crate) fn entries_are_consistent(list: &TrustedIps) {
    for entry in &list.entries {
        let said = |wanted: &[Reason]| entry.reasons().iter().any(|reason| wanted.contains(reason));
        let needless = said(&[Reason::Duplicate, Reason::Covered]);
        let dropped = needless || said(&[Reason::NoiseDropped]);
        assert_eq!(entry.reasons().is_empty(), entry.verdict == Verdict::Accept, "{entry:?}");
        assert_eq!(entry.network.is_some(), entry.verdict != Verdict::Reject && !dropped, "{entry:?}");
        assert!(entry.suggestion().is_none() || entry.verdict == Verdict::Reject, "{entry:?}");
        assert_eq!(entry.covered_by().is_some(), needless, "{entry:?}");
        if let Some(label) = entry.label() {
            assert!(!label.is_empty() && label.trim() == label, "{entry:?}");
            assert!(!label.contains([',', ';', '|', '\n', '\r', '\u{202e}']), "{entry:?}");
        }
    }
    assert_eq!(list.entries.is_empty(), list.reasons == [Reason::Empty]);
}

/// A message names the entry as typed, and for some reasons more: that must be there.
pub(crate) fn reasons_have_what_their_words_name(list: &TrustedIps) {
    for entry in &list.entries {
        let (kept, rejected) = (entry.output().is_some(), entry.verdict == Verdict::Reject);
        let of_many = kept && entry.address_count().is_some_and(|count| count > 1);
        let beside_kept = || entry.covered_by().is_some_and(|index| list.entries[index].output().is_some());
        for reason in entry.reasons() {
            let there = match reason {
                // How many addresses, the first and the last of them.
                Reason::Ipv6Network | Reason::WideNetwork => of_many,
                // As what it is kept.
                Reason::ContainsReserved | Reason::HostBitsSet => of_many,
                // The entry that makes it needless. Nothing else is said of what was left out.
                Reason::Covered | Reason::Duplicate => {
                    !kept && !rejected && entry.reasons().len() == 1 && beside_kept()
                }
                Reason::NoiseDropped => !kept && !rejected && entry.reasons().len() == 1,
                // The entry alone.
                Reason::PublicResolver => kept && !of_many,
                // Of the whole list only.
                Reason::Empty | Reason::ManyEntries => false,
                Reason::AmbiguousNumber
                | Reason::BadMask
                | Reason::BenchmarkAddress
                | Reason::BroadcastAddress
                | Reason::CarrierNatAddress
                | Reason::DocumentationAddress
                | Reason::HasPort
                | Reason::HasUser
                | Reason::HasZone
                | Reason::HiddenCharacter
                | Reason::Ipv4Mapped
                | Reason::IsHostname
                | Reason::IsUrl
                | Reason::LinkLocalAddress
                | Reason::LoopbackAddress
                | Reason::MulticastAddress
                | Reason::NonAsciiDigits
                | Reason::NotAnAddress
                | Reason::PrivateAddress
                | Reason::Range
                | Reason::ReservedAddress
                | Reason::TooWide
                | Reason::TranslatedAddress
                | Reason::UniqueLocalAddress
                | Reason::UnspecifiedAddress
                | Reason::Wildcard => rejected,
            };
            assert!(there, "{reason} of {entry:?}");
        }
    }
}

pub(crate) fn kept_networks_are_public_and_within_the_policy(list: &TrustedIps) {
    let networks = list.networks();
    for net in &networks {
        assert_eq!(net.trunc(), *net);
        let widest = if net.addr().is_ipv4() { list.policy.ipv4_prefix_min } else { list.policy.ipv6_prefix_min };
        assert!(net.prefix_len() >= widest, "{net}");
        assert!(!is_special(net) || (list.policy.practice_addresses && is_practice(net)), "{net}");
    }
    // Sorted by address, the wider first: what overlaps stands side by side.
    let mut sorted = networks;
    sorted.sort();
    assert!(sorted.is_sorted_by(|net, next| !net.contains(next)), "{sorted:?}");
}

pub(crate) fn the_output_parses_to_itself(list: &TrustedIps) {
    let again = parse(&list.list(), &list.policy);
    assert_eq!(again.networks(), list.networks());
    assert_eq!(again.list(), list.list());
    assert!(list.networks().is_empty() || again.verdict() <= Verdict::Warn);
}

pub(crate) fn suggestions_would_be_kept(list: &TrustedIps) {
    for entry in &list.entries {
        if let Some(suggestion) = entry.suggestion() {
            let suggested = parse(suggestion, &list.policy);
            assert!(suggested.is_submittable(), "{suggestion} of {}", list.text_of(entry));
            assert_eq!(suggested.list(), suggestion);
        }
    }
}

pub(crate) fn tidying_keeps_the_list_and_is_done_once(list: &TrustedIps) {
    let tidied = list.tidy();
    let again = parse(&tidied, &list.policy);
    assert_eq!(again.list(), list.list(), "{tidied:?}");
    assert_eq!(again.tidy(), tidied);
    assert!(again.tidy_changes().is_empty(), "{tidied:?}");
    assert_eq!(again.is_submittable(), list.is_submittable());
    let rejected = |list: &TrustedIps| -> Vec<(String, Vec<Reason>, Option<String>)> {
        let entries = list.entries.iter().filter(|entry| entry.verdict == Verdict::Reject);
        let said = |entry: &Entry| {
            let label = entry.label().map(str::to_owned);
            (list.text_of(entry).to_owned(), entry.reasons().to_owned(), label)
        };
        entries.map(said).collect()
    };
    assert_eq!(rejected(&again), rejected(list));
}

pub(crate) fn merging_trusts_the_same_addresses(list: &TrustedIps) {
    let (before, after) = (list.networks(), list.merged());
    assert_eq!(union(&before), union(&after));
    let merged: Vec<String> = after.iter().map(canonical).collect();
    let again = parse(&merged.join(" "), &list.policy);
    assert_eq!(again.networks(), after);
    assert!(again.merges().is_empty());
    // One is enough: the properties make each of them.
    if let Some(merge) = list.merges().first() {
        let one: Vec<IpNet> = parse(&list.merge_text(merge), &list.policy).networks();
        assert_eq!(union(&one), union(&before));
        assert_eq!(one.len(), before.len() + 1 - merge.entries.len());
    }
}
