//! Proxies on the way: those that pass on what they get, and those that open it.

use std::sync::{Arc, Mutex};

use public_address::{
    Authorities, Detection, Family, Format, Hint, LocalNetwork, Options, Proxying, Source, Status, detect, hints,
};
use tokio::io::{AsyncWriteExt, copy_bidirectional};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use url::Url;

use crate::certificates::{Authority, says};
use crate::server::{Server, head, nobody, ok, send};
use crate::{FALSE, REAL, address, answer, options};

/// The requests that a proxy was sent.
type Requests = Arc<Mutex<Vec<String>>>;

/// Connects whoever asks to one server, and notes what was asked.
async fn tunnel(to: &Server) -> (Server, Requests) {
    let (to, requests) = (to.address, Requests::default());
    let proxy = Server::serve("127.0.0.1:0", {
        let requests = Arc::clone(&requests);
        move |mut stream| {
            let requests = Arc::clone(&requests);
            async move {
                let request = head(&mut stream).await;
                requests.lock().unwrap().push(request);
                stream.write_all(b"HTTP/1.1 200 Connected\r\n\r\n").await.unwrap();
                let mut onward = TcpStream::connect(to).await.unwrap();
                let _ = copy_bidirectional(&mut stream, &mut onward).await;
            }
        }
    })
    .await;
    (proxy, requests)
}

/// Says it connects, but opens the connection and writes the answer itself.
async fn interceptor(acceptor: TlsAcceptor, text: &str) -> Server {
    let answer = Arc::<[u8]>::from(ok(text).into_bytes());
    Server::serve("127.0.0.1:0", move |mut stream| {
        let (acceptor, answer) = (acceptor.clone(), Arc::clone(&answer));
        async move {
            head(&mut stream).await;
            stream.write_all(b"HTTP/1.1 200 Connected\r\n\r\n").await.unwrap();
            if let Ok(stream) = acceptor.accept(stream).await {
                send(stream, answer).await;
            }
        }
    })
    .await
}

/// The address in the header `X-Forwarded-For` of a request, which a careless source takes for the asker's, else the real one.
fn echoed(request: &str) -> String {
    let forwarded = request.lines().find_map(|line| line.strip_prefix("X-Forwarded-For: "));
    ok(forwarded.unwrap_or(REAL))
}

/// Asks two operators at the host `source.example`, which only the proxy knows.
async fn ask(proxy: Url, authorities: Authorities) -> Detection {
    let source = |operator| Source::new(operator, "https://source.example/", Family::V4, Format::Text).unwrap();
    let options = Options { proxy: Proxying::Through(proxy), authorities, ..options() };
    detect(&[source("One"), source("Two")], &options).await
}

#[tokio::test]
async fn a_proxy_that_only_passes_on_is_shown_and_takes_no_vote() {
    let authority = Authority::new();
    let server = says(authority.acceptor("source.example"), REAL).await;
    let (proxy, requests) = tunnel(&server).await;

    let known = Authorities { public: vec![authority.certificate()], ..Authorities::default() };
    let detection = ask(proxy.url(), known).await;
    assert_eq!(detection.v4.status, Status::Confirmed(address(REAL)));
    assert_eq!(answer(&detection, "One").proxy.as_deref(), Some(proxy.url().as_str()));
    assert!(!answer(&detection, "One").intercepted);
    assert!(requests.lock().unwrap().iter().all(|request| request.starts_with("CONNECT source.example:443 ")));
}

#[tokio::test]
async fn all_that_comes_through_an_interceptor_is_one_vote() {
    let installed = Authority::new();
    let proxy = interceptor(installed.acceptor("source.example"), FALSE).await;

    let known = Authorities { private: vec![installed.certificate()], ..Authorities::default() };
    let detection = ask(proxy.url(), known).await;
    assert_eq!(detection.v4.status, Status::Unconfirmed(address(FALSE)));
    assert!(detection.answers.iter().all(|answer| answer.intercepted && answer.proxy.is_some()));
}

