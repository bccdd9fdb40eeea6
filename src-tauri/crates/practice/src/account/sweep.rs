//! What is past its time leaves the disk, whether or not anybody asks for anything.

use crate::account::stored_answers;
use crate::storage::database::Database;

/// `swept`: the changes made until the last time. Answers with those made until now.
pub(crate) fn sweep(database: &Database, now_ms: i64, swept: Option<u64>) -> rusqlite::Result<u64> {
    stored_answers::purge(&database.connection, now_ms)?;
    let changes = database.connection.total_changes();
    // A computer that sleeps is not woken for nothing.
    if swept != Some(changes) {
        database.fold_log()?;
    }
    Ok(changes)
}
