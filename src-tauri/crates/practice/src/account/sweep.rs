//! What is past its time leaves the disk, whether or not anybody asks for anything.

use std::sync::Arc;
use std::time::Duration;

use rusqlite::Connection;

use crate::account::stored_answers;
use crate::app::App;
use crate::storage::schema;

const EVERY: Duration = Duration::from_secs(60);

/// Sweeps each minute, and whenever the service's clock is moved, until it is dropped. `swept` as for [`sweep`].
pub(crate) async fn run(app: Arc<App>, mut swept: Option<u64>) {
    loop {
        let _ = tokio::time::timeout(EVERY, app.clock.moved()).await;
        let now_ms = app.clock.now_ms();
        // A disk that fails is tried again; whoever asks for something hears of it.
        if let Ok(changes) = app.store.run(move |database| Ok(sweep(&database.connection, now_ms, swept)?)).await {
            swept = Some(changes);
        }
    }
}

/// `swept`: the changes made until the last time. Answers with those made until now.
pub(crate) fn sweep(connection: &Connection, now_ms: i64, swept: Option<u64>) -> rusqlite::Result<u64> {
    stored_answers::purge(connection, now_ms)?;
    let changes = connection.total_changes();
    // A computer that sleeps is not woken for nothing.
    if swept != Some(changes) {
        schema::fold_log(connection)?;
    }
    Ok(changes)
}
