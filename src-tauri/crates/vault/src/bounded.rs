//! A limit of time for calls that have none of their own.

use std::hint::black_box;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use zeroize::Zeroize;

use crate::Error;

/// More than the libraries of any platform use, in bytes; a thread has 2 MiB.
const WIPED: usize = 256 * 1024;

/// Runs `work` on a thread of its own and waits for it no longer than `limit`.
///
/// The thread cannot be cancelled: when time is up it is left alone and ends when the keyring
/// answers. A thread of its own also means that the D-Bus library never blocks inside the caller's
/// async runtime.
pub(crate) fn run<T: Send + 'static>(
    limit: Duration,
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let (sender, receiver) = mpsc::sync_channel(1);
    thread::Builder::new()
        .name("vault".to_owned())
        .spawn(move || {
            let result = work();
            wipe_stack();
            // Nobody listens any more once the caller has given up.
            let _ = sender.send(result);
        })
        .map_err(|error| Error::failed(format!("no thread for the keyring: {error}")))?;
    match receiver.recv_timeout(limit) {
        Ok(result) => result,
        Err(RecvTimeoutError::Timeout) => Err(Error::TimedOut),
        Err(RecvTimeoutError::Disconnected) => Err(Error::failed("the keyring library panicked")),
    }
}

/// Overwrites what `work` has left below this call. The stack of a thread that ended is kept for the next one as it is, and
/// ciphers leave plain text there: aes decrypts 64 blocks at once where the processor has VAES.
#[inline(never)]
fn wipe_stack() {
    let mut left = [0_u8; WIPED];
    left.zeroize();
    black_box(&left);
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    #[test]
    fn work_that_never_ends_times_out() {
        let (_keep_waiting, never) = mpsc::channel::<()>();
        let start = Instant::now();
        let result = run(Duration::from_millis(20), move || {
            let _ = never.recv();
            Ok(())
        });
        assert_eq!(result, Err(Error::TimedOut));
        assert!(start.elapsed() < Duration::from_secs(10));
    }

    #[test]
    fn a_panic_becomes_an_error() {
        let result = run::<()>(Duration::from_secs(10), || panic!("inside the library"));
        assert_eq!(result.map_err(|error| error.code()), Err("keyring-failed"));
    }
}
