//! What the client sends.

use threecommas::{Client, Error, ForcedMode, sign_hmac};
use url::Url;

use crate::server::{API_KEY, SECRET, Server, answer, header, hmac};

const VALID: &str = r#"{"valid":true}"#;

#[tokio::test]
async fn a_request_carries_the_key_and_the_signature_of_its_own_target() {
    let server = Server::answering(answer("200 OK", "", VALID));
    server.client().validate().await.unwrap();
    let request = server.request();
    assert!(request.starts_with("GET /public/api/ver1/validate HTTP/1.1\r\n"));
    assert_eq!(header(&request, "Apikey"), Some(API_KEY));
    assert_eq!(header(&request, "Signature").unwrap(), sign_hmac(SECRET.as_bytes(), b"/public/api/ver1/validate"));
    assert_eq!(header(&request, "Forced-Mode"), None);
    assert!(!request.contains(SECRET));
}

#[tokio::test]
async fn what_is_signed_is_what_is_sent_to_the_letter() {
    let targets = [
        ("/ver1/accounts?per_page=1", "/ver1/accounts?per_page=1"),
        ("/ver1/accounts?", "/ver1/accounts?"),
        ("/ver1/bots?a=b&a=c%2Fd", "/ver1/bots?a=b&a=c%2Fd"),
        ("/ver1/bots?name=zwei Wörter", "/ver1/bots?name=zwei%20W%C3%B6rter"),
        ("/ver1/./bots/../deals", "/ver1/deals"),
        ("/ver1/bots?x='\"<>", "/ver1/bots?x=%27%22%3C%3E"),
    ];
    for (path, sent) in targets {
        let server = Server::answering(answer("200 OK", "", "[]"));
        server.client().get(path).await.unwrap();
        let request = server.request();
        let target = request.split(' ').nth(1).unwrap();
        assert_eq!(target, format!("/public/api{sent}"));
        assert_eq!(header(&request, "Signature").unwrap(), sign_hmac(SECRET.as_bytes(), target.as_bytes()));
    }
}

#[tokio::test]
async fn a_path_outside_the_api_is_never_sent() {
    let server = Server::answering(answer("200 OK", "", VALID));
    let paths = [
        "",
        "ver1/validate",
        "/../../secret",
        "/..",
        "/ver1/../../../x",
        "/%2e%2e/%2e%2e/x",
        "/ver1/validate#x",
        "?x",
        "x/../../validate",
        "@evil.example/",
    ];
    for path in paths {
        assert_eq!(server.client().get(path).await, Err(Error::Path), "{path}");
    }
    assert!(!server.was_asked_again());
}

#[tokio::test]
async fn mode_and_added_headers_go_with_every_request() {
    let server = Server::answering(answer("200 OK", "", VALID));
    let client =
        server.client().with_forced_mode(ForcedMode::Paper).with_header("X-Practice-Client-IP", "203.0.113.7").unwrap();
    client.validate().await.unwrap();
    let request = server.request();
    assert_eq!(header(&request, "Forced-Mode"), Some("paper"));
    assert_eq!(header(&request, "X-Practice-Client-IP"), Some("203.0.113.7"));

    let client = client.with_forced_mode(ForcedMode::Real);
    client.validate().await.unwrap();
    let request = server.request();
    assert_eq!(header(&request, "forced-mode"), Some("real"));
    assert_eq!(request.to_ascii_lowercase().matches("forced-mode").count(), 1);
}

#[test]
fn headers_of_the_clients_own_and_broken_ones_are_refused() {
    let url = "http://127.0.0.1:1".parse().unwrap();
    let table =
        [("apikey", "x"), ("Signature", "x"), ("Host", "x"), ("X-A\r\nX-B", "x"), ("X-A", "x\r\nX-B: y"), ("", "x")];
    for (name, value) in table {
        let client = Client::new(&url, hmac()).unwrap();
        let refused = client.with_header(name, value).err();
        assert_eq!(refused, Some(Error::Header), "{name:?}: {value:?}");
    }
}

#[test]
fn only_https_or_this_machine_is_a_base_url() {
    let table = [
        ("https://api.3commas.io", true),
        ("https://api.3commas.io:8443/", true),
        ("http://127.0.0.1:3000", true),
        ("http://127.9.9.9:3000", true),
        ("http://[::1]:3000", true),
        ("http://localhost:3000", true),
        ("http://api.3commas.io", false),
        ("http://192.168.1.2:3000", false),
        ("http://localhost.evil.example", false),
        ("http://127.0.0.1.evil.example", false),
        ("https://user:pass@api.3commas.io", false),
        ("https://api.3commas.io/public/api", false),
        ("https://api.3commas.io/?x", false),
        ("ftp://api.3commas.io", false),
        ("file:///etc/passwd", false),
    ];
    for (url, accepted) in table {
        let client = Client::anonymous(&Url::parse(url).unwrap());
        assert_eq!(client.is_ok(), accepted, "{url}");
    }
}

#[tokio::test]
async fn the_market_list_is_asked_for_without_key_and_signature() {
    let body = r#"[{"market_name":"Binance EEA","market_code":"binance_eea",
        "trusted_ips":["203.0.114.1","103.26.9.0/24"],"trusted_ips_input_type":"inline"}]"#;
    let server = Server::answering(answer("200 OK", "", body));
    for client in [server.client(), Client::anonymous(&server.url).unwrap()] {
        let markets = client.market_list().await.unwrap();
        assert_eq!(markets[0].market_code, "binance_eea");
        assert_eq!(markets[0].trusted_ips, ["203.0.114.1", "103.26.9.0/24"]);
        let request = server.request();
        assert!(request.starts_with("GET /public/api/ver1/accounts/market_list HTTP/1.1\r\n"));
        assert_eq!(header(&request, "Apikey"), None);
        assert_eq!(header(&request, "Signature"), None);
    }
}

#[tokio::test]
async fn a_signed_request_without_credentials_is_not_sent() {
    let server = Server::answering(answer("200 OK", "", VALID));
    let client = Client::anonymous(&server.url).unwrap();
    assert_eq!(client.validate().await, Err(Error::NoCredentials));
    assert!(!server.was_asked_again());
}

#[tokio::test]
async fn nothing_printed_has_the_key_or_the_secret_in_it() {
    let server = Server::answering(answer("401 Unauthorized", "", ""));
    let client = server.client();
    let error = client.validate().await.unwrap_err();
    for shown in [format!("{client:?}"), format!("{client:#?}"), format!("{error} {error:?} {}", error.code())] {
        assert!(!shown.to_ascii_lowercase().contains("canary"), "{shown}");
    }
}
