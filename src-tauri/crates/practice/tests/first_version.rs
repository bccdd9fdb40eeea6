//! Data that the first version wrote.
#![allow(clippy::unwrap_used)]

use support::{Service, TestClock, signed, system_generated, text};

mod support;

/// From the start of the tests' clock to the hour in which the data was written.
const LATER_S: i64 = 632_000;
/// Of the creation of its first token.
const KEY: &str = "0e6f7c1a-5d44-4b0a-9a55-0f2d8f6a1c3e";

#[tokio::test]
async fn what_the_first_version_wrote_is_served_as_it_was() {
    let data = tempfile::tempdir().unwrap();
    let database = rusqlite::Connection::open(data.path().join("practice.db")).unwrap();
    database.execute_batch(include_str!("data/version-1.sql")).unwrap();
    drop(database);
    let clock = TestClock::new();
    clock.advance(LATER_S);

    let service = Service::start_in(data, clock).await;
    assert_eq!(service.practice.otp_secret_base32().as_str(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    let tokens = service.api.list().await;
    assert_eq!(tokens.iter().map(|token| text(token, "name")).collect::<Vec<_>>(), ["Home bot", "Server"]);
    let again = service.api.create(KEY, None, &system_generated()).await;
    assert_eq!((again.status, &again.body["id"]), (201, &tokens[0]["id"]), "the stored answer: {}", again.body);
    assert_eq!(signed(&service, &again.body, "/public/api/ver1/validate", None).await.status, 200);
    let next = service.token(&system_generated()).await;
    assert_eq!(next["id"], 4, "the id of a revoked token is not given again");
}
