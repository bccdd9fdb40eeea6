//! Closing so that the last answer arrives: while bytes of the client lie unread, a close resets the
//! connection, and the client may lose what it has not read yet (RFC 9112 section 9.6).

use std::{collections::VecDeque, time::Duration};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    task::AbortHandle,
};

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

/// Connections that linger beside those that are served. For the newest one too many, the oldest is
/// closed: it has had its time.
#[derive(Default)]
pub(super) struct Lingering(VecDeque<AbortHandle>);

impl Lingering {
    pub(super) fn add(&mut self, mut stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) {
        if self.0.len() >= LINGERING {
            self.0.pop_front().inspect(AbortHandle::abort);
        }
        self.0.push_back(tokio::spawn(async move { linger(&mut stream).await }).abort_handle());
    }
}

impl Drop for Lingering {
    fn drop(&mut self) {
        self.0.iter().for_each(AbortHandle::abort);
    }
}
