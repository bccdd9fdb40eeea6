//! One thread owns the database: no async thread ever waits for a disk, and every change has its
//! place in one order.

use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;
use std::sync::mpsc::{self, Sender};
use std::thread::{self, JoinHandle};

use private_files::DataDir;
use tokio::sync::{Semaphore, oneshot};

use crate::storage::database::Database;
use crate::storage::failure::Failure;

type Job = Box<dyn FnOnce(&mut Database) + Send>;

/// How many jobs may wait: clients that hang up leave theirs behind, and come again with others.
const QUEUE: usize = 1_024;

/// Where jobs for the thread go that owns the database.
pub(crate) struct DatabaseThread {
    messages: Sender<Message>,
    places: Arc<Semaphore>,
}

enum Message {
    Run(Job),
    Close,
}

impl DatabaseThread {
    /// The directory is owned as long as the database is open.
    pub(crate) fn spawn(mut database: Database, data: DataDir) -> (Self, JoinHandle<()>) {
        let (messages, queue) = mpsc::channel();
        let thread = thread::spawn(move || {
            while let Ok(Message::Run(job)) = queue.recv() {
                job(&mut database);
            }
            drop(database);
            drop(data);
        });
        (Self { messages, places: Arc::new(Semaphore::new(QUEUE)) }, thread)
    }

    /// Runs `work` to its end, also if the caller stops waiting for it; or nothing, while a commit is in doubt.
    pub(crate) async fn run<T: Send + 'static, E: From<Failure> + Send + 'static>(
        &self,
        work: impl FnOnce(&mut Database) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E> {
        let place = Arc::clone(&self.places).acquire_owned().await.map_err(|_| Failure::Internal)?;
        let (done, result) = oneshot::channel();
        let job: Job = Box::new(move |database| {
            let _place = place;
            // Nobody listens any more where the caller hung up: the work counts all the same.
            let _ = done.send(contained(database, work));
        });
        self.messages.send(Message::Run(job)).map_err(|_| Failure::Internal)?;
        result.await.map_err(|_| Failure::Internal)?
    }

    /// Closes the database behind the work that is queued. A connection that a client keeps open
    /// may hold this value for long; it must not hold the data.
    pub(crate) fn close(&self) {
        // Closed already: nothing is left to do.
        let _ = self.messages.send(Message::Close);
    }
}

/// A panic is an error of one job, not the end of the thread that all need. Its transaction, if any, is
/// rolled back as the stack unwinds; nothing else of the connection lasts from one job to the next.
fn contained<T, E: From<Failure>>(
    database: &mut Database,
    work: impl FnOnce(&mut Database) -> Result<T, E>,
) -> Result<T, E> {
    let run = AssertUnwindSafe(|| {
        database.settle()?;
        work(database)
    });
    // The panic hook has told of it.
    panic::catch_unwind(run).unwrap_or_else(|_| Err(Failure::Internal.into()))
}

#[cfg(test)]
mod tests {
    use std::future::Future;
    use std::pin::pin;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::{Context, Waker};

    use rusqlite::Connection;

    use super::*;

    fn start() -> (DatabaseThread, JoinHandle<()>) {
        let data = tempfile::tempdir().unwrap();
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("CREATE TABLE notes (text TEXT)").unwrap();
        DatabaseThread::spawn(Database::new(connection), DataDir::own(data.path()).unwrap())
    }

    #[tokio::test]
    async fn a_panic_is_answered_and_undone_and_the_next_job_runs() {
        let (database, _thread) = start();
        let failed = database.run(|database| -> Result<(), Failure> {
            let transaction = database.connection.transaction()?;
            transaction.execute("INSERT INTO notes VALUES ('half')", [])?;
            panic!("on purpose");
        });
        assert_eq!(failed.await, Err(Failure::Internal));
        let count = database.run(|database| -> Result<_, Failure> {
            assert!(database.connection.is_autocommit());
            Ok(database.connection.query_row("SELECT count(*) FROM notes", [], |row| row.get::<_, i64>(0))?)
        });
        assert_eq!(count.await, Ok(0));
    }

    /// Clients that hang up leave their jobs behind: only so many.
    #[test]
    fn the_queue_is_bounded() {
        let (database, thread) = start();
        let (open, opened) = mpsc::channel::<()>();
        let run = Arc::new(AtomicUsize::new(0));
        let abandon = |work: Box<dyn FnOnce() + Send>| {
            let asked = pin!(database.run(move |_| -> Result<(), Failure> {
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
        database.close();
        thread.join().unwrap();
        assert_eq!(run.load(Ordering::SeqCst), QUEUE - 1, "one place was held by the job that waited");
    }
}
