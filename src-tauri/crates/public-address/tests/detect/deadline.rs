//! What happens when time runs out. The clock is Tokio's and stands still until a test lets it go.

use std::time::Duration;

use public_address::{Family, Format, Options, Source, SourceError, Status, detect};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time;

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
