//! What was issued is enforced: signature, address, permission.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::io::Write;
use std::process::{Command, Stdio};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::Method;
use reqwest::header::CONTENT_TYPE;
use serde_json::{Value, json};
use support::{Call, Service, hmac_hex, self_generated, send, signed, system_generated, text};

mod support;

const VALIDATE: &str = "/public/api/ver1/validate";

fn openssl(arguments: &[&str], input: &[u8]) -> Vec<u8> {
    let mut child = Command::new("openssl")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "openssl {arguments:?}");
    output.stdout
}

#[tokio::test]
async fn validate_answers_a_good_signature() {
    let service = Service::start().await;
    let token = service.token(&system_generated()).await;
    let answer = signed(&service, &token, VALIDATE, None).await;
    assert_eq!((answer.status, answer.body), (200, json!({"valid": true})));
}

#[tokio::test]
async fn hex_is_compared_without_case_and_the_query_counts_as_sent() {
    let service = Service::start().await;
    let token = service.token(&system_generated()).await;
    let (api_key, secret) = (text(&token, "api_key"), text(&token, "secret"));
    for path in [VALIDATE, "/public/api/ver1/validate?", "/public/api/ver1/validate?a=%20b&a=1"] {
        let signature = hmac_hex(secret, path).to_uppercase();
        let answer = Call { api_key, path, signature: &signature, from: None }.get(&service).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    }
    for (path, signed_path) in [
        ("/public/api/ver1/validate?", VALIDATE),
        ("/public/api/ver1/validate?a=1", VALIDATE),
        (VALIDATE, "/ver1/validate"),
    ] {
        let signature = hmac_hex(secret, signed_path);
        Call { api_key, path, signature: &signature, from: None }.get(&service).await.refused(401, "signature_invalid");
    }
}

#[tokio::test]
async fn a_wrong_signature_or_key_is_refused_as_documented() {
    let service = Service::start().await;
    let token = service.token(&system_generated()).await;
    let (api_key, good) = (text(&token, "api_key"), hmac_hex(text(&token, "secret"), VALIDATE));
    let other_secret = hmac_hex("other", VALIDATE);
    let unknown = format!("practice{}", "0".repeat(56));
    for (api_key, signature, error) in [
        (unknown.as_str(), good.as_str(), "api_key_invalid_or_expired"),
        ("", &good, "api_key_invalid_or_expired"),
        (&api_key.to_uppercase(), &good, "api_key_invalid_or_expired"),
        (api_key, &other_secret, "signature_invalid"),
        (api_key, "", "signature_invalid"),
        (api_key, &good[..63], "signature_invalid"),
        (api_key, &format!("{good}00"), "signature_invalid"),
        (api_key, &format!("0x{good}"), "signature_invalid"),
        (api_key, "AAAA", "signature_invalid"),
    ] {
        Call { api_key, path: VALIDATE, signature, from: None }.get(&service).await.refused(401, error);
    }
    let url = format!("{}{VALIDATE}", service.api.url);
    send(service.api.http.get(&url)).await.refused(401, "api_key_invalid_or_expired");
    send(service.api.http.get(&url).header("Apikey", api_key)).await.refused(401, "signature_invalid");
    let twice =
        service.api.http.get(&url).header("Apikey", api_key).header("Apikey", api_key).header("Signature", &good);
    send(twice).await.refused(401, "api_key_invalid_or_expired");
}

