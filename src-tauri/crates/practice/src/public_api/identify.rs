//! Whose a request is, by its API key; and whose it could have been meant to be.

use std::sync::Arc;

use zeroize::Zeroizing;

use crate::account::Account;
use crate::public_api::diagnosis::Suspects;
use crate::storage::database::Database;
use crate::storage::database_thread::DatabaseThread;
use crate::storage::failure::Failure;
use crate::tokens;
use crate::tokens::callers::{Caller, Verifier};

/// Further tokens looked at for the reason of one wrong signature.
const SUSPECTS: i64 = 16;

/// Who has this API key, if anyone has.
pub(crate) async fn caller(
    database: &DatabaseThread,
    account: &Arc<Account>,
    api_key: &str,
) -> Result<Option<Arc<Caller>>, Failure> {
    if let Some(caller) = account.callers.get(api_key) {
        return Ok(Some(caller));
    }
    let (account, api_key) = (account.clone(), api_key.to_owned());
    database.run(move |database| account.callers.learn(&database.connection, &account.sealer, &api_key)).await
}

/// What else a signature could have been made with.
pub(crate) async fn suspects(
    database: &DatabaseThread,
    account: &Arc<Account>,
    caller: &Caller,
) -> Result<Suspects, Failure> {
    let (account, own) = (account.clone(), caller.token_id);
    let look = move |database: &mut Database| {
        let connection = &database.connection;
        let own = tokens::by_id(connection, own)?;
        let secret = own.as_ref().and_then(|token| token.own_hmac_secret(&account.sealer));
        let secret_and_newline = secret.map(|secret| {
            let text = Zeroizing::new([secret.as_slice(), b"\n"].concat());
            Verifier::hmac(&text)
        });
        let newest = tokens::newest(connection, SUSPECTS)?;
        let others = newest.iter().filter(|token| own.as_ref().is_none_or(|own| own.id() != token.id()));
        Ok(Suspects {
            others: others.filter_map(|token| Caller::of(token, &account.sealer)).collect(),
            secret_and_newline,
        })
    };
    database.run(look).await
}
