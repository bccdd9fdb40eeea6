//! One thread owns the database: no async thread ever waits for a disk, and every change has its
//! place in one order.

use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;
use std::sync::mpsc::{self, Sender};
use std::thread::{self, JoinHandle};

use rusqlite::Connection;
use tokio::sync::{Semaphore, oneshot};

use crate::http::refusal::Refusal;
use crate::storage::data_dir::DataLock;
use crate::storage::database::Database;

type Job = Box<dyn FnOnce(&mut Database) + Send>;

/// How many jobs may wait: clients that hang up leave theirs behind, and come again with others.
const QUEUE: usize = 1_024;

/// Where jobs for the database thread go.
pub(crate) struct Store {
    messages: Sender<Message>,
    places: Arc<Semaphore>,
}

enum Message {
    Run(Job),
    Close,
}

impl Store {
    /// The lock is held as long as the database is open.
    pub(crate) fn spawn(connection: Connection, lock: DataLock) -> (Self, JoinHandle<()>) {
        let (messages, queue) = mpsc::channel();
        let mut database = Database::new(connection);
        let thread = thread::spawn(move || {
            while let Ok(Message::Run(job)) = queue.recv() {
                job(&mut database);
            }
            drop(database);
            drop(lock);
        });
        (Self { messages, places: Arc::new(Semaphore::new(QUEUE)) }, thread)
    }

    /// Runs `work` to its end, also if the caller stops waiting for it; or nothing, while a commit is in doubt.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Database) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let place = Arc::clone(&self.places).acquire_owned().await.map_err(|_| Refusal::internal())?;
        let (done, result) = oneshot::channel();
        let job: Job = Box::new(move |database| {
            let _place = place;
            // Nobody listens any more where the caller hung up: the work counts all the same.
            let _ = done.send(contained(database, work));
        });
        self.messages.send(Message::Run(job)).map_err(|_| Refusal::internal())?;
        result.await.map_err(|_| Refusal::internal())?
    }

    /// Closes the database behind the work that is queued. A connection that a client keeps open
    /// may hold this store for long; it must not hold the data.
    pub(crate) fn close(&self) {
        // Closed already: nothing is left to do.
        let _ = self.messages.send(Message::Close);
    }
}

/// A panic is an error of one job, not the end of the thread that all need. Its transaction, if any, is
/// rolled back as the stack unwinds; nothing else of the connection lasts from one job to the next.
fn contained<T>(database: &mut Database, work: impl FnOnce(&mut Database) -> Result<T, Refusal>) -> Result<T, Refusal> {
    let run = AssertUnwindSafe(|| database.settle().and_then(|()| work(database)));
    // The panic hook has told of it.
    panic::catch_unwind(run).unwrap_or_else(|_| Err(Refusal::internal()))
}

#[cfg(test)]
mod tests {
    use std::future::Future;
    use std::pin::pin;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::{Context, Waker};

    use super::*;
    use crate::storage::schema;

    fn store() -> (Store, JoinHandle<()>) {
        let data = tempfile::tempdir().unwrap();
        Store::spawn(schema::in_memory(), DataLock::take(data.path()).unwrap())
    }

    #[tokio::test]
    async fn a_panic_is_answered_and_undone_and_the_next_job_runs() {
        let (store, _thread) = store();
        let key = "INSERT INTO answers VALUES ('key', x'00', x'00', 0)";
        let failed = store.run(|database| -> Result<(), Refusal> {
            let transaction = database.connection.transaction()?;
            transaction.execute(key, [])?;
            panic!("on purpose");
        });
        assert_eq!(failed.await.unwrap_err().error(), "internal_error");
        let count = store.run(|database| {
            assert!(database.connection.is_autocommit());
            Ok(database.connection.query_row("SELECT count(*) FROM answers", [], |row| row.get::<_, i64>(0))?)
        });
        assert_eq!(count.await.unwrap(), 0);
    }

    /// Clients that hang up leave their jobs behind: only so many.
    #[test]
    fn the_queue_is_bounded() {
        let (store, thread) = store();
        let (open, opened) = mpsc::channel::<()>();
        let run = Arc::new(AtomicUsize::new(0));
        let abandon = |work: Box<dyn FnOnce() + Send>| {
            let asked = pin!(store.run(move |_| {
                work();
                Ok(())
            }));
            let _ = asked.poll(&mut Context::from_waker(Waker::noop()));
        };
        abandon(Box::new(move || opened.recv().unwrap()));
        for _ in 0..5_000 {
            let run = run.clone();
            abandon(Box::new(move || {
                run.fetch_add(1, Ordering::SeqCst);
            }));
        }
        open.send(()).unwrap();
        store.close();
        thread.join().unwrap();
        assert_eq!(run.load(Ordering::SeqCst), QUEUE - 1, "one place was held by the job that waited");
    }
}
