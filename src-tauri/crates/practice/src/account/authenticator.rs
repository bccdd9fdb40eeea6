//! The account's authenticator: its secret, the last step spent, and the failures, in the database.

use std::sync::atomic::{AtomicI64, Ordering};

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::account::attempts::Attempts;
use crate::account::otp::{CodeNow, Otp};
use crate::account::otp_secret::OtpSecret;
use crate::error::Error;
use crate::storage::columns;
use crate::storage::seal::Sealer;
use crate::tokens;

/// The table in the first version of the database.
pub(crate) const V1: &str = "
    CREATE TABLE account (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        otp_secret BLOB NOT NULL,            -- sealed
        last_step INTEGER NOT NULL,
        recent_failures_ms TEXT NOT NULL,    -- JSON array
        failures_in_a_row INTEGER NOT NULL,
        locked_until_ms INTEGER NOT NULL
    ) STRICT;
";

const PLACE: &str = "account/otp_secret";

/// The authenticator of the one account.
pub(crate) struct Authenticator {
    pub(crate) otp: Otp,
    /// What the database says, for showing codes without asking it.
    last_step: AtomicI64,
}

/// The account as it lies in the database.
pub(crate) struct StoredAccount {
    sealed_secret: Vec<u8>,
    last_step: i64,
}

impl StoredAccount {
    pub(crate) fn find(connection: &Connection) -> rusqlite::Result<Option<Self>> {
        let read = |row: &Row<'_>| Ok(Self { sealed_secret: row.get(0)?, last_step: row.get(1)? });
        connection.query_row("SELECT otp_secret, last_step FROM account", [], read).optional()
    }

    /// `None` under another state key.
    pub(crate) fn secret(&self, sealer: &Sealer) -> Option<OtpSecret> {
        let secret = sealer.open(PLACE, &self.sealed_secret)?;
        Some(OtpSecret::from_bytes(*secret.first_chunk()?))
    }
}

impl Authenticator {
    /// A secret that does not open means another state key. Where one is given, it is taken for a
    /// new account, and another than that of an existing one is refused.
    pub(crate) fn load_or_create(
        connection: &Connection,
        sealer: &Sealer,
        given: Option<&OtpSecret>,
    ) -> Result<Self, Error> {
        let Some(account) = StoredAccount::find(connection)? else {
            return Self::create(connection, sealer, given);
        };
        let secret = account.secret(sealer).ok_or(Error::StateKeyWrong)?;
        if given.is_some_and(|given| *given != secret) {
            return Err(Error::OtpSecretDiffers);
        }
        Ok(Self::new(&secret, account.last_step))
    }

    /// Another secret, and nothing of the old one: neither its spent steps nor its failures.
    pub(crate) fn replace(
        connection: &mut Connection,
        sealer: &Sealer,
        given: Option<&OtpSecret>,
    ) -> Result<Self, Error> {
        let transaction = connection.transaction()?;
        match Self::load_or_create(&transaction, sealer, None) {
            // Nothing that only the right state key opens is lost behind a new secret.
            Err(Error::StateKeyWrong) if !tokens::exist(&transaction)? => {}
            opened => drop(opened?),
        }
        transaction.execute("DELETE FROM account", [])?;
        let new = Self::create(&transaction, sealer, given)?;
        // Where only its sync fails, the next start may have the new one all the same: each start shows the one it has.
        transaction.commit()?;
        Ok(new)
    }

    /// What to show in practice mode at this moment.
    pub(crate) fn code_now(&self, now_ms: i64) -> CodeNow {
        self.otp.code_now(now_ms, self.last_step.load(Ordering::SeqCst))
    }

    /// To be called once the transaction that spent it is committed.
    pub(crate) fn note_spent(&self, step: i64) {
        self.last_step.fetch_max(step, Ordering::SeqCst);
    }

    fn create(connection: &Connection, sealer: &Sealer, given: Option<&OtpSecret>) -> Result<Self, Error> {
        let secret = given.cloned().unwrap_or_else(OtpSecret::generate);
        connection
            .execute("INSERT INTO account VALUES (1, ?1, -1, '[]', 0, 0)", [sealer.seal(PLACE, secret.expose())])?;
        Ok(Self::new(&secret, -1))
    }

