//! What the client makes of answers, and of none.

use std::collections::BTreeMap;
use std::io::Write;
use std::net::TcpListener;
use std::time::Duration;

use threecommas::{ANSWER_LIMIT, ApiErrorKind, Client, Error};

use crate::server::{Server, answer, head, hmac};

/// Every row of the error table of the documentation, and what gateways on the way may say.
#[tokio::test]
async fn each_error_is_told_by_status_and_name() {
    use ApiErrorKind::*;
    let table = [
        (
            "401 Unauthorized",
            r#"{"error":"signature_invalid","error_description":"Provided signature is invalid"}"#,
            SignatureInvalid,
            "signature-invalid",
        ),
        ("401 Unauthorized", r#"{"error":"api_key_invalid_or_expired"}"#, ApiKeyInvalidOrExpired, "api-key-invalid"),
        ("401 Unauthorized", r#"{"error":"ip_not_trusted"}"#, Untrusted, "untrusted-address"),
        ("401 Unauthorized", r#"{"error":"unauthorized"}"#, Untrusted, "untrusted-address"),
        ("401 Unauthorized", "", Untrusted, "untrusted-address"),
        ("401 Unauthorized", "<html>no</html>", Untrusted, "untrusted-address"),
        ("401 Unauthorized", r#"["error"]"#, Untrusted, "untrusted-address"),
        (
            "403 Forbidden",
            r#"{"error":"Forbidden","error_description":"Api key not authorized for this action"}"#,
            Forbidden,
            "forbidden",
        ),
        ("403 Forbidden", r#"{"error":"access_denied"}"#, Forbidden, "forbidden"),
        ("404 Not Found", r#"{"error":"not_found"}"#, NotFound, "not-found"),
        ("429 Too Many Requests", "", RateLimited, "rate-limited"),
        ("429 Too Many Requests", r#"{"error":"too_many"}"#, RateLimited, "rate-limited"),
        ("418 I'm a teapot", "banned", Banned, "banned"),
        ("400 Bad Request", r#"{"error":"record_invalid"}"#, Invalid, "record-invalid"),
        ("422 Unprocessable", r#"{"error":"record_invalid"}"#, Invalid, "record-invalid"),
        ("422 Unprocessable", r#"{"error":"something_else"}"#, Other, "request-refused"),
        ("500 Oops", "<html>", Server, "service-error"),
        ("503 Busy", r#"{"error":"maintenance"}"#, Server, "service-error"),
    ];
    for (status, body, expected, code) in table {
        let error = crate::server::Server::answering(answer(status, "", body))
            .client()
            .get("/ver1/bots?limit=1")
            .await
            .unwrap_err();
        assert_eq!(error.code(), code, "{status} {body}");
        let Error::Api { status: number, kind, .. } = error else {
            panic!("{status} {body}: {error:?}");
        };
        assert_eq!((kind, number), (expected, status[..3].parse().unwrap()));
    }
}

#[tokio::test]
async fn a_page_of_some_gateway_is_no_word_on_a_permission() {
    let table = [
        ("403 Forbidden", "<html>blocked</html>"),
        ("404 Not Found", "<html>nginx</html>"),
        ("404 Not Found", "{}"),
        ("400 Bad Request", ""),
        ("200 OK", "<html>log in to the network</html>"),
        ("200 OK", ""),
    ];
    for (status, body) in table {
        let error = Server::answering(answer(status, "", body)).client().get("/ver1/grid_bots/0").await.unwrap_err();
        let number = status[..3].parse().unwrap();
        assert_eq!(error, Error::NotJson { status: number }, "{status} {body}");
    }
}

#[tokio::test]
async fn the_words_the_fields_and_the_wait_are_passed_on() {
    let body = r#"{"error":"record_invalid","error_description":"Ungültig",
        "error_attributes":{"name":["is too short","is odd"],"mode":"bad","n":3}}"#;
    let server = Server::answering(answer("422 Unprocessable", "Retry-After: 300\r\n", body));
    let error = server.client().get("/ver1/bots").await.unwrap_err();
    let attributes = BTreeMap::from([
        ("mode".to_owned(), vec!["bad".to_owned()]),
        ("n".to_owned(), vec![]),
        ("name".to_owned(), vec!["is too short".to_owned(), "is odd".to_owned()]),
    ]);
    assert_eq!(
        error,
        Error::Api {
            status: 422,
            kind: ApiErrorKind::Invalid,
            error: "record_invalid".to_owned(),
            description: "Ungültig".to_owned(),
            attributes,
            retry_after: Some(300),
        }
    );
}

#[tokio::test]
async fn an_untrusted_address_is_never_said_for_certain() {
    let server = Server::answering(answer("401 Unauthorized", "", ""));
    let error = server.client().validate().await.unwrap_err();
    assert!(error.to_string().contains("most likely"), "{error}");
}

#[tokio::test]
async fn validation_takes_nothing_but_true() {
    for body in [r#"{"valid":false}"#, "{}", "[]", "true", r#"{"valid":"true"}"#] {
        let server = Server::answering(answer("200 OK", "", body));
        let answer = server.client().validate().await;
        assert_eq!(answer, Err(Error::UnexpectedAnswer), "{body}");
    }
}

#[tokio::test]
async fn a_market_list_in_another_form_is_an_error() {
    for body in [r#"{"markets":[]}"#, r#"[{"trusted_ips":"1.2.3.4"}]"#, "null", "[1]"] {
        let server = Server::answering(answer("200 OK", "", body));
        let answer = server.client().market_list().await;
        assert_eq!(answer, Err(Error::UnexpectedAnswer), "{body}");
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = Server::answering(answer("200 OK", "", r#"{"valid":true}"#));
    for status in ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"] {
        let location = format!("Location: {}public/api/ver1/validate\r\n", elsewhere.url);
        let server = Server::answering(answer(status, &location, ""));
        let error = server.client().validate().await.unwrap_err();
        let status = status[..3].parse().unwrap();
        assert_eq!(error, Error::Redirected { status });
    }
    assert!(!elsewhere.was_asked_again());
}

#[tokio::test]
async fn an_error_is_not_answered_by_asking_again() {
    for status in ["401 Unauthorized", "429 Too Many Requests", "503 Busy"] {
        let server = Server::answering(answer(status, "", ""));
        server.client().validate().await.unwrap_err();
        server.request();
        assert!(!server.was_asked_again(), "{status}");
    }
}

#[tokio::test]
async fn an_answer_above_the_limit_is_cut_off() {
    let announced = answer("200 OK", "", &format!("\"{}\"", "x".repeat(ANSWER_LIMIT - 1)));
    let unannounced = format!("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n\"{}\"", "x".repeat(ANSWER_LIMIT - 1));
    for too_large in [announced, unannounced] {
        let server = Server::answering(too_large);
        let error = server.client().get("/ver1/bots").await.unwrap_err();
        assert_eq!(error, Error::AnswerTooLarge { limit: ANSWER_LIMIT });
    }
    let just_right = format!("\"{}\"", "x".repeat(ANSWER_LIMIT - 2));
    let server = Server::answering(answer("200 OK", "", &just_right));
    assert!(server.client().get("/ver1/bots").await.is_ok());
}

#[tokio::test]
async fn a_server_that_never_answers_or_never_ends_times_out() {
    let never_answers = Server::silent();
    let mut open = Vec::new();
    let never_ends = Server::start(move |mut stream, _| {
        head(&mut stream);
        let started = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{";
        stream.write_all(started.as_bytes()).unwrap();
        open.push(stream);
    });
    for server in [never_answers, never_ends] {
        let client = server.client().with_timeout(Duration::from_millis(200));
        assert_eq!(client.validate().await, Err(Error::TimedOut));
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_or_hangs_up_is_unreachable() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let nobody = format!("http://{free}").parse().unwrap();
    let client = Client::new(&nobody, hmac()).unwrap();
    assert_eq!(client.validate().await, Err(Error::Unreachable));

    let cut_off = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{";
    for broken in ["", "garbage\r\n\r\n", cut_off] {
        let server = Server::answering(broken);
        let answer = server.client().validate().await;
        assert_eq!(answer, Err(Error::Unreachable), "{broken:?}");
    }
}
