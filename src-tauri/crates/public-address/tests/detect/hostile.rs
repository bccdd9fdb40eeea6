//! Sources that lie, ramble, point elsewhere or are something else altogether.

use public_address::{Declared, Format, Options, Source, SourceError, Status, detect};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::server::{Gate, Server, head, ok};
use crate::{FALSE, REAL, REAL_V6, address, answer, options, problem};

#[tokio::test]
async fn a_liar_is_outvoted_even_if_it_speaks_first() {
    let (now, lied) = (Gate::default(), Gate::default());
    now.open();
    let liar = Server::says_between(&now, &lied, "127.0.0.1:0", FALSE).await;
    let (one, two) = (Server::says_after(&lied, REAL).await, Server::says_after(&lied, REAL).await);

    let detection = detect(&[liar.source("Liar"), one.source("One"), two.source("Two")], &options()).await;
    assert_eq!(detection.v4.status, Status::Confirmed(address(REAL)));
    assert_eq!(answer(&detection, "Liar").outcome, Ok(address(FALSE)));
}

#[tokio::test]
async fn a_lie_is_never_confirmed_by_one_operator() {
    let lie = Server::says(FALSE).await;
    let truth = Server::says(REAL).await;
    let lone = [lie.source("Liar"), lie.source("Liar"), lie.source("LIAR ")];

    assert_eq!(detect(&lone, &options()).await.v4.status, Status::Unconfirmed(address(FALSE)));

    let disputed = [&lone[..], &[truth.source("One")]].concat();
    assert_eq!(detect(&disputed, &options()).await.v4.status.as_str(), "disputed");
}

#[tokio::test]
async fn two_operators_that_lie_alike_are_beyond_what_agreement_can_tell() {
    let lie = Server::says(FALSE).await;
    let detection = detect(&[lie.source("Liar"), lie.source("Accomplice")], &options()).await;
    assert_eq!(detection.v4.status, Status::Confirmed(address(FALSE)));
}

#[tokio::test]
async fn what_is_not_one_address_is_refused_for_its_reason() {
    for (answer, expected) in [
        (ok("203.0.113.7\n198.51.100.66\n"), SourceError::ManyAddresses),
        // What a source says that repeats `X-Forwarded-For`.
        (ok("198.51.100.66, 203.0.113.7"), SourceError::ManyAddresses),
        (ok(""), SourceError::NotAnAddress),
        (ok("203.0.113.0/24"), SourceError::NotAnAddress),
        (ok("<html>203.0.113.7</html>"), SourceError::WebPage),
        (ok(&format!("<!DOCTYPE html>{}", " ".repeat(100_000))), SourceError::WebPage),
        (ok(&format!("203.0.113.7{}", " ".repeat(54))), SourceError::TooLong),
        (ok(&" ".repeat(1_000_000)), SourceError::TooLong),
        (ok(REAL_V6), SourceError::WrongFamily),
        (status("204 No Content"), SourceError::HttpStatus(204)),
        (status("206 Partial Content"), SourceError::HttpStatus(206)),
        (status("404 Not Found"), SourceError::HttpStatus(404)),
        (status("500 Internal Server Error"), SourceError::HttpStatus(500)),
        (status("511 Network Authentication Required"), SourceError::HttpStatus(511)),
        (status("304 Not Modified"), SourceError::Redirected),
        // Broken off: there was to be one more digit.
        ("HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n203.0.113.7".to_owned(), SourceError::NotAnAddress),
        ("203.0.113.7\n".to_owned(), SourceError::NotAnAddress),
        (String::new(), SourceError::NotAnAddress),
    ] {
        let server = Server::sends(answer.clone()).await;
        let detection = detect(&[server.source("One"), server.source("Two")], &options()).await;
        let shown = answer.chars().take(80).collect::<String>();
        assert_eq!(problem(&detection, "One"), expected, "{shown:?}");
        assert_eq!(detection.v4.status, Status::Unavailable, "{shown:?}");
    }
}

#[tokio::test]
async fn an_ipv4_address_is_no_answer_for_ipv6_whatever_it_wears() {
    for text in [REAL, "::ffff:203.0.113.7"] {
        let server = Server::sends_on("[::1]:0", ok(text)).await;
        let detection = detect(&[server.source("One")], &options()).await;
        assert_eq!(problem(&detection, "One"), SourceError::WrongFamily, "{text}");
    }
}

