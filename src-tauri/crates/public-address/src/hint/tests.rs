//! Every rule as rows: who said what, what the computer knows of itself, and which hints follow.

use std::time::Duration;

use super::*;
use crate::detection::Finding;
use crate::error::SourceError;
use crate::source::{Format, Source};

const SEEN: &str = "203.0.113.7";
const SEEN_V6: &str = "2001:db8::7";
const PRIVATE: &str = "192.168.1.5";

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

/// What each operator said, and what it amounts to.
fn told(answers: &[(&str, Result<&str, SourceError>)]) -> Detection {
    let answers: Vec<Answer> = answers
        .iter()
        .map(|(operator, outcome)| {
            let outcome = outcome.clone().map(ip);
            let family = if outcome.as_ref().is_ok_and(IpAddr::is_ipv4) { Family::V4 } else { Family::V6 };
            answer(operator, family, outcome)
        })
        .collect();
    let finding = |family| Finding {
        family,
        status: crate::tally::tally(answers.iter().filter(|answer| answer.source.family == family)),
    };
    Detection { v4: finding(Family::V4), v6: finding(Family::V6), answers }
}

fn answer(operator: &str, family: Family, outcome: Result<IpAddr, SourceError>) -> Answer {
    let source = Source::new(operator, "https://one.example/", family, Format::Text).unwrap();
    Answer { source, outcome, elapsed: Duration::ZERO, proxy: None, intercepted: false }
}

fn seen(address: &str) -> Detection {
    told(&[("One", Ok(address)), ("Two", Ok(address))])
}

fn on(kind: InterfaceKind, address: &str) -> Option<LocalAddress> {
    let interface = Some(format!("{}0", kind.as_str()));
    Some(LocalAddress { address: ip(address), interface, kind, temporary: Some(false), stable: None })
}

fn v4(kind: InterfaceKind, address: &str) -> LocalNetwork {
    LocalNetwork { v4: on(kind, address), v6: None }
}

fn with_v6(local: LocalNetwork, kind: InterfaceKind, address: &str) -> LocalNetwork {
    LocalNetwork { v6: on(kind, address), ..local }
}

fn vpn() -> Hint {
    Hint::Vpn { interface: "vpn0".to_owned() }
}

const NO_V6: Hint = Hint::OneFamily { missing: Family::V6 };
const NO_V4: Hint = Hint::OneFamily { missing: Family::V4 };

#[test]
fn nothing_known_gives_no_hint() {
    assert_eq!(hints(&told(&[]), &LocalNetwork::default()), []);
}

#[test]
fn a_private_address_is_behind_a_router() {
    use InterfaceKind::{Cable, Vpn};

    let private = |text| Hint::BehindRouter { private: ip(text) };
    for (local, expected) in [
        (v4(Cable, PRIVATE), vec![NO_V6, private(PRIVATE)]),
        (v4(Cable, "10.0.0.2"), vec![NO_V6, private("10.0.0.2")]),
        (v4(Cable, "172.31.0.2"), vec![NO_V6, private("172.31.0.2")]),
        // A server or a modem: the address is the computer's own.
        (v4(Cable, SEEN), vec![NO_V6]),
        // The far end of a tunnel is no router at home.
        (v4(Vpn, "10.8.0.2"), vec![vpn(), NO_V6]),
    ] {
        assert_eq!(hints(&seen(SEEN), &local), expected, "{local:?}");
    }
    // Who knows no public address has nothing to compare.
    assert_eq!(hints(&told(&[]), &v4(Cable, PRIVATE)), []);
}

