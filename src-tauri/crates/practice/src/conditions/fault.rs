//! What can be made to go wrong on purpose, so that clients show what they do then.

use tokio::sync::{Semaphore, watch};

use crate::words::words;

words! {
    /// A fault of every request but those of the control.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub enum Fault {
        /// A change is carried out, and its answer never sent.
        Cut = "cut",
        /// The connection is closed without an answer.
        Down = "down",
        /// 500.
        Error = "error",
        /// No answer until the fault is over.
        Hang = "hang",
        /// Nothing goes wrong.
        #[default]
        None = "none",
        /// The answer comes late.
        Slow = "slow",
    }
}

/// Requests that hang at once. Each holds one of the 512 connections: with all of them hanging, the
/// control that ends the fault would not get in.
const HANGING: usize = 256;

/// The fault of this moment.
pub(crate) struct FaultSwitch {
    fault: watch::Sender<Fault>,
    hanging: Semaphore,
}

impl Default for FaultSwitch {
    fn default() -> Self {
        Self { fault: watch::Sender::default(), hanging: Semaphore::new(HANGING) }
    }
}

impl FaultSwitch {
    pub(crate) fn current(&self) -> Fault {
        *self.fault.borrow()
    }

    pub(crate) fn set(&self, fault: Fault) {
        self.fault.send_replace(fault);
    }

    /// Returns once the fault is another than [`Fault::Hang`]; at once where too many hang already.
    pub(crate) async fn hang(&self) {
        let Ok(_place) = self.hanging.try_acquire() else {
            return;
        };
        // The sender is here: it cannot be gone.
        let _ = self.fault.subscribe().wait_for(|fault| *fault != Fault::Hang).await;
    }
}