#[tokio::test]
async fn a_proxy_can_add_no_header_to_what_goes_through_it_encrypted() {
    let authority = Authority::new();
    let acceptor = authority.acceptor("source.example");
    let echo = Server::serve("127.0.0.1:0", move |stream| {
        let acceptor = acceptor.clone();
        async move {
            if let Ok(mut stream) = acceptor.accept(stream).await {
                let answer = echoed(&head(&mut stream).await);
                let _ = stream.write_all(answer.as_bytes()).await;
                let _ = stream.shutdown().await;
            }
        }
    })
    .await;
    let known = || Authorities { public: vec![authority.certificate()], ..Authorities::default() };

    // Between proxy and source nothing but the bytes of the asker can arrive whole.
    let (honest, _) = tunnel(&echo).await;
    assert_eq!(ask(honest.url(), known()).await.v4.status, Status::Confirmed(address(REAL)));

    let to = echo.address;
    let meddling = Server::serve("127.0.0.1:0", move |mut stream| async move {
        head(&mut stream).await;
        stream.write_all(b"HTTP/1.1 200 Connected\r\n\r\n").await.unwrap();
        let mut onward = TcpStream::connect(to).await.unwrap();
        let _ = onward.write_all(format!("X-Forwarded-For: {FALSE}\r\n").as_bytes()).await;
        let _ = copy_bidirectional(&mut stream, &mut onward).await;
    })
    .await;
    let detection = ask(meddling.url(), known()).await;
    assert_eq!(detection.v4.status, Status::Unavailable);
    assert!(detection.answers.iter().all(|answer| answer.outcome.is_err()));
}

#[tokio::test]
async fn a_header_that_an_interceptor_adds_makes_all_sources_one_vote() {
    let echo = Server::serve("127.0.0.1:0", |mut stream| async move {
        let answer = echoed(&head(&mut stream).await);
        let _ = stream.write_all(answer.as_bytes()).await;
        let _ = stream.shutdown().await;
    })
    .await;
    let (installed, to) = (Authority::new(), echo.address);
    let acceptor = installed.acceptor("source.example");
    let proxy = Server::serve("127.0.0.1:0", move |mut stream| {
        let acceptor = acceptor.clone();
        async move {
            head(&mut stream).await;
            stream.write_all(b"HTTP/1.1 200 Connected\r\n\r\n").await.unwrap();
            let Ok(mut opened) = acceptor.accept(stream).await else { return };
            let question = head(&mut opened).await;
            let question = question.replacen("\r\n", &format!("\r\nX-Forwarded-For: {FALSE}\r\n"), 1);

            let mut onward = TcpStream::connect(to).await.unwrap();
            onward.write_all(question.as_bytes()).await.unwrap();
            let _ = copy_bidirectional(&mut opened, &mut onward).await;
        }
    })
    .await;

    let known = Authorities { private: vec![installed.certificate()], ..Authorities::default() };
    let detection = ask(proxy.url(), known).await;
    assert_eq!(answer(&detection, "One").outcome, Ok(address(FALSE)));
    assert_eq!(answer(&detection, "Two").outcome, Ok(address(FALSE)));
    assert!(detection.answers.iter().all(|answer| answer.intercepted));
    assert_eq!(detection.v4.status, Status::Unconfirmed(address(FALSE)));
    let codes: Vec<_> = hints(&detection, &LocalNetwork::default()).iter().map(Hint::code).collect();
    assert_eq!(codes, ["intercepted", "proxy", "one-family"]);
}

#[tokio::test]
async fn an_interceptor_that_nobody_installed_is_not_believed_at_all() {
    let proxy = interceptor(Authority::new().acceptor("source.example"), FALSE).await;
    let detection = ask(proxy.url(), Authorities::default()).await;
    assert_eq!(detection.v4.status, Status::Unavailable);
    assert_eq!(answer(&detection, "One").outcome.clone().unwrap_err().code(), "bad-certificate");
}

#[tokio::test]
async fn the_password_of_a_proxy_reaches_the_proxy_and_nobody_else() {
    let authority = Authority::new();
    let server = says(authority.acceptor("source.example"), REAL).await;
    let (proxy, requests) = tunnel(&server).await;
    let mut url = proxy.url();
    url.set_username("user").unwrap();
    url.set_password(Some("hunter2")).unwrap();

    let known = Authorities { public: vec![authority.certificate()], ..Authorities::default() };
    let detection = ask(url, known).await;
    assert!(requests.lock().unwrap()[0].to_lowercase().contains("proxy-authorization: basic"));
    assert_eq!(answer(&detection, "One").proxy.as_deref(), Some(proxy.url().as_str()));
    assert!(!format!("{detection:?}").contains("hunter2"));
}

#[tokio::test]
async fn this_machine_is_asked_without_a_proxy() {
    let proxy = Server::says(FALSE).await;
    let server = Server::says(REAL).await;
    let options = Options { proxy: Proxying::Through(proxy.url()), ..options() };
    let detection = detect(&[server.source("One")], &options).await;
    assert_eq!(answer(&detection, "One").outcome, Ok(address(REAL)));
    assert_eq!(answer(&detection, "One").proxy, None);
    assert_eq!(proxy.connections(), 0);
}

#[tokio::test]
async fn a_proxy_that_is_gone_leaves_the_machine_offline() {
    let proxy = format!("http://{}/", nobody().await).parse().unwrap();
    let detection = ask(proxy, Authorities::default()).await;
    assert!(detection.is_offline());
    assert!(answer(&detection, "One").proxy.is_some());
}
