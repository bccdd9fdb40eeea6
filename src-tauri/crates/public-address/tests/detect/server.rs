//! Servers that say what a test wants them to say.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use public_address::{Family, Format, Source};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use url::Url;

/// Serves until it is dropped.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    connections: Arc<AtomicUsize>,
    served: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl Server {
    /// Answers 200 with this text.
    pub(crate) async fn says(text: &str) -> Self {
        Self::sends(ok(text)).await
    }

    /// Sends these bytes, whatever was asked, and hangs up.
    pub(crate) async fn sends(answer: impl Into<Vec<u8>>) -> Self {
        Self::sends_on("127.0.0.1:0", answer).await
    }

    pub(crate) async fn sends_on(listen: &str, answer: impl Into<Vec<u8>>) -> Self {
        let answer: Arc<[u8]> = answer.into().into();
        Self::serve(listen, move |stream| send(stream, Arc::clone(&answer))).await
    }

    /// Answers 200 with this text once the gate was opened for it.
    pub(crate) async fn says_after(gate: &Gate, text: &str) -> Self {
        Self::says_between(gate, &Gate::default(), "127.0.0.1:0", text).await
    }

    /// Waits for one gate, answers 200 with this text, and opens the other.
    pub(crate) async fn says_between(first: &Gate, then: &Gate, listen: &str, text: &str) -> Self {
        let (first, then, answer) = (first.clone(), then.clone(), Arc::<[u8]>::from(ok(text).into_bytes()));
        Self::serve(listen, move |stream| {
            let (first, then, answer) = (first.clone(), then.clone(), Arc::clone(&answer));
            async move {
                first.opened().await;
                send(stream, answer).await;
                then.open();
            }
        })
        .await
    }

    /// Never answers: opens one gate when it was asked and the other when the connection was closed on it.
    pub(crate) async fn silent(asked: &Gate, closed: &Gate) -> Self {
        let (asked, closed) = (asked.clone(), closed.clone());
        Self::serve("127.0.0.1:0", move |mut stream| {
            let (asked, closed) = (asked.clone(), closed.clone());
            async move {
                head(&mut stream).await;
                asked.open();
                let _ = stream.read_to_end(&mut Vec::new()).await;
                closed.open();
            }
        })
        .await
    }

    /// Does the same with each connection.
    pub(crate) async fn serve<F, Served>(listen: &str, serve: F) -> Self
    where
        F: Fn(TcpStream) -> Served + Send + 'static,
        Served: Future<Output = ()> + Send + 'static,
    {
        Self::serve_at(TcpListener::bind(listen).await.unwrap(), serve)
    }

    /// The same where somebody already listens.
    pub(crate) fn serve_at<F, Served>(listener: TcpListener, serve: F) -> Self
    where
        F: Fn(TcpStream) -> Served + Send + 'static,
        Served: Future<Output = ()> + Send + 'static,
    {
        let address = listener.local_addr().unwrap();
        let (connections, served) = (Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
        let task = tokio::spawn({
            let (connections, served) = (Arc::clone(&connections), Arc::clone(&served));
            async move {
                // Ends with this task, and all that it serves with it.
                let mut serving = JoinSet::new();
                while let Ok((stream, _)) = listener.accept().await {
                    connections.fetch_add(1, Ordering::Relaxed);
                    let (serving_it, served) = (serve(stream), Arc::clone(&served));
                    serving.spawn(async move {
                        serving_it.await;
                        served.fetch_add(1, Ordering::Relaxed);
                    });
                }
            }
        });
        Self { address, connections, served, task }
    }

    /// How many connections were made to it.
    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }

    /// How many of them it is done with.
    pub(crate) fn served(&self) -> usize {
        self.served.load(Ordering::Relaxed)
    }

    pub(crate) fn url(&self) -> Url {
        format!("http://{}/", self.address).parse().unwrap()
    }

    /// It, as a source of the family that it is reached by.
    pub(crate) fn source(&self, operator: &str) -> Source {
        let family = if self.address.is_ipv4() { Family::V4 } else { Family::V6 };
        Source::new(operator, self.url().as_str(), family, Format::Text).unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Closed until it is opened, then open for everyone.
#[derive(Clone)]
pub(crate) struct Gate(watch::Sender<bool>);

impl Gate {
    pub(crate) fn open(&self) {
        self.0.send_replace(true);
    }

    pub(crate) async fn opened(&self) {
        self.0.subscribe().wait_for(|open| *open).await.unwrap();
    }
}

impl Default for Gate {
    fn default() -> Self {
        Self(watch::Sender::new(false))
    }
}

/// A port of this machine at which nobody listens.
pub(crate) async fn nobody() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap()
}

/// A whole answer with the status 200.
pub(crate) fn ok(text: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {}\r\n\r\n{text}", text.len())
}

/// Reads a request and sends these bytes.
pub(crate) async fn send(mut stream: impl AsyncRead + AsyncWrite + Unpin, answer: Arc<[u8]>) {
    head(&mut stream).await;
    send_on(stream, &answer).await;
}

/// Sends these bytes, the request having been read.
pub(crate) async fn send_on(mut stream: impl AsyncRead + AsyncWrite + Unpin, answer: &[u8]) {
    // The client may have had enough and be gone; that is its right.
    let _ = stream.write_all(answer).await;
    let _ = stream.shutdown().await;
}

/// Reads a request without a body, or as much of it as comes.
pub(crate) async fn head(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => break,
        }
    }
    String::from_utf8(head).unwrap()
}
