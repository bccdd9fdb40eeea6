use std::time::Duration;

use tokio::sync::watch;

/// So long the keyring may take before the person is told that it does.
pub(crate) const UNTOLD: Duration = Duration::from_secs(4);

/// Whether the app has been waiting for the keyring for a while: it may be asking the person for its password.
#[derive(Debug, Default)]
pub(crate) struct KeyringWaits(watch::Sender<usize>);

impl KeyringWaits {
    /// A call has been waiting for [`UNTOLD`], or one that had is over.
    pub(crate) fn note(&self, waits: bool) {
        self.0.send_modify(|calls| *calls = if waits { *calls + 1 } else { calls.saturating_sub(1) });
    }

    /// Answers whether it waits, as soon as that is another than the page has `seen`.
    pub(crate) async fn other_than(&self, seen: bool) -> bool {
        // It fails only without a sender, and that is here.
        drop(self.0.subscribe().wait_for(|calls| (*calls > 0) != seen).await);
        !seen
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_page_hears_of_the_first_call_that_waits_and_of_the_end_of_the_last() {
        let waits = KeyringWaits::default();
        assert!(!waits.other_than(true).await, "nothing waits");
        waits.note(true);
        waits.note(true);
        assert!(waits.other_than(false).await);
        waits.note(false);
        let still = tokio::time::timeout(Duration::from_millis(20), waits.other_than(true)).await;
        assert!(still.is_err(), "one waits still");
        waits.note(false);
        assert!(!waits.other_than(true).await);
    }
}
