//! What hyper answers by itself to what is no request: a bare status, for which it has no hook. It is
//! held back here, so that an answer in the shape of every error can be given instead.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Every answer of ours has this header, see [`crate::http::common_headers`]; hyper's own have none but length and date.
const OURS: &[u8] = b"\r\ncache-control: ";

/// A stream under hyper that lets no answer through that hyper made up.
///
/// hyper writes such an answer only between two others, and as one piece. Were it ever written
/// together with the end of another one, it would go through: bare, but no harm.
pub(super) struct Withholding<S> {
    stream: S,
    has_withheld: bool,
}

impl<S> Withholding<S> {
    pub(super) fn new(stream: S) -> Self {
        Self { stream, has_withheld: false }
    }

    pub(super) fn into_inner(self) -> S {
        self.stream
    }
}

fn is_made_up(written: &[u8]) -> bool {
    written.starts_with(b"HTTP/1.1 4")
        && written.ends_with(b"\r\n\r\n")
        && !written.windows(OURS.len()).any(|window| window == OURS)
}

impl<S: AsyncRead + Unpin> AsyncRead for Withholding<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Withholding<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if is_made_up(bytes) {
            self.has_withheld = true;
            return Poll::Ready(Ok(bytes.len()));
        }
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match pieces {
            [bytes] => self.poll_write(cx, bytes),
            pieces => Pin::new(&mut self.stream).poll_write_vectored(cx, pieces),
        }
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        // The answer is still to come.
        if self.has_withheld { Poll::Ready(Ok(())) } else { Pin::new(&mut self.stream).poll_shutdown(cx) }
    }
}