    fn new(secret: &OtpSecret, last_step: i64) -> Self {
        Self { otp: Otp::new(secret.expose()), last_step: AtomicI64::new(last_step) }
    }
}

/// Spends a step, if it is later than every one spent before: one statement, so that of parallel
/// requests one wins, and an older code within the drift is dead too.
pub(crate) fn spend(connection: &Connection, step: i64) -> rusqlite::Result<bool> {
    let changed = connection.execute("UPDATE account SET last_step = ?1 WHERE last_step < ?1", [step])?;
    Ok(changed == 1)
}

pub(crate) fn attempts(connection: &Connection) -> rusqlite::Result<Attempts> {
    connection.query_row("SELECT recent_failures_ms, failures_in_a_row, locked_until_ms FROM account", [], |row| {
        Ok(Attempts {
            recent_failures_ms: columns::json(row, 0)?,
            failures_in_a_row: row.get(1)?,
            locked_until_ms: row.get(2)?,
        })
    })
}

pub(crate) fn keep_attempts(connection: &Connection, attempts: &Attempts) -> rusqlite::Result<()> {
    let recent = serde_json::Value::from(attempts.recent_failures_ms.as_slice()).to_string();
    connection.execute(
        "UPDATE account SET recent_failures_ms = ?1, failures_in_a_row = ?2, locked_until_ms = ?3",
        params![recent, attempts.failures_in_a_row, attempts.locked_until_ms],
    )?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::schema;
    use crate::storage::state_key::StateKey;

    fn sealer(byte: u8) -> Sealer {
        Sealer::for_secrets(&StateKey::from_bytes([byte; 32]))
    }

    #[test]
    fn the_secret_is_made_once_sealed_and_opened_only_by_its_state_key() {
        let connection = schema::in_memory();
        let first = Authenticator::load_or_create(&connection, &sealer(1), None).unwrap();
        let second = Authenticator::load_or_create(&connection, &sealer(1), None).unwrap();
        assert_eq!(first.otp.secret_base32(), second.otp.secret_base32());
        assert_eq!(first.otp.secret_base32().len(), 32, "160 bit in base32");
        let other = Authenticator::load_or_create(&connection, &sealer(2), None).map(|_| ());
        assert_eq!(other.unwrap_err().code(), "practice-state-key-wrong");
    }

    #[test]
    fn a_given_secret_is_taken_for_a_new_account_and_held_against_an_old_one() {
        let mut connection = schema::in_memory();
        let (given, other) = (OtpSecret::generate(), OtpSecret::generate());
        for _ in 0..2 {
            let made = Authenticator::load_or_create(&connection, &sealer(1), Some(&given)).unwrap();
            assert_eq!(made.otp.secret_base32(), given.to_base32());
        }
        let refused = Authenticator::load_or_create(&connection, &sealer(1), Some(&other)).map(|_| ());
        assert_eq!(refused.unwrap_err().code(), "practice-otp-secret-differs");
        let replaced = Authenticator::replace(&mut connection, &sealer(1), Some(&other)).unwrap();
        assert_eq!(replaced.otp.secret_base32(), other.to_base32());
    }

    #[test]
    fn a_step_is_spent_once_and_takes_all_earlier_ones_with_it() {
        let connection = schema::in_memory();
        Authenticator::load_or_create(&connection, &sealer(1), None).unwrap();
        for (step, spent) in [(0, true), (0, false), (5, true), (4, false), (5, false), (6, true)] {
            assert_eq!(spend(&connection, step).unwrap(), spent, "{step}");
        }
    }

    #[test]
    fn attempts_are_kept_as_they_are() {
        let connection = schema::in_memory();
        Authenticator::load_or_create(&connection, &sealer(1), None).unwrap();
        let mut kept = attempts(&connection).unwrap();
        assert_eq!(kept, Attempts::default());
        (1..=7).for_each(|at| kept.fail(at));
        keep_attempts(&connection, &kept).unwrap();
        assert_eq!(attempts(&connection).unwrap(), kept);
    }
}
