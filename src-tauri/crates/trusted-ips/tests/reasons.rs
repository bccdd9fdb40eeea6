//! Every reason, beside every other: what is said of an entry can always be put in words.

mod addresses;
mod invariants;

use std::collections::BTreeSet;

use trusted_ips::{Policy, Reason, parse};

/// An entry for each reason that an entry can have by itself, and the networks around and beside some of them.
const ENTRIES: &[&str] = &[
    "8.8.8.010",
    "8.8.8.8/33",
    "198.18.0.1",
    "255.255.255.255",
    "100.64.0.1",
    "203.0.112.0/23",
    "203.0.112.0/24",
    "198.51.100.7",
    "8.8.8.8:443",
    "root@8.8.8.8",
    "2606:4700::1%eth0",
    "\u{202e}8.8.8.8",
    "8.8.8.9/24",
    "::ffff:8.8.8.8",
    "2606:4700::/64",
    "2606:4700:0:1::/64",
    "2606:4700::9/48",
    "my-vps",
    "https://8.8.8.8/",
    "169.254.0.1",
    "127.0.0.1",
    "224.0.0.1",
    "and",
    "８.８.８.８",
    "8.8.8.256",
    "10.0.0.1",
    "8.8.8.0-8.8.8.9",
    "192.88.99.1",
    "8.0.0.0/8",
    "2002::1",
    "fc00::1",
    "0.0.0.0",
    "8.8.0.0/16",
    "8.8.0.9/17",
    "8.8.128.0/17",
    "8.8.8.*",
    "8.8.8.8",
    "8.8.8.9",
];

#[test]
fn every_reason_beside_every_other_has_what_its_words_name() {
    let mut said = BTreeSet::new();
    let mut merges = 0;
    for (first, second) in ENTRIES.iter().flat_map(|first| ENTRIES.iter().map(move |second| (first, second))) {
        for text in [format!("{first}\n{second}"), format!("{first}\n{second}\n{first} # again")] {
            for policy in [Policy::THREE_COMMAS, Policy::PRACTICE] {
                let list = parse(&text, &policy);
                invariants::hold(&text, &policy);
                said.extend(list.entries.iter().flat_map(|entry| entry.reasons().iter().copied()));
                for merge in list.merges() {
                    merges += 1;
                    invariants::hold(&list.merge_text(&merge), &policy);
                }
            }
        }
    }
    let of_the_list = [Reason::Empty, Reason::ManyEntries];
    let wanted: Vec<Reason> = Reason::ALL.iter().filter(|reason| !of_the_list.contains(reason)).copied().collect();
    assert_eq!(said.into_iter().collect::<Vec<_>>(), wanted);
    assert!(merges > 10, "{merges}");
}

#[test]
fn of_an_entry_that_is_left_out_only_that_is_said() {
    for (text, wanted) in [
        ("8.8.0.0/16, 8.8.0.0/16", "wide-network; duplicate"),
        ("8.8.0.0/17, 8.8.0.0/16", "covered; wide-network"),
        ("8.8.8.0/24, 8.8.8.9/24", "; duplicate"),
        ("8.8.8.9/25, 8.8.8.0/24", "covered; "),
        ("203.0.112.0/23, 203.0.112.0/23", "wide-network contains-reserved; duplicate"),
        ("2606:4700::/64, 2606:4700::/64", "ipv6-network; duplicate"),
        ("2606:4700::/64, 2606:4700::/48", "covered; ipv6-network"),
        ("8.8.8.8, 8.8.8.8", "public-resolver; duplicate"),
        ("and 8.8.8.9", "noise-dropped; "),
    ] {
        let list = parse(text, &Policy::THREE_COMMAS);
        let said = list.entries.iter().map(|entry| {
            let codes: Vec<&str> = entry.reasons().iter().map(|reason| reason.as_str()).collect();
            codes.join(" ")
        });
        assert_eq!(said.collect::<Vec<_>>().join("; "), wanted, "{text}");
    }
}
