//! What lies in the data directory, which one process owns.

/// The database.
pub(crate) const DATABASE: &str = "practice.db";
/// What SQLite keeps beside it: the log, its index, and the journal of the time before there is a log.
pub(crate) const LOG: &str = "practice.db-wal";
pub(crate) const OTHERS: [&str; 2] = ["practice.db-shm", "practice.db-journal"];
