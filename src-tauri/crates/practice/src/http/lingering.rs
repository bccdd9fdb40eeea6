//! Closing so that the last answer arrives: while bytes of the client lie unread, a close resets the
//! connection, and the client may lose what it has not read yet (RFC 9112 section 9.6).

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::{Semaphore, oneshot};

/// What a client may go on sending; none of it is looked at.
const UNREAD_LIMIT: usize = 1_024 * 1_024;
const LINGER_TIME: Duration = Duration::from_secs(1);
/// Connections that are turned away and not yet closed. Those served and these stay below the 1,024
/// files that a process may usually have open.
const LINGERING: usize = 256;

/// Says that nothing more will come, and waits until the client has gone, within bounds.
pub(super) async fn linger(stream: &mut (impl AsyncRead + AsyncWrite + Unpin)) {
    let end = async {
        stream.shutdown().await?;
        let (mut unread, mut buffer) = (0, [0; 4_096]);
        while unread < UNREAD_LIMIT {
            match stream.read(&mut buffer).await? {
                0 => break,
                length => unread += length,
            }
        }
        std::io::Result::Ok(())
    };
    // A client that is gone needs no farewell.
    let _ = tokio::time::timeout(LINGER_TIME, end).await;
}

/// Connections that are turned away, beside those that are served.
pub(super) struct Lingering {
    places: Arc<Semaphore>,
    /// Whoever loses its sender has to hurry.
    newest: VecDeque<oneshot::Sender<Infallible>>,
}

impl Default for Lingering {
    fn default() -> Self {
        Self { places: Arc::new(Semaphore::new(LINGERING)), newest: VecDeque::new() }
    }
}

impl Lingering {
    /// For one too many, the oldest is hurried: it has had its time, and its place is free at once. `answer`: what is told before
    /// the connection is closed.
    pub(super) async fn add(&mut self, stream: TcpStream, answer: Vec<u8>) {
        if self.newest.len() >= LINGERING {
            self.newest.pop_front();
        }
        let (stay, hurry) = oneshot::channel();
        let Ok(place) = Arc::clone(&self.places).acquire_owned().await else {
            return;
        };
        self.newest.push_back(stay);
        tokio::spawn(async move {
            dismiss(stream, answer, hurry).await;
            drop(place);
        });
    }
}

/// An answer that comes before its request is noise to many clients: it is held back until the client has begun to ask.
async fn dismiss(mut stream: TcpStream, answer: Vec<u8>, mut hurry: oneshot::Receiver<Infallible>) {
    let mut first = [0];
    let may_stay = tokio::select! {
        _ = tokio::time::timeout(LINGER_TIME, stream.peek(&mut first)) => true,
        _ = &mut hurry => false,
    };
    if stream.write_all(&answer).await.is_ok() && may_stay {
        tokio::select! {
            () = linger(&mut stream) => {}
            _ = hurry => {}
        }
    }
}
