//! A proxy in the environment.

use std::process::Command;

use threecommas::Client;

use crate::server::{Server, answer, hmac};

const SERVER: &str = "THREECOMMAS_TEST_SERVER";

/// The environment of a process cannot be changed safely while it runs, so the test starts itself
/// once more in one that has a proxy.
#[tokio::test]
async fn a_proxy_in_the_environment_is_not_asked_for_this_machine() {
    if let Ok(url) = std::env::var(SERVER) {
        let client = Client::new(&url.parse().unwrap(), hmac()).unwrap();
        client.validate().await.unwrap();
        return;
    }
    let server = Server::answering(answer("200 OK", "", r#"{"valid":true}"#));
    let proxy = Server::answering(answer("200 OK", "", r#"{"valid":true}"#));
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["proxy::a_proxy_in_the_environment_is_not_asked_for_this_machine", "--exact"])
        .env(SERVER, server.url.as_str())
        .env("http_proxy", proxy.url.as_str())
        .env("HTTP_PROXY", proxy.url.as_str())
        .env("all_proxy", proxy.url.as_str())
        .env_remove("no_proxy")
        .env_remove("NO_PROXY")
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    assert!(server.was_asked_again());
    assert!(!proxy.was_asked_again());
}
