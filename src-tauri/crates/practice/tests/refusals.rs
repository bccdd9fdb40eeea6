//! Why a request was refused: said to the app, never to the caller, and without what the caller sent.
#![allow(clippy::unwrap_used)]

use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use support::{Call, Service, hmac_hex, new_key, self_generated, send, signed, system_generated, text};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

mod support;

const BOTS: &str = "/public/api/ver1/bots";
const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";

/// Method, address, content type and body, what is signed, and the reason told.
type Case<'a> = (&'a str, &'a str, Option<(&'a str, &'a str)>, String, &'a str);

async fn last(service: &Service) -> Value {
    let answer = send(service.api.request(Method::GET, "/practice/refusals")).await;
    assert_eq!(answer.status, 200);
    answer.body[0].clone()
}

fn reason(refused: &Value) -> &str {
    refused["reason"].as_str().unwrap()
}

#[tokio::test]
async fn a_refusal_is_told_in_full_with_its_true_reason() {
    let service = Service::start().await;
    let token = service.token(&system_generated()).await;
    let signature = hmac_hex(text(&token, "secret"), "/ver1/bots");
    let call =
        Call { api_key: text(&token, "api_key"), path: &format!("{BOTS}?limit=1"), signature: &signature, from: None };
    call.get(&service).await.refused(401, "signature_invalid");
    let signature = hmac_hex(text(&token, "secret"), "/ver1/bots?limit=1");
    let call =
        Call { api_key: text(&token, "api_key"), path: &format!("{BOTS}?limit=1"), signature: &signature, from: None };
    call.get(&service).await.refused(401, "signature_invalid");
    assert_eq!(
        last(&service).await,
        json!({
            "at": "2026-11-24T10:00:30Z",
            "method": "GET",
            "path": BOTS,
            "client_address": "203.0.113.7",
            "token_id": 1,
            "status": 401,
            "error": "signature_invalid",
            "reason": "path-cut",
            "detail": "signature was made over /ver1/bots, the path must start at /public/api",
        })
    );
    let refusals = service.practice.refusals();
    assert_eq!(refusals.len(), 2);
    assert_eq!(refusals[1].reason, "secret-wrong", "two mistakes at once are not guessed");
    assert_eq!(send(service.api.http.get(format!("{}/practice/refusals", service.api.url))).await.status, 401);
}

