//! Answers that end too early: whatever part of one came, the outcome counts as open, and nothing of it is believed.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener};
use std::thread;

use desk::EndpointError;
use desk::service::TokenEndpoint;
use uuid::Uuid;
use vault::Secret;

const BODY: &str = r#"{"id":1,"api_key":"practice1","secret":"s3cret","name":"Home bot","type":"system_generated",
"trusted_ips":["203.0.113.7"],"permissions":["BOTS_READ"],"created_at":"2026-11-24T03:00:00Z","request_fingerprint":"00"}"#;

fn answer() -> String {
    format!("HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{BODY}", BODY.len())
}

/// A service that takes one request and sends the first `length` bytes of the answer before it cuts the connection.
async fn ask_a_service_that_sends(length: usize) -> Result<(), EndpointError> {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
    let server = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = Vec::new();
        while !request.ends_with(b"{}") {
            let mut byte = [0];
            stream.read_exact(&mut byte).unwrap();
            request.push(byte[0]);
        }
        stream.write_all(&answer().as_bytes()[..length]).unwrap();
        // Some clients have gone by then.
        drop(stream.shutdown(Shutdown::Both));
    });
    let endpoint = TokenEndpoint::new(&base, &Secret::from("session".to_owned())).unwrap();
    let answer = endpoint.create("{}", &Uuid::new_v4(), None).await;
    server.join().unwrap();
    answer.map(drop)
}

#[tokio::test]
async fn an_answer_cut_anywhere_leaves_the_outcome_open() {
    for length in 0..answer().len() {
        let error = ask_a_service_that_sends(length).await.expect_err("it was cut");
        assert_eq!(error, EndpointError::NoAnswer, "after {length} bytes");
        assert!(error.leaves_open());
    }
}

#[tokio::test]
async fn a_connection_cut_after_the_answer_costs_nothing() {
    ask_a_service_that_sends(answer().len()).await.unwrap();
}
