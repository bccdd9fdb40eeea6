//! Answers kept for 24 hours, so that a request sent again is answered and not done again.

use rusqlite::{Connection, OptionalExtension, params};
use zeroize::Zeroizing;

use crate::account::idempotency::{IdempotencyKey, RequestHash};
use crate::storage::seal::Sealer;
use crate::storage::state_key::StateKey;
use crate::tokens::request_fingerprint::RequestFingerprint;

/// The table in the first version of the database.
pub(crate) const V1: &str = "
    CREATE TABLE answers (
        fingerprint TEXT PRIMARY KEY,
        request_hash BLOB NOT NULL,
        body BLOB NOT NULL,                  -- sealed under the Idempotency-Key
        created_at_ms INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX answers_by_age ON answers (created_at_ms);
";

const KEPT_MS: i64 = 24 * 60 * 60 * 1_000;

/// What is known of a key that was used before.
pub(crate) enum Known {
    Answer(Zeroizing<Vec<u8>>),
    OtherRequest,
    /// The stored answer does not open: the database was changed from outside.
    Unreadable,
}

pub(crate) fn find(
    connection: &Connection,
    state_key: &StateKey,
    key: &IdempotencyKey,
    request: RequestHash,
    now_ms: i64,
) -> rusqlite::Result<Option<Known>> {
    let fingerprint = key.fingerprint();
    let found = connection
        .query_row(
            "SELECT request_hash, body FROM answers WHERE fingerprint = ?1 AND created_at_ms > ?2",
            params![fingerprint.as_str(), now_ms - KEPT_MS],
            |row| Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, Vec<u8>>(1)?)),
        )
        .optional()?;
    Ok(found.map(|(request_hash, sealed)| {
        if request_hash != request.as_bytes() {
            return Known::OtherRequest;
        }
        match sealer(state_key, key).open(&place(&fingerprint, request), &sealed) {
            Some(body) => Known::Answer(body),
            None => Known::Unreadable,
        }
    }))
}

/// Keeps an answer, and drops those that are past their time.
pub(crate) fn keep(
    connection: &Connection,
    state_key: &StateKey,
    key: &IdempotencyKey,
    request: RequestHash,
    body: &[u8],
    now_ms: i64,
) -> rusqlite::Result<()> {
    purge(connection, now_ms)?;
    let fingerprint = key.fingerprint();
    let sealed = sealer(state_key, key).seal(&place(&fingerprint, request), body);
    connection.execute(
        "INSERT INTO answers VALUES (?1, ?2, ?3, ?4)",
        params![fingerprint.as_str(), request.as_bytes(), sealed, now_ms],
    )?;
    Ok(())
}

/// Drops the answers that are past their time.
pub(crate) fn purge(connection: &Connection, now_ms: i64) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM answers WHERE created_at_ms <= ?1", [now_ms - KEPT_MS])?;
    Ok(())
}

fn sealer(state_key: &StateKey, key: &IdempotencyKey) -> Sealer {
    Sealer::for_answer(state_key, key.as_bytes())
}

fn place(fingerprint: &RequestFingerprint, request: RequestHash) -> String {
    format!("answers/{}/{:02x?}", fingerprint.as_str(), request.as_bytes())
}
