use std::sync::{Mutex, PoisonError};

use tokio::sync::oneshot;

/// The one detection that may run: a newer one, or the person, ends it.
#[derive(Debug, Default)]
pub(crate) struct Detecting {
    /// Dropping it ends the detection that waits for it.
    current: Mutex<Option<oneshot::Sender<()>>>,
}

impl Detecting {
    /// The outcome, or `None` if it was ended before. What is ended is dropped, and its connections are closed with it.
    pub(crate) async fn run<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        let (current, ended) = oneshot::channel();
        self.replace(Some(current));
        tokio::select! {
            done = work => Some(done),
            _ = ended => None,
        }
    }

    pub(crate) fn stop(&self) {
        self.replace(None);
    }

    fn replace(&self, by: Option<oneshot::Sender<()>>) {
        *self.current.lock().unwrap_or_else(PoisonError::into_inner) = by;
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;
    use std::sync::Arc;

    use super::*;

    #[tokio::test]
    async fn what_is_not_ended_has_an_outcome() {
        assert_eq!(Detecting::default().run(async { 7 }).await, Some(7));
    }

    #[tokio::test]
    async fn the_person_and_a_newer_one_end_it() {
        let detecting = Arc::new(Detecting::default());
        let begin = || {
            let detecting = Arc::clone(&detecting);
            tokio::spawn(async move { detecting.run(pending::<()>()).await })
        };
        let (first, second) = (begin(), begin());
        tokio::task::yield_now().await;
        detecting.stop();
        assert_eq!(first.await.unwrap(), None);
        assert_eq!(second.await.unwrap(), None);
    }
}