#[tokio::test]
async fn the_usual_mistakes_of_hmac_signatures_are_recognised() {
    let service = Service::start().await;
    let (token, other) = (service.token(&system_generated()).await, service.token(&system_generated()).await);
    assert_eq!(service.api.control(&json!({"limits": "off"})).await.status, 204);
    let secret = text(&token, "secret");
    let host = service.api.url.strip_prefix("http://").unwrap();
    let query = format!("{BOTS}?b=1&a=x%20y");
    let post = "/public/api/ver1/bots/create_bot";
    let cases: [Case<'_>; 23] = [
        ("GET", BOTS, None, "/ver1/bots".into(), "path-cut"),
        ("GET", BOTS, None, "/bots".into(), "path-cut"),
        ("GET", BOTS, None, "/api/ver1/bots".into(), "path-cut"),
        ("GET", BOTS, None, "public/api/ver1/bots".into(), "path-cut"),
        ("GET", BOTS, None, format!("https://api.3commas.io{BOTS}"), "host-signed"),
        ("GET", BOTS, None, format!("http://{host}{BOTS}"), "host-signed"),
        ("GET", BOTS, None, format!("{host}{BOTS}"), "host-signed"),
        ("GET", &query, None, BOTS.into(), "query-missing"),
        ("GET", &query, None, format!("{BOTS}?a=x%20y&b=1"), "query-reordered"),
        ("GET", &query, None, format!("{BOTS}?b=1&a=x y"), "query-recoded"),
        ("GET", "/public/api/ver1/bots?", None, BOTS.into(), "question-mark-missing"),
        ("GET", BOTS, None, format!("{BOTS}?"), "question-mark-extra"),
        ("GET", BOTS, None, format!("{BOTS}{{}}"), "body-extra"),
        ("GET", BOTS, None, format!("{BOTS}\n"), "newline-signed"),
        ("GET", BOTS, None, format!("GET{BOTS}"), "method-signed"),
        ("GET", BOTS, None, String::new(), "nothing-signed"),
        ("POST", post, Some((FORM, "a=1")), post.into(), "body-missing"),
        ("POST", post, Some((FORM, "a=1")), format!("{post}a=1"), "form-not-as-query"),
        ("POST", post, Some((JSON, r#"{"a":1}"#)), post.into(), "body-missing"),
        ("POST", post, Some((JSON, r#"{"a":1}"#)), format!("{post}{{\"a\": 1}}"), "body-rewritten"),
        ("POST", post, Some((JSON, r#"{ "a": 1 }"#)), format!("{post}{{\"a\":1}}"), "body-rewritten"),
        ("POST", post, Some((JSON, r#"{"a":1}"#)), format!("{post}?a=1"), "body-as-query"),
        ("GET", BOTS, None, "something else".into(), "secret-wrong"),
    ];
    for (method, path, body, message, expected) in cases {
        let mut request = service
            .api
            .http
            .request(method.parse().unwrap(), format!("{}{path}", service.api.url))
            .header("Apikey", text(&token, "api_key"))
            .header("Signature", hmac_hex(secret, &message));
        if let Some((content_type, body)) = body {
            request = request.header("Content-Type", content_type).body(body.to_owned());
        }
        send(request).await.refused(401, "signature_invalid");
        let refused = last(&service).await;
        assert_eq!(reason(&refused), expected, "{message}: {refused}");
    }
    let good = hmac_hex(secret, BOTS);
    let bytes: Vec<_> = good
        .as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect();
    for (signature, expected) in [
        (STANDARD.encode(&bytes), "hmac-in-base64"),
        (URL_SAFE.encode(&bytes), "hmac-in-base64"),
        (format!("\"{good}\""), "signature-decorated"),
        (format!("0x{good}"), "signature-decorated"),
        (good[..60].to_owned(), "hmac-length-wrong"),
        (good.repeat(2), "hmac-length-wrong"),
        (STANDARD.encode([7; 256]), "rsa-for-hmac"),
        ("not a signature".into(), "signature-malformed"),
        (String::new(), "signature-missing"),
        (hmac_hex(&format!("{secret}\n"), BOTS), "secret-with-newline"),
        (hmac_hex(text(&token, "api_key"), BOTS), "api-key-as-secret"),
        (hmac_hex(text(&other, "secret"), BOTS), "key-of-another-token"),
        (hmac_hex("another", BOTS), "secret-wrong"),
    ] {
        let call = Call { api_key: text(&token, "api_key"), path: BOTS, signature: &signature, from: None };
        call.get(&service).await.refused(401, "signature_invalid");
        let refused = last(&service).await;
        assert_eq!(reason(&refused), expected, "{signature}: {refused}");
        assert_eq!(refused["token_id"], token["id"]);
    }
}

#[tokio::test]
async fn the_usual_mistakes_of_rsa_signatures_are_recognised() {
    let service = Service::start().await;
    let pair = KeyPair::generate(KeySize::Rsa2048).unwrap();
    let spki: PublicKeyX509Der<'_> = pair.public_key().as_der().unwrap();
    let pem = format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", STANDARD.encode(spki.as_ref()));
    let token = service.token(&self_generated(&pem)).await;
    let path = "/public/api/ver1/accounts?per_page=1";
    let sign = |message: &str| {
        let mut signature = vec![0; pair.public_modulus_len()];
        pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message.as_bytes(), &mut signature).unwrap();
        signature
    };
    let good = sign(path);
    let base64 = STANDARD.encode(&good);
    let hex: String = good.iter().map(|byte| format!("{byte:02x}")).collect();
    let wrapped =
        base64.as_bytes().chunks(76).map(|line| std::str::from_utf8(line).unwrap()).collect::<Vec<_>>().join(" ");
    for (signature, expected) in [
        (STANDARD.encode(sign("/ver1/accounts?per_page=1")), "path-cut"),
        (STANDARD.encode(sign("/public/api/ver1/accounts")), "query-missing"),
        (STANDARD.encode(sign("other")), "private-key-wrong"),
        (hex, "rsa-in-hex"),
        (wrapped, "rsa-base64-decorated"),
        (STANDARD_NO_PAD.encode(&good), "rsa-base64-decorated"),
        (URL_SAFE.encode(&good), "rsa-base64-decorated"),
        (base64.to_lowercase(), "base64-case-lost"),
        (hmac_hex("secret", path), "hmac-for-rsa"),
        (STANDARD.encode([7; 512]), "rsa-length-wrong"),
        (STANDARD.encode(&good[..200]), "rsa-length-wrong"),
        ("%%%".into(), "signature-malformed"),
    ] {
        let call = Call { api_key: text(&token, "api_key"), path, signature: &signature, from: None };
        call.get(&service).await.refused(401, "signature_invalid");
        let refused = last(&service).await;
        assert_eq!(reason(&refused), expected, "{signature}: {refused}");
    }
    let call = Call { api_key: text(&token, "api_key"), path, signature: &base64, from: None };
    assert_eq!(call.get(&service).await.status, 200);
}

#[tokio::test]
async fn other_refusals_have_their_reasons_too() {
    let service = Service::start().await;
    let token = service.token(&system_generated()).await;
    let api_key = text(&token, "api_key");
    let get = |key: Option<&str>| {
        let request = service.api.http.get(format!("{}{BOTS}", service.api.url));
        key.into_iter().fold(request, |request, key| request.header("Apikey", key))
    };
    let unknown = format!("practice{}", "0".repeat(56));
    for (request, expected) in [
        (get(None), "api-key-missing"),
        (get(Some("")), "api-key-missing"),
        (get(Some(api_key)).header("Apikey", "2"), "api-key-twice"),
        (get(Some(&format!("\"{api_key}\""))), "api-key-decorated"),
        (get(Some(&unknown)), "api-key-unknown"),
        (get(Some(&api_key.to_uppercase())), "api-key-mistyped"),
        (get(Some(&api_key[..60])), "api-key-mistyped"),
        (get(Some("vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A")), "api-key-foreign"),
    ] {
        send(request).await.refused(401, "api_key_invalid_or_expired");
        assert_eq!(reason(&last(&service).await), expected);
    }
    signed(&service, &token, BOTS, Some("198.41.0.4")).await.refused(401, "ip_not_trusted");
    let refused = last(&service).await;
    assert_eq!((reason(&refused), &refused["client_address"]), ("address-not-trusted", &json!("198.41.0.4")));
    assert_eq!(refused["detail"], "the request came from 198.41.0.4, and the token trusts 203.0.113.7");
    signed(&service, &token, BOTS, Some("2001:db8::7")).await.refused(401, "ip_not_trusted");
    assert_eq!(reason(&last(&service).await), "address-family-not-trusted");
    signed(&service, &token, "/public/api/ver1/accounts", None).await.refused(403, "Forbidden");
    let refused = last(&service).await;
    assert_eq!(refused["detail"], "this needs ACCOUNTS_READ, and the token has BOTS_READ");
    let rebinding: RequestBuilder = service.api.http.get(format!("{}/x", service.api.url)).header("Host", "evil");
    send(rebinding).await.refused(403, "host_not_allowed");
    assert_eq!(reason(&last(&service).await), "host_not_allowed");
    service.api.create(&new_key(), Some(&service.wrong_code()), &system_generated()).await.refused(403, "otp_invalid");
    let refused = last(&service).await;
    assert_eq!((reason(&refused), refused["path"].as_str()), ("otp_invalid", Some("/api_tokens")));
}

/// And what is not simulated: of all these the answer says the true reason already.
#[tokio::test]
async fn refusals_by_size_time_and_number_are_recorded_as_they_are_answered() {
    let service = Service::start().await;
    let token = service.token(&system_generated()).await;
    let host = service.api.url.strip_prefix("http://").unwrap();
    let (deals, create, time) = ("/public/api/ver1/deals", "/public/api/ver1/bots/create_bot", "/public/api/ver1/time");
    let signed =
        format!("Apikey: {}\r\nSignature: {}", text(&token, "api_key"), hmac_hex(text(&token, "secret"), deals));
    let elsewhere = "X-Practice-Client-IP: 198.41.0.4";
    // So many times, and the last of them counts.
    for (times, method, path, header, status, error, detail) in [
        (1, "GET", deals, signed.as_str(), 501, "not_simulated", "3Commas documents this endpoint"),
        (1, "POST", create, "Content-Length: 65537", 413, "body_too_large", "larger than 64 KiB"),
        (101, "GET", time, elsewhere, 429, "too_many_requests", "Over the limit of requests"),
        (10, "GET", time, elsewhere, 418, "address_banned", "This address is banned"),
        (1, "POST", create, "Content-Length: 20", 408, "request_timeout", "The body did not come in time"),
    ] {
        if status == 408 {
            // From now on time passes as soon as everybody waits.
            tokio::time::pause();
        }
        let request = format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{header}\r\n\r\n");
        let mut answer = String::new();
        for _ in 0..times {
            let mut stream = TcpStream::connect(host).await.unwrap();
            stream.write_all(request.as_bytes()).await.unwrap();
            answer.clear();
            stream.read_to_string(&mut answer).await.unwrap();
        }
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
        assert!(answer.contains(&format!(r#""error":"{error}""#)), "{answer}");
        let refused = service.practice.refusals().remove(0);
        let from = if header == elsewhere { "198.41.0.4" } else { "203.0.113.7" };
        assert_eq!(
            (refused.status, refused.error, refused.reason, refused.method.as_str(), refused.path.as_str()),
            (status, error, error, method, path)
        );
        assert_eq!(refused.client_address, from.parse().ok(), "{refused:?}");
        let named = token["id"].as_i64().filter(|_| header == signed);
        assert_eq!(refused.token_id, named, "{refused:?}");
        assert!(refused.detail.contains(detail), "{refused:?}");
    }
}

#[tokio::test]
async fn no_record_holds_anything_that_a_caller_sent_by_mistake() {
    let service = Service::start().await;
    let token = service.token(&system_generated()).await;
    let secret = text(&token, "secret");
    let url = &service.api.url;
    // In base64 some parts between slashes are as short as the words of paths.
    let base64 = "TmhxUHRtZFNK/k7qx/WWRLalZI+akE3UFpq/zr0";
    for request in [
        service.api.http.get(format!("{url}{BOTS}?secret={secret}")).header("Apikey", secret),
        service
            .api
            .http
            .get(format!("{url}{BOTS}"))
            .header("Apikey", text(&token, "api_key"))
            .header("Signature", secret),
        service.api.http.get(format!("{url}/public/api/ver1/bots/{secret}/show")),
        service.api.http.get(format!("{url}/public/api/ver1/bots/{base64}/show")),
        service.api.http.request(Method::from_bytes(&secret.as_bytes()[..12]).unwrap(), format!("{url}{BOTS}")),
        service.api.http.get(format!("{url}/{secret}")).header("Host", secret),
        service.api.request(Method::POST, "/api_tokens").header("Idempotency-Key", secret).json(&json!({})),
        service.api.request(Method::POST, "/api_tokens").header("Idempotency-Key", new_key()).json(&json!({secret: 1})),
    ] {
        assert!(send(request).await.status >= 400);
    }
    let refusals = serde_json::to_string(&service.practice.refusals()).unwrap();
    assert_eq!(service.practice.refusals().len(), 8);
    assert!(!refusals.contains(&secret[..12]), "{refusals}");
    assert!(base64.split('/').all(|part| !refusals.contains(part)), "{refusals}");
    assert!(!refusals.contains(&service.api.session));
}