#[tokio::test]
async fn a_mapped_address_counts_as_the_ipv4_address_it_is() {
    let (plain, mapped) = (Server::says(REAL).await, Server::says("::ffff:203.0.113.7\n").await);
    let detection = detect(&[plain.source("One"), mapped.source("Two")], &options()).await;
    assert_eq!(detection.v4.status, Status::Confirmed(address(REAL)));
}

#[tokio::test]
async fn an_address_that_nobody_can_have_is_refused_even_if_all_agree() {
    for text in
        ["10.20.10.22", "192.168.1.1", "127.0.0.1", "100.64.0.1", "169.254.1.1", "0.0.0.0", "::ffff:10.0.0.1", REAL]
    {
        let server = Server::says(text).await;
        let detection = detect(&[server.source("One"), server.source("Two")], &Options::default()).await;
        assert_eq!(problem(&detection, "One"), SourceError::NotPublic, "{text}");
        assert_eq!(detection.v4.status, Status::Unavailable, "{text}");
    }
    for text in ["::1", "::", "fe80::1", "fd00::1", "ff02::1", "64:ff9b::102:304", REAL_V6] {
        let server = Server::sends_on("[::1]:0", ok(text)).await;
        let detection = detect(&[server.source("One"), server.source("Two")], &Options::default()).await;
        assert_eq!(problem(&detection, "One"), SourceError::NotPublic, "{text}");
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    for code in
        ["301 Moved Permanently", "302 Found", "303 See Other", "307 Temporary Redirect", "308 Permanent Redirect"]
    {
        let elsewhere = Server::says(FALSE).await;
        let location = elsewhere.url();
        let pointing =
            Server::sends(format!("HTTP/1.1 {code}\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n")).await;
        let detection = detect(&[pointing.source("One")], &options()).await;
        assert_eq!(problem(&detection, "One"), SourceError::Redirected, "{code}");
        assert!(detection.suggests_sign_in());
        assert_eq!(elsewhere.connections(), 0, "{code}");
    }
}

#[tokio::test]
async fn an_endless_answer_is_read_no_further_than_needed() {
    for format in [Format::Text, Format::Trace] {
        let closed = Gate::default();
        let rambler = Server::serve("127.0.0.1:0", {
            let closed = closed.clone();
            move |mut stream| {
                let closed = closed.clone();
                async move {
                    head(&mut stream).await;
                    let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\nip=203.0.113.7\n").await;
                    while stream.write_all(b"and so on\n").await.is_ok() {}
                    closed.open();
                }
            }
        })
        .await;
        let source = Source { format, ..rambler.source("Rambler") };
        let detection = detect(&[source], &options()).await;
        assert_eq!(problem(&detection, "Rambler"), SourceError::TooLong);
        closed.opened().await;
    }
}

#[tokio::test]
async fn a_page_is_known_by_its_first_bytes_and_not_waited_for() {
    let portal = Server::serve("127.0.0.1:0", |mut stream| async move {
        head(&mut stream).await;
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n<html>").await;
        let _ = stream.read_to_end(&mut Vec::new()).await;
    })
    .await;
    let detection = detect(&[portal.source("Portal")], &options()).await;
    assert_eq!(problem(&detection, "Portal"), SourceError::WebPage);
}

#[tokio::test]
async fn an_answer_that_declares_itself_a_page_or_data_is_refused_whatever_is_in_it() {
    for (headers, expected) in [
        ("Content-Type: text/html\r\n", Err(SourceError::WrongContentType(Declared::Html))),
        ("content-type: Text/HTML; charset=utf-8\r\n", Err(SourceError::WrongContentType(Declared::Html))),
        ("Content-Type: application/json\r\n", Err(SourceError::WrongContentType(Declared::Json))),
        ("Content-Type: application/problem+json\r\n", Err(SourceError::WrongContentType(Declared::Json))),
        // Said twice: one of them is not what it seems.
        ("Content-Type: text/plain\r\nContent-Type: text/html\r\n", Err(SourceError::WrongContentType(Declared::Html))),
        ("Content-Type: text/plain\r\n", Ok(address(REAL))),
        ("Content-Type: application/octet-stream\r\n", Ok(address(REAL))),
        ("Content-Type: ÿ\r\n", Ok(address(REAL))),
        ("", Ok(address(REAL))),
    ] {
        let server =
            Server::sends(format!("HTTP/1.1 200 OK\r\n{headers}Content-Length: {}\r\n\r\n{REAL}", REAL.len())).await;
        let detection = detect(&[server.source("One")], &options()).await;
        assert_eq!(answer(&detection, "One").outcome, expected, "{headers}");
        let page = expected == Err(SourceError::WrongContentType(Declared::Html));
        assert_eq!(detection.suggests_sign_in(), page, "{headers}");
    }
}

#[tokio::test]
async fn a_declared_page_is_not_waited_for() {
    let portal = Server::serve("127.0.0.1:0", |mut stream| async move {
        head(&mut stream).await;
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9\r\n\r\n").await;
        let _ = stream.read_to_end(&mut Vec::new()).await;
    })
    .await;
    let detection = detect(&[portal.source("Portal")], &options()).await;
    assert_eq!(problem(&detection, "Portal").code(), "wrong-content-type");
}

#[tokio::test]
async fn endless_headers_are_no_answer_either() {
    for (start, more) in [("HTTP/1.1 200 OK\r\n", "X-More: and so on\r\n"), ("HTTP/1.1 200 OK\r\nX-Long: ", "more")] {
        let closed = Gate::default();
        let rambler = Server::serve("127.0.0.1:0", {
            let closed = closed.clone();
            move |mut stream| {
                let closed = closed.clone();
                async move {
                    head(&mut stream).await;
                    let _ = stream.write_all(start.as_bytes()).await;
                    while stream.write_all(more.as_bytes()).await.is_ok() {}
                    closed.open();
                }
            }
        })
        .await;
        let detection = detect(&[rambler.source("Rambler")], &options()).await;
        assert_eq!(problem(&detection, "Rambler"), SourceError::NotAnAddress);
        closed.opened().await;
    }
}

#[tokio::test]
async fn a_sign_in_page_is_told_from_a_sources_own_trouble() {
    let page = Server::says("<html><title>Welcome to our network</title>").await;
    let broken = Server::sends(status("500 Internal Server Error")).await;
    let good = Server::says(REAL).await;

    assert!(detect(&[page.source("One"), broken.source("Two")], &options()).await.suggests_sign_in());
    assert!(!detect(&[broken.source("One")], &options()).await.suggests_sign_in());
    // Somebody got through, so the network lets people out.
    assert!(!detect(&[page.source("One"), good.source("Two")], &options()).await.suggests_sign_in());
}

#[tokio::test]
async fn the_question_gives_nothing_away() {
    let (seen, mut questions) = tokio::sync::mpsc::unbounded_channel();
    let curious = Server::serve("127.0.0.1:0", move |mut stream| {
        let seen = seen.clone();
        async move {
            let _ = seen.send(head(&mut stream).await);
            let _ = stream.write_all(ok(REAL).as_bytes()).await;
            let _ = stream.read_u8().await;
        }
    })
    .await;
    detect(&[curious.source("One")], &options()).await;

    let question = questions.recv().await.unwrap().to_lowercase();
    let mut names: Vec<&str> = question.lines().skip(1).filter_map(|line| Some(line.split_once(':')?.0)).collect();
    assert_eq!(question.lines().next(), Some("get / http/1.1"));
    names.sort_unstable();
    assert_eq!(names, ["accept", "host", "user-agent"]);
}

#[tokio::test]
async fn a_source_that_may_not_be_asked_is_not_asked() {
    let good = Server::says(REAL).await;
    let url = |text: &str| text.parse().unwrap();
    let plain = Source { url: url("http://192.0.2.1/"), ..good.source("Plain") };
    let nameless = good.source("Nameless");
    let nameless = Source { operator: String::new(), ..nameless };
    let mut signed_in = good.source("Signed in");
    signed_in.url.set_password(Some("secret")).unwrap();

    let detection = detect(&[plain, signed_in, nameless], &options()).await;
    assert_eq!(problem(&detection, "Plain").code(), "source-not-https");
    assert_eq!(problem(&detection, "Signed in").code(), "source-has-credentials");
    assert_eq!(answer(&detection, "").outcome.clone().unwrap_err().code(), "source-without-operator");
    assert_eq!(good.connections(), 0);
}

fn status(status: &str) -> String {
    format!("HTTP/1.1 {status}\r\nContent-Length: 11\r\n\r\n203.0.113.7")
}
