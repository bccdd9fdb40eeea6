//! An HTTP server of one page: it gives every request the same answer and tells what it was asked.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{self, Receiver, Sender};

use threecommas::{ApiKey, Client, Credentials};
use url::Url;
use zeroize::Zeroizing;

pub(crate) const API_KEY: &str = "canaryApiKey0123456789";
pub(crate) const SECRET: &str = "canary-secret-7f1d";

pub(crate) struct Server {
    pub(crate) url: Url,
    requests: Receiver<String>,
}

impl Server {
    /// Answers with these bytes, then closes the connection.
    pub(crate) fn answering(answer: impl Into<Vec<u8>>) -> Self {
        let answer = answer.into();
        Self::start(move |mut stream, requests| {
            let _ = requests.send(head(&mut stream));
            // A client that has seen enough may close first.
            let _ = stream.write_all(&answer);
        })
    }

    /// Takes requests and never answers.
    pub(crate) fn silent() -> Self {
        let mut open = Vec::new();
        Self::start(move |stream, _| open.push(stream))
    }

    pub(crate) fn start(mut handle: impl FnMut(TcpStream, &Sender<String>) + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (sender, requests) = mpsc::channel();
        // Ends with the process of the test.
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                handle(stream.unwrap(), &sender);
            }
        });
        Self { url: url.parse().unwrap(), requests }
    }

    pub(crate) fn client(&self) -> Client {
        Client::new(&self.url, hmac()).unwrap()
    }

    /// Line and headers of the next request, as received.
    pub(crate) fn request(&self) -> String {
        self.requests.recv().unwrap()
    }

    pub(crate) fn was_asked_again(&self) -> bool {
        self.requests.try_recv().is_ok()
    }
}

pub(crate) fn hmac() -> Credentials {
    Credentials::Hmac { api_key: ApiKey::parse(API_KEY).unwrap(), secret: Zeroizing::new(SECRET.as_bytes().to_vec()) }
}

pub(crate) fn answer(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n{headers}\r\n{body}", body.len())
}

/// The value of a header in a request.
pub(crate) fn header<'a>(request: &'a str, name: &str) -> Option<&'a str> {
    request.lines().find_map(|line| {
        let (found, value) = line.split_once(':')?;
        found.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

pub(crate) fn head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap_or(0) == 1 {
        head.push(byte[0]);
    }
    String::from_utf8(head).unwrap()
}