#[test]
fn the_shared_range_means_carrier_nat_unless_a_vpn_uses_it() {
    use InterfaceKind::{Mobile, Vpn};

    let carrier_nat = |text| Hint::CarrierNat { address: ip(text) };
    for (local, expected) in [
        (v4(Mobile, "100.64.0.0"), vec![carrier_nat("100.64.0.0"), NO_V6]),
        (v4(Mobile, "100.127.255.255"), vec![carrier_nat("100.127.255.255"), NO_V6]),
        (v4(Mobile, "100.63.255.255"), vec![NO_V6]),
        (v4(Mobile, "100.128.0.0"), vec![NO_V6]),
        (v4(Vpn, "100.64.0.5"), vec![vpn(), NO_V6]),
    ] {
        assert_eq!(hints(&seen(SEEN), &local), expected, "{local:?}");
    }
}

#[test]
fn different_answers_that_no_single_liar_explains_are_many_exits() {
    let many =
        |addresses: &[&str]| Some(Hint::ManyExits { addresses: addresses.iter().map(|address| ip(address)).collect() });
    let near = "203.0.113.8";
    let far = "198.51.100.1";
    for (answers, expected) in [
        (&[("One", Ok(SEEN)), ("Two", Ok(near))][..], many(&[SEEN, near])),
        (&[("One", Ok(SEEN)), ("Two", Ok("203.0.200.1"))], many(&[SEEN, "203.0.200.1"])),
        (&[("One", Ok(SEEN)), ("Two", Ok("203.1.113.8"))], None),
        (&[("One", Ok(SEEN)), ("Two", Ok(far))], None),
        (&[("One", Ok(SEEN)), ("Two", Ok(far)), ("Three", Ok("192.0.2.1"))], many(&["192.0.2.1", far, SEEN])),
        (&[("One", Ok(SEEN)), ("Two", Ok(SEEN)), ("Three", Ok(near))], None),
        (&[("One", Ok(SEEN_V6)), ("Two", Ok("2001:db8:5::1"))], many(&[SEEN_V6, "2001:db8:5::1"])),
        (&[("One", Ok(SEEN_V6)), ("Two", Ok("2001:db9::7"))], None),
    ] {
        let told = hints(&told(answers), &LocalNetwork::default());
        let found = told.into_iter().find(|hint| matches!(hint, Hint::ManyExits { .. }));
        assert_eq!(found, expected, "{answers:?}");
    }
}

#[test]
fn a_temporary_address_is_said_if_it_is_the_one_that_the_world_sees() {
    let stable = Some(ip("2001:db8::1"));
    for (address, temporary, expected) in [
        (SEEN_V6, Some(true), Some(Hint::TemporaryIpv6 { address: ip(SEEN_V6), stable })),
        (SEEN_V6, Some(false), None),
        (SEEN_V6, None, None),
        ("2001:db8::8", Some(true), None),
    ] {
        let own = on(InterfaceKind::Wireless, address).map(|own| LocalAddress { temporary, stable, ..own });
        let local = LocalNetwork { v4: None, v6: own };
        let found = hints(&seen(SEEN_V6), &local).into_iter().find(|hint| matches!(hint, Hint::TemporaryIpv6 { .. }));
        assert_eq!(found, expected, "{local:?}");
    }
}

#[test]
fn a_vpn_is_named_once_however_much_goes_through_it() {
    use InterfaceKind::{Cable, Vpn};

    let tunnelled = with_v6(v4(Vpn, "10.8.0.2"), Vpn, "fd00::2");
    let beside = with_v6(v4(Cable, SEEN), Vpn, "fd00::2");
    for local in [tunnelled, beside] {
        let found = hints(&seen(SEEN), &local);
        assert_eq!(found.iter().filter(|&hint| *hint == vpn()).count(), 1, "{local:?}");
    }
}