#[tokio::test]
async fn bodies_are_signed_as_clients_do_it() {
    let service = Service::start().await;
    let token = service.token(&system_generated()).await;
    let path = "/public/api/ver1/users/change_mode";
    for (content_type, body, message, (status, error)) in [
        (Some("application/x-www-form-urlencoded"), "mode=paper", format!("{path}?mode=paper"), (200, "")),
        (Some("application/json"), r#"{"mode": "paper"}"#, format!("{path}{{\"mode\": \"paper\"}}"), (200, "")),
        (Some("application/json"), "", path.to_owned(), (422, "record_invalid")),
        (Some("application/x-www-form-urlencoded"), "", path.to_owned(), (422, "record_invalid")),
        (None, "", path.to_owned(), (422, "record_invalid")),
    ] {
        for (message, status, error) in [(message, status, error), ("other".to_owned(), 401, "signature_invalid")] {
            let mut request = service.api.http.post(format!("{}{path}", service.api.url));
            if let Some(content_type) = content_type {
                request = request.header(CONTENT_TYPE, content_type);
            }
            let signature = hmac_hex(text(&token, "secret"), &message);
            let request = request.header("Apikey", text(&token, "api_key")).header("Signature", signature);
            let answer = send(request.body(body)).await;
            assert_eq!((answer.status, answer.error()), (status, error), "{body}: {}", answer.body);
        }
    }
}

#[tokio::test]
async fn lists_are_arrays_cut_to_the_page_and_the_mode() {
    let service = Service::start().await;
    let mut body = system_generated();
    body["permissions"] = json!(["BOTS_READ", "ACCOUNTS_READ", "SMART_TRADES_READ"]);
    let token = service.token(&body).await;
    let get = async |path: &str, mode: Option<&str>| {
        let mut request = service
            .api
            .http
            .get(format!("{}{path}", service.api.url))
            .header("Apikey", text(&token, "api_key"))
            .header("Signature", hmac_hex(text(&token, "secret"), path));
        if let Some(mode) = mode {
            request = request.header("Forced-Mode", mode);
        }
        send(request).await
    };
    let length = async |path: &str, mode| get(path, mode).await.body.as_array().unwrap().len();
    for (path, real) in [("ver1/accounts", 2), ("ver1/bots", 2), ("v2/smart_trades", 1), ("ver1/trades", 1)] {
        let path = format!("/public/api/{path}");
        assert_eq!(length(&path, None).await, real, "{path}");
        assert_eq!(length(&format!("{path}?limit=1"), None).await, 1);
        assert_eq!(length(&format!("{path}?per_page=1&page=1"), Some("real")).await, 1);
        get(&path, Some("demo")).await.refused(400, "forced_mode_invalid");
    }
    let accounts = "/public/api/ver1/accounts";
    let paper = get(accounts, Some("paper")).await.body;
    assert_ne!(paper, get(accounts, None).await.body);

    let path = "/public/api/ver1/users/change_mode?mode=paper";
    let change = service
        .api
        .http
        .post(format!("{}{path}", service.api.url))
        .header("Apikey", text(&token, "api_key"))
        .header("Signature", hmac_hex(text(&token, "secret"), path));
    assert_eq!(send(change).await.body, json!({"mode": "paper"}));
    assert_eq!(get(accounts, None).await.body, paper, "now the account's own mode");
    assert_eq!(length(accounts, Some("real")).await, 2);
}

#[tokio::test]
async fn the_mode_of_the_account_is_told_to_those_who_may_read_accounts() {
    let service = Service::start().await;
    let path = "/public/api/ver1/users/current_mode";
    let mut body = system_generated();
    signed(&service, &service.token(&body).await, path, None).await.refused(403, "Forbidden");

    body["permissions"] = json!(["ACCOUNTS_READ"]);
    let token = service.token(&body).await;
    let call = async |method: Method, path: &str, forced: Option<&str>| {
        let request = service.api.http.request(method, format!("{}{path}", service.api.url));
        let request = request.header("Apikey", text(&token, "api_key"));
        let request = request.header("Signature", hmac_hex(text(&token, "secret"), path));
        send(forced.into_iter().fold(request, |request, mode| request.header("Forced-Mode", mode))).await
    };
    let mode = async |forced| call(Method::GET, path, forced).await.body;
    assert_eq!(mode(None).await, json!({"mode": "real"}));
    assert_eq!(mode(Some("paper")).await, json!({"mode": "paper"}));
    call(Method::GET, path, Some("demo")).await.refused(400, "forced_mode_invalid");

    call(Method::POST, "/public/api/ver1/users/change_mode?mode=paper", None).await;
    assert_eq!(mode(None).await, json!({"mode": "paper"}), "as it was changed");
    assert_eq!(mode(Some("real")).await, json!({"mode": "real"}));
}

#[tokio::test]
async fn every_documented_row_is_guarded_and_says_when_it_is_not_simulated() {
    let service = Service::start().await;
    let all = ["BOTS_READ", "BOTS_WRITE", "ACCOUNTS_READ", "ACCOUNTS_WRITE", "SMART_TRADES_READ", "SMART_TRADES_WRITE"];
    let token_with = async |permissions: &[&str]| {
        let mut body = system_generated();
        body["permissions"] = json!(permissions);
        service.token(&body).await
    };
    let full = token_with(&all).await;
    let mut all_but = BTreeMap::new();
    for missing in all {
        let others: Vec<_> = all.into_iter().filter(|permission| *permission != missing).collect();
        all_but.insert(missing, token_with(&others).await);
    }
    assert_eq!(service.api.control(&json!({"limits": "off"})).await.status, 204);
    let mut rows = 0;
    for row in include_str!("../src/documented/endpoints.tsv").lines().skip(1) {
        rows += 1;
        let columns: Vec<_> = row.split('\t').collect();
        let segments = columns[1].split('/').map(|part| if part.starts_with([':', '{']) { "0" } else { part });
        let path = format!("/public/api{}", segments.collect::<Vec<_>>().join("/"));
        let call = |token: Option<&Value>, signed_path: &str| {
            let method: Method = columns[0].parse().unwrap();
            let mut request = service.api.http.request(method, format!("{}{path}", service.api.url));
            if let Some(token) = token {
                let signature = hmac_hex(text(token, "secret"), signed_path);
                request = request.header("Apikey", text(token, "api_key")).header("Signature", signature);
            }
            send(request)
        };
        if columns[3] == "SIGNED" {
            call(None, &path).await.refused(401, "api_key_invalid_or_expired");
            call(Some(&full), "/public/api/other").await.refused(401, "signature_invalid");
        }
        if let Some(token) = all_but.get(columns[2]) {
            call(Some(token), &path).await.refused(403, "Forbidden");
        }
        let answer = call(Some(&full), &path).await;
        match answer.status {
            501 => answer.refused(501, "not_simulated"),
            422 => assert_eq!(path, "/public/api/ver1/users/change_mode", "it wants a mode"),
            status => assert_eq!(status, 200, "{path}: {}", answer.body),
        }
    }
    assert_eq!(rows, 87);
}

#[tokio::test]
async fn rsa_signatures_of_a_foreign_client_are_taken_for_both_sizes() {
    let service = Service::start().await;
    for bits in ["2048", "4096"] {
        let directory = tempfile::tempdir().unwrap();
        let key_file = directory.path().join("key.pem");
        std::fs::write(&key_file, openssl(&["genrsa", bits], b"")).unwrap();
        let key_file = key_file.to_str().unwrap();
        let public_key = String::from_utf8(openssl(&["pkey", "-in", key_file, "-pubout"], b"")).unwrap();
        let token = service.token(&self_generated(&public_key)).await;
        let api_key = text(&token, "api_key");
        let sign = |message: &str, digest: &str| openssl(&["dgst", digest, "-sign", key_file], message.as_bytes());
        let good = STANDARD.encode(sign(VALIDATE, "-sha256"));
        let answer = Call { api_key, path: VALIDATE, signature: &good, from: Some("198.41.0.4") }.get(&service).await;
        assert_eq!((answer.status, &answer.body), (200, &json!({"valid": true})), "{bits}");

        let sha1 = STANDARD.encode(sign(VALIDATE, "-sha1"));
        let other = STANDARD.encode(sign("/public/api/ver1/bots", "-sha256"));
        let wrapped =
            good.as_bytes().chunks(76).map(|line| std::str::from_utf8(line).unwrap()).collect::<Vec<_>>().join(" ");
        let hex = hmac_hex(&public_key, VALIDATE);
        for wrong in [sha1.as_str(), &other, &wrapped, good.trim_end_matches('='), &good.to_lowercase(), &hex, ""] {
            let answer = Call { api_key, path: VALIDATE, signature: wrong, from: None }.get(&service).await;
            answer.refused(401, "signature_invalid");
        }
    }
}

#[tokio::test]
async fn only_trusted_addresses_are_let_in() {
    let service = Service::start().await;
    let mut body = system_generated();
    body["trusted_ips"] = json!(["198.41.0.0/24", "203.0.113.7", "2001:db8::7"]);
    let token = service.token(&body).await;
    for (from, trusted) in [
        (None, true),
        (Some("203.0.113.7"), true),
        (Some("203.0.113.8"), false),
        (Some("198.41.0.255"), true),
        (Some("198.41.1.0"), false),
        (Some("::ffff:198.41.0.4"), true),
        (Some("2001:db8::7"), true),
        (Some("2001:db8::8"), false),
        (Some("127.0.0.1"), false),
    ] {
        let answer = signed(&service, &token, VALIDATE, from).await;
        if trusted {
            assert_eq!(answer.status, 200, "{from:?}: {}", answer.body);
        } else {
            answer.refused(401, "ip_not_trusted");
        }
    }
    signed(&service, &token, VALIDATE, Some("nonsense")).await.refused(400, "client_address_invalid");
}

#[tokio::test]
async fn the_signature_is_checked_before_the_address_and_the_address_before_the_permission() {
    let service = Service::start().await;
    let token = service.token(&system_generated()).await;
    let accounts = "/public/api/ver1/accounts";
    let unsigned = Call { api_key: text(&token, "api_key"), path: accounts, signature: "00", from: Some("198.41.0.4") };
    unsigned.get(&service).await.refused(401, "signature_invalid");
    signed(&service, &token, accounts, Some("198.41.0.4")).await.refused(401, "ip_not_trusted");
    signed(&service, &token, accounts, None).await.refused(403, "Forbidden");
}

#[tokio::test]
async fn each_permission_opens_its_own_endpoints() {
    let service = Service::start().await;
    let endpoints = [
        ("/public/api/ver1/bots?limit=1", "BOTS_READ", 200),
        ("/public/api/ver1/accounts?per_page=1", "ACCOUNTS_READ", 200),
        ("/public/api/ver1/trades?limit=1", "SMART_TRADES_READ", 200),
        ("/public/api/ver1/grid_bots/0", "BOTS_WRITE", 501),
        ("/public/api/v2/smart_trades/0/reduce_funds_info", "SMART_TRADES_WRITE", 501),
    ];
    for permission in
        ["BOTS_READ", "BOTS_WRITE", "ACCOUNTS_READ", "ACCOUNTS_WRITE", "SMART_TRADES_READ", "SMART_TRADES_WRITE"]
    {
        let mut body = system_generated();
        body["permissions"] = json!([permission]);
        let token = service.token(&body).await;
        for (path, needed, status) in endpoints {
            let answer = signed(&service, &token, path, None).await;
            match (permission == needed, status) {
                (false, _) => answer.refused(403, "Forbidden"),
                (true, 501) => answer.refused(501, "not_simulated"),
                (true, _) => assert!(answer.status == 200 && answer.body.is_array(), "{path}: {}", answer.body),
            }
        }
    }
}

#[tokio::test]
async fn open_endpoints_need_no_key() {
    let service = Service::start().await;
    let get = |path: &'static str| send(service.api.http.get(format!("{}{path}", service.api.url)));
    let markets = get("/public/api/ver1/accounts/market_list").await;
    assert_eq!(markets.status, 200);
    assert!(markets.body[0]["trusted_ips"].as_array().unwrap().len() > 1);
    assert_eq!(get("/public/api/ver1/time").await.body, json!({"server_time": 1_795_514_400}));
    get("/public/api/ver1/accounts/currency_rates").await.refused(501, "not_simulated");
    assert_eq!(get("/public/api/ver1/ping").await.status, 200);
    get("/public/api/ver1/pong").await.refused(404, "not_found");
    get("/public/api/ver1/bots/stats").await.refused(401, "api_key_invalid_or_expired");
    let delete = service.api.http.request(Method::DELETE, format!("{}{VALIDATE}", service.api.url));
    send(delete).await.refused(405, "method_not_allowed");
}

#[tokio::test]
async fn the_trace_says_which_address_will_be_checked() {
    let service = Service::start().await;
    let trace = async |from: Option<&str>| {
        let mut request = service.api.http.get(format!("{}/cdn-cgi/trace", service.api.url));
        if let Some(from) = from {
            request = request.header("X-Practice-Client-IP", from);
        }
        let answer = send(request).await;
        let lines: Vec<_> = answer.body.as_str().unwrap().lines().map(str::to_owned).collect();
        lines.into_iter().filter_map(|line| line.strip_prefix("ip=").map(str::to_owned)).collect::<Vec<_>>()
    };
    assert_eq!(trace(None).await, ["203.0.113.7"]);
    assert_eq!(trace(Some("2001:DB8::7")).await, ["2001:db8::7"]);
    assert_eq!(service.api.control(&json!({"client_address": "198.41.0.4"})).await.status, 204);
    assert_eq!(trace(None).await, ["198.41.0.4"]);
    service.practice.set_client_address("::ffff:198.41.0.5".parse().unwrap());
    assert_eq!(trace(None).await, ["198.41.0.5"]);
}

#[tokio::test]
async fn the_control_refuses_what_it_does_not_know_and_then_changes_nothing() {
    let service = Service::start().await;
    let refused = service.api.control(&json!({"client_address": "198.41.0.4", "fault": "disk-full"})).await;
    refused.refused(422, "record_invalid");
    assert_eq!(refused.body["error_attributes"]["fault"], json!(["unknown"]));
    assert_eq!(
        refused.body["error_description"],
        "Invalid parameters: fault must be none, slow, down, error, cut or hang"
    );
    service.api.control(&json!([])).await.refused(400, "invalid_json");
    assert_eq!(service.api.control(&json!({"limits": "off"})).await.status, 204);
    assert_eq!(service.api.control(&json!({})).await.status, 204);
    let trace = send(service.api.http.get(format!("{}/cdn-cgi/trace", service.api.url))).await;
    assert!(trace.body.as_str().unwrap().contains("ip=203.0.113.7\n"));
}
