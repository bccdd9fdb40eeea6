//! One thread owns the database: no async thread ever waits for a disk, and every change has its
//! place in one order.

use std::{
    sync::{
        Arc,
        mpsc::{self, Sender},
    },
    thread::{self, JoinHandle},
};

use rusqlite::Connection;
use tokio::sync::{Semaphore, oneshot};

use crate::{data_dir::DataLock, refusal::Refusal};

type Job = Box<dyn FnOnce(&mut Connection) + Send>;

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
    pub(crate) fn spawn(mut connection: Connection, lock: DataLock) -> (Self, JoinHandle<()>) {
        let (messages, queue) = mpsc::channel();
        let thread = thread::spawn(move || {
            while let Ok(Message::Run(job)) = queue.recv() {
                job(&mut connection);
            }
            drop(connection);
            drop(lock);
        });
        (Self { messages, places: Arc::new(Semaphore::new(QUEUE)) }, thread)
    }

    /// Runs `work` to its end, also if the caller stops waiting for it.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let place = Arc::clone(&self.places).acquire_owned().await.map_err(|_| Refusal::internal())?;
        let (done, result) = oneshot::channel();
        let job: Job = Box::new(move |connection| {
            let _place = place;
            // Nobody listens any more where the caller hung up: the work counts all the same.
            let _ = done.send(work(connection));
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
