use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use desk::Error;
use keys::{Bits, KeyPair};
use tokio::sync::Mutex;

/// The RSA pair of the form: made once it may be needed, so that nobody waits for it, and zeroised if unused.
#[derive(Debug, Default)]
pub(crate) struct KeySlot {
    slot: Mutex<Option<Prepared>>,
    ready: AtomicBool,
}

/// A pair and how long it took to make.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub(crate) pair: KeyPair,
    pub(crate) millis: u64,
}

impl KeySlot {
    /// Makes the pair unless there is one; `describe` sees it in its place.
    pub(crate) async fn prepare<T>(&self, describe: impl FnOnce(&Prepared) -> T) -> Result<T, Error> {
        let mut slot = self.slot.lock().await;
        if slot.is_none() {
            *slot = Some(make().await?);
        }
        self.ready.store(true, Ordering::Release);
        slot.as_ref().map(describe).ok_or(Error::KeyNotReady)
    }

    /// Whether the pair is there, without waiting for one in the making.
    pub(crate) fn is_ready(&self) -> bool {
        self.ready.load(Ordering::Acquire)
    }

    /// Takes the pair for a creation, if it is ready: then [`put_back`](Self::put_back) or [`discard`](Self::discard). Until then
    /// it counts as ready, so that the form does not flicker.
    pub(crate) async fn take(&self) -> Option<Prepared> {
        if self.is_ready() { self.slot.lock().await.take() } else { None }
    }

    /// Puts an unused pair back, if there was one.
    pub(crate) async fn put_back(&self, prepared: Option<Prepared>) {
        let Some(prepared) = prepared else { return };
        *self.slot.lock().await = Some(prepared);
        self.ready.store(true, Ordering::Release);
    }

    /// Zeroises a pair that is used up or not wanted.
    pub(crate) async fn discard(&self) {
        let mut slot = self.slot.lock().await;
        *slot = None;
        self.ready.store(false, Ordering::Release);
    }
}

async fn make() -> Result<Prepared, Error> {
    let start = Instant::now();
    let made = tauri::async_runtime::spawn_blocking(|| KeyPair::generate(Bits::B4096)).await;
    let pair = made.map_err(|_| Error::KeyNotReady)??;
    Ok(Prepared { pair, millis: u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX) })
}
