//! Whether what lies in the database can be used, down to every row: found out before anything is written to it.

use rusqlite::Connection;

use crate::account::authenticator::{self, StoredAccount};
use crate::error::Error;
use crate::storage::seal::Sealer;
use crate::tokens;
use crate::tokens::callers::Caller;

/// Damage that SQLite does not see, because it knows neither what the texts mean nor what is sealed. Without `sealer`, what is
/// sealed is not looked at; nor is it where the account's own secret does not open, which is a wrong key and not damage.
pub(crate) fn examine(connection: &Connection, sealer: Option<&Sealer>) -> Result<(), Error> {
    let tokens = tokens::all(connection)?;
    answers_are_whole(connection)?;
    let Some(account) = StoredAccount::find(connection)? else {
        return if tokens.is_empty() { Ok(()) } else { Err(damaged("its tokens are there, their account is gone")) };
    };
    authenticator::attempts(connection)?;
    if let Some(sealer) = sealer.filter(|sealer| account.secret(sealer).is_some())
        && tokens.iter().any(|token| Caller::of(token, sealer).is_none())
    {
        return Err(damaged("the key of a token was changed"));
    }
    Ok(())
}

/// What is in them is sealed under keys that are not here.
fn answers_are_whole(connection: &Connection) -> rusqlite::Result<()> {
    let mut statement = connection.prepare("SELECT fingerprint, request_hash, body, created_at_ms FROM answers")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        row.get_ref(0)?.as_str()?;
        row.get::<_, [u8; 32]>(1)?;
        row.get_ref(2)?.as_blob()?;
        row.get_ref(3)?.as_i64()?;
    }
    Ok(())
}

fn damaged(detail: &str) -> Error {
    Error::DatabaseDamaged { detail: detail.into() }
}
