//! Taking connections: bounded in number, and in how slowly a client may ask. axum's own server
//! bounds neither.

use std::{future::Future, io, net::SocketAddr, pin::pin, time::Duration};

use axum::{Router, body::Body, extract::ConnectInfo, response::Response};
use hyper::{Request, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinSet,
};
use tokio_io_timeout::TimeoutStream;
use tower_service::Service;

use super::faults;

/// With the files of the database, below the 1,024 that a process may usually have open.
const CONNECTIONS: usize = 512;
/// For a request line and its headers; also how long an idle connection is kept.
const HEAD_TIME: Duration = Duration::from_secs(30);
/// How long a client may take no byte of its answer: it would hold its place for ever.
const WRITE_TIME: Duration = Duration::from_secs(30);
/// Of request line and headers together.
const HEAD_LIMIT: usize = 32 * 1_024;
const HEADERS: usize = 64;
/// What one connection too many is told.
const BUSY: &str = concat!(
    "HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/json\r\ncontent-length: 92\r\n",
    "retry-after: 30\r\nconnection: close\r\n\r\n",
    r#"{"error":"too_many_connections","error_description":"Too many connections are open: wait"}"#,
    "\r\n"
);

/// Serves until `stop` ends, then lets the requests under way finish. Dropped, it ends them.
pub(crate) async fn serve(listener: TcpListener, router: Router, stop: impl Future<Output = ()>) {
    let mut stop = pin!(stop);
    let (stopping, _) = watch::channel(false);
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            () = &mut stop => break,
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) if connections.len() >= CONNECTIONS => turn_away(stream),
                Ok((stream, peer)) => {
                    connections.spawn(converse(stream, peer, router.clone(), stopping.subscribe()));
                }
                // Nothing can be accepted while no file can be opened: it is tried again.
                Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
            },
        }
    }
    drop(listener);
    stopping.send_replace(true);
    while connections.join_next().await.is_some() {}
}

/// One connection to its end.
async fn converse(stream: TcpStream, peer: SocketAddr, router: Router, mut stopping: watch::Receiver<bool>) {
    // Without it a small answer may wait for the acknowledgement of the one before; where the system
    // refuses, it is only slower.
    let _ = stream.set_nodelay(true);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(WRITE_TIME));
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        let answer = router.clone().call(request);
        async move { answered(answer.await.unwrap_or_else(|never| match never {})) }
    });
    let mut connection = pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_TIME)
            .max_headers(HEADERS)
            .max_header_size(HEAD_LIMIT)
            .serve_connection(TokioIo::new(Box::pin(stream)), service)
    );
    // How a connection ends is the client's affair.
    tokio::select! {
        _ = connection.as_mut() => return,
        _ = stopping.wait_for(|stopping| *stopping) => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}

/// An error ends the connection without an answer.
fn answered(response: Response) -> Result<Response, io::Error> {
    if faults::is_unanswered(&response) { Err(io::ErrorKind::ConnectionAborted.into()) } else { Ok(response) }
}

/// At once or not at all: a client that is one too many holds nothing up.
fn turn_away(stream: TcpStream) {
    use std::io::Write;
    if let Ok(mut stream) = stream.into_std() {
        let _ = stream.write(BUSY.as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_connection_too_many_is_told_so_in_the_shape_of_every_error() {
        let (head, body) = BUSY.split_once("\r\n\r\n").unwrap();
        assert!(head.contains(&format!("content-length: {}\r\n", body.len())), "{}", body.len());
        let body: serde_json::Value = serde_json::from_str(body).unwrap();
        assert_eq!(body["error"], "too_many_connections");
        assert!(body["error_description"].is_string());
    }
}
