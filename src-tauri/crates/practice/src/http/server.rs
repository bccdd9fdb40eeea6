//! Taking connections: bounded in number, and in how slowly a client may ask. axum's own server
//! bounds neither.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::response::Response;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1::{self, Parts};
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_io_timeout::TimeoutStream;
use tower_service::Service;

use crate::http::lingering::{Lingering, linger};
use crate::http::refusal::Refusal;
use crate::http::router::router;
use crate::http::withholding::Withholding;
use crate::http::{faults, recording};
use crate::shared::Shared;

/// Connections that may wait to be taken; most systems allow no more. In a burst, one too many is tried again by the client's
/// system only after 1, 2, 4, ... seconds, and meets all others again: with the usual 128, 10,000 at once took up to 153 s.
const WAITING: u32 = 4_096;
/// With those that linger and the files of the database, below the 1,024 that a process may usually
/// have open.
const CONNECTIONS: usize = 512;
/// For a request line and its headers; also how long an idle connection is kept.
const HEAD_TIME: Duration = Duration::from_secs(30);
/// How long a client may take no byte of its answer: it would hold its place for ever.
const WRITE_TIME: Duration = Duration::from_secs(30);
/// Of request line and headers together.
const HEAD_LIMIT: usize = 32 * 1_024;
const HEADERS: usize = 64;

/// Like [`TcpListener::bind`], but for the length of the queue.
pub(crate) fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // So that a service ended just now does not hold the port; on Windows it would let others take it.
    #[cfg(not(windows))]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(WAITING)
}

/// Serves until `stop` ends, then lets the requests under way finish. Dropped, it ends them.
pub(crate) async fn serve(listener: TcpListener, shared: Arc<Shared>, stop: impl Future<Output = ()>) {
    let mut stop = pin!(stop);
    let router = router(shared.clone());
    let (stopping, _) = watch::channel(false);
    let mut connections = JoinSet::new();
    let mut lingering = Lingering::default();
    loop {
        tokio::select! {
            () = &mut stop => break,
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) if connections.len() >= CONNECTIONS => {
                    lingering.add(stream, recording::refuse(&shared, peer, Refusal::too_many_connections())).await;
                }
                Ok((stream, peer)) => {
                    let connection = Connection { shared: shared.clone(), router: router.clone(), peer };
                    connections.spawn(connection.converse(stream, stopping.subscribe()));
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

struct Connection {
    shared: Arc<Shared>,
    router: Router,
    peer: SocketAddr,
}

impl Connection {
    /// From its first byte to its end. How it ends is the client's affair.
    async fn converse(self, stream: TcpStream, mut stopping: watch::Receiver<bool>) {
        let Self { shared, router, peer } = self;
        // Without it a small answer may wait for the acknowledgement of the one before; where the system
        // refuses, it is only slower.
        let _ = stream.set_nodelay(true);
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(WRITE_TIME));
        let service = service_fn(move |request: Request<Incoming>| {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            let answer = router.clone().call(request);
            async move { sent(answer.await.unwrap_or_else(|never: Infallible| match never {})) }
        });
        let mut connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_TIME)
            .max_headers(HEADERS)
            .max_header_size(HEAD_LIMIT)
            .serve_connection(TokioIo::new(Withholding::new(Box::pin(stream))), service);
        let ended = tokio::select! {
            ended = &mut connection => Some(ended),
            () = stop(&mut stopping) => None,
        };
        let ended = match ended {
            Some(ended) => ended,
            None => {
                Pin::new(&mut connection).graceful_shutdown();
                (&mut connection).await
            }
        };
        let Parts { io, read_buf, .. } = connection.into_parts();
        let mut stream = io.into_inner().into_inner();
        if let Err(error) = ended {
            let Some(refusal) = no_request(&error, &read_buf) else {
                return;
            };
            if stream.write_all(&recording::refuse(&shared, peer, refusal)).await.is_err() {
                return;
            }
        }
        tokio::select! {
            () = linger(&mut stream) => {}
            () = stop(&mut stopping) => {}
        }
    }
}

/// Returns once the service is to stop.
async fn stop(stopping: &mut watch::Receiver<bool>) {
    // Without a sender there is no service any more.
    drop(stopping.wait_for(|stopping| *stopping).await);
}

/// What is to be said to who sent no request; nothing where there is nobody to say it to.
fn no_request(error: &hyper::Error, unread: &[u8]) -> Option<Refusal> {
    if error.is_parse_too_large() {
        Some(Refusal::head_too_large())
    } else if error.is_parse() {
        Some(Refusal::request_malformed())
    } else if error.is_timeout() && !unread.is_empty() {
        Some(Refusal::head_timeout())
    } else {
        // An idle connection, a client that went, or an answer that a fault withholds.
        None
    }
}

/// An error ends the connection without an answer.
fn sent(response: Response) -> Result<Response, io::Error> {
    if faults::is_unanswered(&response) { Err(io::ErrorKind::ConnectionAborted.into()) } else { Ok(response) }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::net::{Ipv4Addr, TcpStream};

    use super::*;

    #[tokio::test]
    async fn hundreds_may_wait_to_be_taken() {
        let listener = listen((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
        let address = listener.local_addr().unwrap();
        let connect = |_| TcpStream::connect_timeout(&address, Duration::from_millis(900)).unwrap();
        let waiting: Vec<_> = (0..500).map(connect).collect();
        drop(waiting);
    }
}
