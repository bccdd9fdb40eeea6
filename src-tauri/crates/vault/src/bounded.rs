//! A limit of time for calls that have none of their own.

use std::fmt;
use std::hint::black_box;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use zeroize::Zeroize;

use crate::error::Error;

/// More than the libraries of any platform use, in bytes; a thread has 2 MiB.
const WIPED: usize = 256 * 1024;

/// Told `true` once a call has taken long, and `false` when it is over.
pub(crate) type Tell = Arc<dyn Fn(bool) + Send + Sync>;

/// How long a call may take, and who hears of one that takes long.
#[derive(Clone)]
pub(crate) struct Patience {
    pub(crate) limit: Duration,
    /// After how long, and whom.
    pub(crate) notice: Option<(Duration, Tell)>,
}

impl Patience {
    fn wait<T>(&self, answer: &Receiver<T>) -> Result<T, RecvTimeoutError> {
        let Some((after, tell)) = self.notice.as_ref().filter(|(after, _)| *after < self.limit) else {
            return answer.recv_timeout(self.limit);
        };
        match answer.recv_timeout(*after) {
            Err(RecvTimeoutError::Timeout) => {
                tell(true);
                let answered = answer.recv_timeout(self.limit - *after);
                tell(false);
                answered
            }
            in_time => in_time,
        }
    }
}

impl fmt::Debug for Patience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let notice = self.notice.as_ref().map(|(after, _)| after);
        f.debug_struct("Patience").field("limit", &self.limit).field("notice", &notice).finish()
    }
}

/// Runs `work` on a thread of its own and waits for it no longer than `patience` has it.
///
/// The thread cannot be cancelled: when time is up it is left alone and ends when the keyring
/// answers. A thread of its own also means that the D-Bus library never blocks inside the caller's
/// async runtime.
pub(crate) fn run<T: Send + 'static>(
    patience: &Patience,
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
    match patience.wait(&receiver) {
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
    use std::sync::Mutex;
    use std::time::Instant;

    use super::*;

    fn patience(limit: Duration) -> Patience {
        Patience { limit, notice: None }
    }

    #[test]
    fn work_that_never_ends_times_out() {
        let (_keep_waiting, never) = mpsc::channel::<()>();
        let start = Instant::now();
        let result = run(&patience(Duration::from_millis(20)), move || {
            let _ = never.recv();
            Ok(())
        });
        assert_eq!(result, Err(Error::TimedOut));
        assert!(start.elapsed() < Duration::from_secs(10));
    }

    #[test]
    fn work_that_takes_long_is_told_and_so_is_its_end() {
        let (done, wait) = mpsc::channel();
        let told = Arc::new(Mutex::new(Vec::new()));
        let telling = Arc::clone(&told);
        let tell = move |waits| {
            telling.lock().unwrap().push(waits);
            // It ends once it was told of.
            let _ = done.send(());
        };
        let patience =
            Patience { limit: Duration::from_secs(60), notice: Some((Duration::from_millis(20), Arc::new(tell))) };
        assert_eq!(run(&patience, || Ok(1)), Ok(1));
        assert!(told.lock().unwrap().is_empty(), "that was quick");
        let result = run(&patience, move || wait.recv().map_err(|_| Error::failed("nobody told")));
        assert_eq!(result, Ok(()));
        assert_eq!(*told.lock().unwrap(), [true, false]);

        let (_keep_waiting, never) = mpsc::channel::<()>();
        let patience = Patience { limit: Duration::from_millis(40), ..patience };
        let result = run(&patience, move || {
            let _ = never.recv();
            Ok(())
        });
        assert_eq!(result, Err(Error::TimedOut));
        assert_eq!(*told.lock().unwrap(), [true, false, true, false]);
    }

    /// Half of what is wiped. Where the stack of a thread that ended is not kept, nothing is left to be read.
    #[cfg(target_os = "linux")]
    #[test]
    fn what_a_call_left_deep_on_its_stack_is_gone() {
        use std::fs::File;
        use std::os::unix::fs::FileExt;
        const DEEP: usize = WIPED / 2;
        const { assert!(DEEP >= 128 * 1024) };
        let address = run(&patience(Duration::from_secs(60)), || {
            let mut deep = [0; DEEP];
            deep.fill(0xa9_u8);
            Ok(black_box(&deep).as_ptr().addr())
        });
        let mut left = vec![0; DEEP];
        if File::open("/proc/self/mem").unwrap().read_exact_at(&mut left, address.unwrap() as u64).is_ok() {
            let kept = left.iter().filter(|byte| **byte == 0xa9).count();
            assert!(kept < 1024, "{kept} bytes");
        }
    }

    #[test]
    fn a_panic_becomes_an_error() {
        let result = run::<()>(&patience(Duration::from_secs(10)), || panic!("inside the library"));
        assert_eq!(result.map_err(|error| error.code()), Err("keyring-failed"));
    }
}
