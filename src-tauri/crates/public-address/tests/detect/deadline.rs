//! What happens when time runs out. The clock is Tokio's and stands still until a test lets it go.

use std::time::Duration;

use public_address::{Family, Format, Options, Source, SourceError, Status, detect};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time;

use crate::certificates::{Authority, knowing, source};
use crate::server::{Gate, Server, head};
use crate::{FALSE, REAL, answer, options, problem};

const DEADLINE: Duration = Duration::from_secs(3);

fn in_three_seconds() -> Options {
    Options { deadline: DEADLINE, ..options() }
}

#[test]
fn three_seconds_are_the_default() {
    assert_eq!(Options::default().deadline, DEADLINE);
}

#[tokio::test]
async fn a_slow_drip_ends_at_the_deadline() {
    let dripping = Gate::default();
    let drip = Server::serve("127.0.0.1:0", {
        let dripping = dripping.clone();
        move |mut stream| {
            let dripping = dripping.clone();
            async move {
                head(&mut stream).await;
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 60\r\n\r\n").await;
                // At this pace the answer would take a minute; each byte comes soon enough to seem alive.
                while stream.write_all(b"2").await.is_ok() {
                    dripping.open();
                    time::sleep(Duration::from_secs(1)).await;
                }
            }
        }
    })
    .await;

    let sources = [drip.source("Drip")];
    let detecting = tokio::spawn(async move { detect(&sources, &in_three_seconds()).await });
    dripping.opened().await;
    time::pause();

    let detection = detecting.await.unwrap();
    assert_eq!(problem(&detection, "Drip"), SourceError::Timeout);
    assert!(answer(&detection, "Drip").elapsed >= DEADLINE);
    assert_eq!(detection.v4.status, Status::Unavailable);
    assert!(!detection.is_offline());
}

#[tokio::test]
async fn what_is_known_at_the_deadline_is_told() {
    for (told, expected) in [(&[REAL][..], "unconfirmed"), (&[REAL, FALSE], "disputed")] {
        let (asked, closed) = (Gate::default(), Gate::default());
        let silent = Server::silent(&asked, &closed).await;
        let mut talkers = Vec::new();
        for text in told {
            talkers.push(Server::says(text).await);
        }

        let mut sources = vec![silent.source("Silent")];
        sources.extend(talkers.iter().zip(["One", "Two"]).map(|(server, operator)| server.source(operator)));
        let detecting = tokio::spawn(async move { detect(&sources, &in_three_seconds()).await });
        asked.opened().await;
        // The talkers answer at once; each is given the time to be heard before the clock is let go.
        while talkers.iter().any(|talker| talker.served() == 0) {
            tokio::task::yield_now().await;
        }
        time::pause();

        let detection = detecting.await.unwrap();
        assert_eq!(detection.v4.status.as_str(), expected);
        assert_eq!(problem(&detection, "Silent"), SourceError::Timeout);
        closed.opened().await;
        time::resume();
    }
}

#[tokio::test]
async fn a_server_that_never_finishes_the_handshake_was_not_reached() {
    let greeted = Gate::default();
    let mute = Server::serve("127.0.0.1:0", {
        let greeted = greeted.clone();
        move |mut stream| {
            let greeted = greeted.clone();
            async move {
                let _ = stream.read_u8().await;
                greeted.open();
                let _ = stream.read_to_end(&mut Vec::new()).await;
            }
        }
    })
    .await;

    let url = format!("https://{}/", mute.address);
    let sources = [Source::new("Mute", &url, Family::V4, Format::Text).unwrap()];
    let detecting = tokio::spawn(async move { detect(&sources, &in_three_seconds()).await });
    greeted.opened().await;
    time::pause();

    let detection = detecting.await.unwrap();
    assert_eq!(problem(&detection, "Mute"), SourceError::Offline);
    assert!(detection.is_offline());
}

#[tokio::test]
async fn a_deadline_that_is_over_at_once_still_ends_in_order() {
    let silent = Server::silent(&Gate::default(), &Gate::default()).await;
    let now = Options { deadline: Duration::ZERO, ..options() };
    let detection = detect(&[silent.source("Silent")], &now).await;
    assert!(matches!(problem(&detection, "Silent"), SourceError::Timeout | SourceError::Offline));
    assert_eq!(detection.v4.status, Status::Unavailable);
}

#[tokio::test]
async fn dropping_the_question_closes_every_connection_wherever_it_stands() {
    let authority = Authority::new();
    let acceptor = authority.acceptor("localhost");
    let stages: [(Gate, Gate); 5] = Default::default();
    let [waiting, over_v6, halfway, encrypted, greeted] = stages.clone();

    let waiting = Server::serve("127.0.0.1:0", move |stream| hold(stream, b"", waiting.clone())).await;
    let over_v6 = Server::serve("[::1]:0", move |stream| hold(stream, b"", over_v6.clone())).await;
    let beginning = b"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n203.0";
    let halfway = Server::serve("127.0.0.1:0", move |stream| hold(stream, beginning, halfway.clone())).await;
    let encrypted = Server::serve("127.0.0.1:0", move |stream| {
        let (acceptor, gates) = (acceptor.clone(), encrypted.clone());
        async move { hold(acceptor.accept(stream).await.unwrap(), b"", gates).await }
    })
    .await;
    let greeted = Server::serve("127.0.0.1:0", move |mut stream| {
        let (asked, closed) = greeted.clone();
        async move {
            let _ = stream.read_u8().await;
            asked.open();
            let _ = stream.read_to_end(&mut Vec::new()).await;
            closed.open();
        }
    })
    .await;

    let sources = [
        waiting.source("One"),
        over_v6.source("Two"),
        halfway.source("Three"),
        source("Four", encrypted.address),
        source("Five", greeted.address),
    ];
    let options = knowing(&authority);
    let detecting = tokio::spawn(async move { detect(&sources, &options).await });
    for (asked, _) in &stages {
        asked.opened().await;
    }

    // Ends the task, and so drops its future.
    detecting.abort();
    for (_, closed) in &stages {
        closed.opened().await;
    }
    assert!(detecting.await.unwrap_err().is_cancelled());
}

/// Reads a question, sends the beginning of an answer, opens the first gate, and the second when the connection is closed.
async fn hold(mut stream: impl AsyncRead + AsyncWrite + Unpin, beginning: &[u8], (asked, closed): (Gate, Gate)) {
    head(&mut stream).await;
    let _ = stream.write_all(beginning).await;
    let _ = stream.flush().await;
    asked.open();
    let _ = stream.read_to_end(&mut Vec::new()).await;
    closed.open();
}