#[test]
fn a_family_is_missing_if_there_is_no_way_and_not_if_its_sources_failed() {
    use InterfaceKind::Cable;

    let v6_local = || with_v6(LocalNetwork::default(), Cable, SEEN_V6);
    let both_local = || with_v6(v4(Cable, SEEN), Cable, SEEN_V6);
    for (answers, local, expected) in [
        (&[("One", Ok(SEEN))][..], v4(Cable, SEEN), vec![NO_V6]),
        (&[("One", Ok(SEEN_V6))], v6_local(), vec![NO_V4]),
        (&[("One", Ok(SEEN)), ("One", Ok(SEEN_V6))], both_local(), vec![Hint::BothFamilies]),
        // What the world sees counts, whatever this computer thinks of itself.
        (&[("One", Ok(SEEN)), ("One", Ok(SEEN_V6))], LocalNetwork::default(), vec![Hint::BothFamilies]),
        (&[("One", Ok(SEEN)), ("One", Err(SourceError::Offline))], both_local(), vec![NO_V6]),
        (
            &[("One", Ok(SEEN)), ("One", Err(SourceError::Offline)), ("Two", Err(SourceError::Timeout))],
            both_local(),
            vec![],
        ),
        (&[("One", Ok(SEEN)), ("One", Err(SourceError::HttpStatus(503)))], both_local(), vec![]),
        (&[("One", Ok(SEEN))], both_local(), vec![]),
    ] {
        assert_eq!(hints(&told(answers), &local), expected, "{answers:?}, {local:?}");
    }
}

#[test]
fn a_proxy_is_told_with_those_who_answered_through_it() {
    let mut detection = told(&[
        ("One", Ok(SEEN)),
        ("Two", Ok(SEEN)),
        ("ONE ", Ok(SEEN)),
        ("Lost", Err(SourceError::Timeout)),
        ("Here", Ok(SEEN)),
    ]);
    for place in [3, 2, 1, 0] {
        detection.answers[place].proxy = Some("http://proxy.example:3128/".to_owned());
    }
    assert_eq!(
        hints(&detection, &v4(InterfaceKind::Cable, SEEN)),
        [
            Hint::Proxy {
                url: "http://proxy.example:3128/".to_owned(),
                operators: vec!["One".to_owned(), "Two".to_owned()]
            },
            NO_V6
        ]
    );
}

#[test]
fn a_proxy_that_leads_nowhere_is_told_alone() {
    let mut detection = told(&[("One", Err(SourceError::Offline)), ("Two", Err(SourceError::Offline))]);
    for answer in &mut detection.answers {
        answer.proxy = Some("http://proxy.example:3128/".to_owned());
    }
    let proxy = Hint::Proxy { url: "http://proxy.example:3128/".to_owned(), operators: Vec::new() };
    assert_eq!(hints(&detection, &v4(InterfaceKind::Cable, PRIVATE))[0], proxy);
}

#[test]
fn the_codes_are_those_that_are_written_out() {
    let (url, operators) = (String::new(), Vec::new());
    let one_of_each = [
        Hint::BehindRouter { private: ip(PRIVATE) },
        Hint::BothFamilies,
        Hint::CarrierNat { address: ip("100.64.0.1") },
        Hint::Intercepted { operators: operators.clone() },
        Hint::ManyExits { addresses: Vec::new() },
        NO_V6,
        Hint::Proxy { url, operators },
        Hint::TemporaryIpv6 { address: ip(SEEN_V6), stable: None },
        vpn(),
    ];
    assert_eq!(one_of_each.each_ref().map(Hint::code), *Hint::CODES);
    for hint in one_of_each {
        assert_eq!(serde_json::to_value(&hint).unwrap()["code"], hint.code());
    }
}

#[test]
fn what_was_opened_on_the_way_comes_first() {
    let mut detection = told(&[("One", Ok(SEEN)), ("Two", Ok(SEEN))]);
    detection.answers[1].intercepted = true;
    detection.answers[1].proxy = Some("http://proxy.example:3128/".to_owned());
    let codes: Vec<_> = hints(&detection, &v4(InterfaceKind::Cable, PRIVATE)).iter().map(Hint::code).collect();
    assert_eq!(codes, ["intercepted", "proxy", "one-family", "behind-router"]);
}
