//! Who has to agree before an address is confirmed.

use public_address::{Family, Format, Options, Source, SourceError, Status, detect};

use crate::server::{Gate, Server, nobody, ok};
use crate::{FALSE, REAL, REAL_V6, address, answer, options, problem};

#[tokio::test]
async fn two_operators_that_agree_confirm() {
    let (one, two) = (Server::says(REAL).await, Server::says("203.0.113.7\n").await);
    let detection = detect(&[one.source("One"), two.source("Two")], &options()).await;
    assert_eq!(detection.v4.status, Status::Confirmed(address(REAL)));
    assert_eq!(detection.v6.status, Status::Unavailable);
}

#[tokio::test]
async fn both_families_are_asked_at_once_and_judged_apart() {
    // IPv4 is silent until IPv6 was answered, and the other way round in a second run.
    for v4_first in [true, false] {
        let (first, then) = (Gate::default(), Gate::default());
        first.open();
        let (before_v4, before_v6) = if v4_first { (&first, &then) } else { (&then, &first) };
        let v4 = Server::says_between(before_v4, &then, "127.0.0.1:0", REAL).await;
        let v6 = Server::says_between(before_v6, &then, "[::1]:0", REAL_V6).await;

        let detection = detect(&[v4.source("One"), v6.source("One")], &options()).await;
        assert_eq!(detection.v4.status, Status::Unconfirmed(address(REAL)));
        assert_eq!(detection.v6.status, Status::Unconfirmed(address(REAL_V6)));
    }
}

#[tokio::test]
async fn two_sources_of_one_operator_are_one_vote() {
    let (one, two) = (Server::says(REAL).await, Server::says(REAL).await);
    let detection = detect(&[one.source("Cloudflare"), two.source("cloudflare")], &options()).await;
    assert_eq!(detection.v4.status, Status::Unconfirmed(address(REAL)));
}

#[tokio::test]
async fn text_and_trace_agree_with_each_other() {
    let text = Server::says(REAL).await;
    let trace = Server::says("fl=1\nip=203.0.113.7\nuag=public-address\n").await;
    let trace_source = Source { format: Format::Trace, ..trace.source("Two") };
    let detection = detect(&[text.source("One"), trace_source], &options()).await;
    assert_eq!(detection.v4.status, Status::Confirmed(address(REAL)));
}

#[tokio::test]
async fn a_source_without_a_vote_is_shown_and_not_counted() {
    let (simulated, one) = (Server::says(REAL).await, Server::says(REAL).await);
    let detection = detect(&[simulated.source("Practice").without_vote(), one.source("One")], &options()).await;
    assert_eq!(answer(&detection, "Practice").outcome, Ok(address(REAL)));
    assert_eq!(detection.v4.status, Status::Unconfirmed(address(REAL)));
}

#[tokio::test]
async fn what_is_only_shown_may_be_made_up() {
    let simulated = Server::says(REAL).await;
    let detection = detect(&[simulated.source("Practice").without_vote()], &Options::default()).await;
    assert_eq!(answer(&detection, "Practice").outcome, Ok(address(REAL)));
    assert_eq!(detection.v4.status, Status::Unavailable);
}

#[tokio::test]
async fn one_operator_against_another_is_a_dispute() {
    let (one, two) = (Server::says(REAL).await, Server::says(FALSE).await);
    let detection = detect(&[one.source("One"), two.source("Two")], &options()).await;
    assert_eq!(
        detection.v4.status,
        Status::Disputed(vec![(address(FALSE), vec!["Two".to_owned()]), (address(REAL), vec!["One".to_owned()])])
    );
}

#[tokio::test]
async fn an_address_is_confirmed_before_the_third_has_answered_and_the_third_is_let_go() {
    let (asked, closed) = (Gate::default(), Gate::default());
    let third = Server::silent(&asked, &closed).await;
    let first = Server::says(REAL).await;
    // Answers only once the third has the question, so that there is something to let go.
    let second = Server::says_after(&asked, REAL).await;

    let detection = detect(&[third.source("Three"), first.source("One"), second.source("Two")], &options()).await;
    assert_eq!(detection.v4.status, Status::Confirmed(address(REAL)));
    assert_eq!(problem(&detection, "Three"), SourceError::Cancelled);
    closed.opened().await;
}

#[tokio::test]
async fn agreement_in_one_family_does_not_end_the_other() {
    let (one, two) = (Server::says(REAL).await, Server::says(REAL).await);
    let gate = Gate::default();
    let late = Server::says_between(&gate, &Gate::default(), "[::1]:0", REAL_V6).await;

    let sources = [one.source("One"), two.source("Two"), late.source("One")];
    let detecting = tokio::spawn(async move { detect(&sources, &options()).await });
    while one.served() == 0 || two.served() == 0 || late.connections() == 0 {
        tokio::task::yield_now().await;
    }
    gate.open();

    let detection = detecting.await.unwrap();
    assert_eq!(detection.v4.status, Status::Confirmed(address(REAL)));
    assert_eq!(detection.v6.status, Status::Unconfirmed(address(REAL_V6)));
}

#[tokio::test]
async fn answers_stand_in_the_order_of_their_sources() {
    let (v4, v6) = (Server::says(REAL).await, Server::sends_on("[::1]:0", ok(REAL_V6)).await);
    let sources = [v6.source("A"), v4.source("B"), v6.source("C"), v4.source("B")];
    let detection = detect(&sources, &options()).await;
    let told: Vec<_> = detection.answers.into_iter().map(|answer| answer.source).collect();
    assert_eq!(told, sources);
}

#[tokio::test]
async fn a_host_name_is_asked_over_the_family_in_question() {
    let v4 = Server::says(REAL).await;
    let port = v4.address.port();
    let _v6 = Server::sends_on(&format!("[::1]:{port}"), ok(REAL_V6)).await;

    let source =
        |operator, family| Source::new(operator, &format!("http://localhost:{port}/"), family, Format::Text).unwrap();
    let sources =
        [source("One", Family::V4), source("One", Family::V6), source("Two", Family::V4), source("Two", Family::V6)];
    let detection = detect(&sources, &options()).await;
    assert_eq!(detection.v4.status, Status::Confirmed(address(REAL)));
    assert_eq!(detection.v6.status, Status::Confirmed(address(REAL_V6)));
}

#[tokio::test]
async fn a_machine_that_reaches_nobody_is_offline() {
    let simulated = Server::says(REAL).await;
    let gone = nobody().await;
    let unreachable = |operator| Source::new(operator, &format!("http://{gone}/"), Family::V4, Format::Text).unwrap();

    // What this machine tells itself does not put it online.
    let sources = [simulated.source("Practice").without_vote(), unreachable("One"), unreachable("Two")];
    let detection = detect(&sources, &options()).await;
    assert_eq!(detection.v4.status, Status::Unavailable);
    assert_eq!(problem(&detection, "One").code(), "offline");
    assert!(detection.is_offline());

    let detection = detect(&[unreachable("One"), simulated.source("Two")], &options()).await;
    assert!(!detection.is_offline());
}

#[tokio::test]
async fn asking_nobody_finds_nothing() {
    let detection = detect(&[], &options()).await;
    assert_eq!((detection.v4.status.as_str(), detection.v6.status.as_str()), ("unavailable", "unavailable"));
    assert!(!detection.is_offline());
}
