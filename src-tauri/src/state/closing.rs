use std::sync::{Mutex, PoisonError};

use tokio::sync::oneshot;

/// How a window that would take secrets with it asks first.
///
/// The page waits for the question, puts it to the person, and waits again. A page that does not wait, because it hangs,
/// is not asked: a second press on the window's close button always closes it.
#[derive(Debug, Default)]
pub(crate) struct Closing(Mutex<Option<oneshot::Sender<Vec<String>>>>);

impl Closing {
    /// The names of the tokens whose secrets would go, once somebody wants to close the window.
    pub(crate) async fn asked(&self) -> Vec<String> {
        let (sender, asked) = oneshot::channel();
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(sender);
        // Only a page that was loaded anew takes the place of one that waits, and that one is gone.
        asked.await.unwrap_or_default()
    }

    /// Whether the page takes the question.
    pub(crate) fn ask(&self, names: Vec<String>) -> bool {
        let waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        waiting.is_some_and(|page| page.send(names).is_ok())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[tokio::test]
    async fn only_a_page_that_waits_is_asked_and_only_once() {
        let closing = Arc::new(Closing::default());
        assert!(!closing.ask(vec![]), "nobody waits");
        let page = tokio::spawn({
            let closing = Arc::clone(&closing);
            async move { closing.asked().await }
        });
        while closing.0.lock().unwrap().is_none() {
            tokio::task::yield_now().await;
        }
        assert!(closing.ask(vec!["Home bot".to_owned()]));
        assert!(!closing.ask(vec!["Home bot".to_owned()]), "it has not taken up the first question");
        assert_eq!(page.await.unwrap(), ["Home bot"]);
    }
}
