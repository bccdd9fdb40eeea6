//! Making, changing and revoking a token, behind headers and body: stored answer, lock, one-time
//! code, change, in one transaction. If the change fails, the code is not spent; a wrong code is
//! counted.

use rusqlite::{Connection, TransactionBehavior};
use zeroize::Zeroizing;

use crate::account::attempts::{Attempts, Lock};
use crate::account::idempotency::{IdempotencyKey, RequestHash};
use crate::account::otp::OtpCode;
use crate::account::stored_answers::{self, Known};
use crate::account::{Account, authenticator};
use crate::problems::Problems;
use crate::storage::database::Database;
use crate::storage::failure::Failure;
use crate::tokens::edit::TokenEdit;
use crate::tokens::new::NewToken;
use crate::tokens::{self, PracticeToken};

/// A request whose headers and body are in order.
pub(crate) struct ChangeRequest {
    pub(crate) key: IdempotencyKey,
    pub(crate) hash: RequestHash,
    pub(crate) code: SubmittedCode,
    pub(crate) change: Change,
}

/// What is asked for.
pub(crate) enum Change {
    Create(NewToken),
    Edit { id: i64, edit: TokenEdit },
    Revoke { id: i64 },
}

/// What stands in `X-OTP-Code`.
pub(crate) enum SubmittedCode {
    Missing,
    /// Something, but not six ASCII digits: wrong, and counted.
    Malformed,
    Code(OtpCode),
}

/// The answer to a change that is on disk: of this request, or of the same one before.
pub(crate) struct Done {
    pub(crate) body: Zeroizing<Vec<u8>>,
    /// It was done now, not before.
    pub(crate) fresh: bool,
}

/// Why a change was not made.
#[derive(Debug)]
pub(crate) enum NotDone {
    CodeInvalid,
    CodeRequired,
    CodeReused,
    Failed(Failure),
    Invalid(Problems),
    /// The Idempotency-Key was used for another request.
    KeyReused,
    Locked {
        seconds: u64,
    },
    /// Until the authenticator is set up anew.
    Stopped,
    TokenUnknown,
}

impl From<Failure> for NotDone {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl From<rusqlite::Error> for NotDone {
    fn from(error: rusqlite::Error) -> Self {
        Failure::from(error).into()
    }
}

impl Change {
    /// What can be said before a code is looked at: a change that cannot be burns none.
    fn prepare(&self, connection: &Connection) -> Result<Prepared<'_>, NotDone> {
        let token = |id| tokens::by_id(connection, id)?.ok_or(NotDone::TokenUnknown);
        match self {
            Self::Create(new) => Ok(Prepared::Issue(new)),
            Self::Edit { id, edit } => edit.applied_to(token(*id)?).map(Prepared::Update).map_err(NotDone::Invalid),
            Self::Revoke { id } => Ok(Prepared::Delete(token(*id)?)),
        }
    }
}

/// A change that fits what is stored.
enum Prepared<'a> {
    Issue(&'a NewToken),
    Update(PracticeToken),
    Delete(PracticeToken),
}

impl Prepared<'_> {
    /// The body of the answer.
    fn carry_out(
        &self,
        account: &Account,
        connection: &Connection,
        key: &IdempotencyKey,
        now_ms: i64,
    ) -> Result<Zeroizing<Vec<u8>>, Failure> {
        match self {
            Self::Issue(new) => {
                let issued = tokens::issue(connection, &account.sealer, new, &key.fingerprint(), now_ms)?;
                json(&issued.row())
            }
            // Who is known by the old token is forgotten before the new one is committed, and learnt
            // again only behind this transaction: no request is judged by what was.
            Self::Update(token) => {
                tokens::update(connection, token)?;
                account.callers.forget(token.api_key());
                json(&token.row())
            }
            Self::Delete(token) => {
                tokens::delete(connection, token)?;
                account.callers.forget(token.api_key());
                Ok(Zeroizing::default())
            }
        }
    }
}

pub(crate) fn carry_out(
    account: &Account,
    database: &mut Database,
    request: &ChangeRequest,
    now_ms: i64,
) -> Result<Done, NotDone> {
    let transaction = database.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    match stored_answers::find(&transaction, &account.state_key, &request.key, request.hash, now_ms)? {
        Some(Known::Answer(body)) => return Ok(Done { body, fresh: false }),
        Some(Known::OtherRequest) => return Err(NotDone::KeyReused),
        Some(Known::Unreadable) => return Err(Failure::Internal.into()),
        None => {}
    }
    let prepared = request.change.prepare(&transaction)?;
    let mut attempts = authenticator::attempts(&transaction)?;
    let was_shortened = attempts.shorten_lock(now_ms);
    match attempts.lock(now_ms) {
        Lock::Open => {}
        Lock::For { seconds } => {
            if was_shortened {
                authenticator::keep_attempts(&transaction, &attempts)?;
                transaction.commit().map_err(|error| database.not_committed(error))?;
            }
            return Err(NotDone::Locked { seconds });
        }
        Lock::UntilNewAuthenticator => return Err(NotDone::Stopped),
    }
    let step = match spend_code(account, &transaction, &request.code, now_ms)? {
        Spending::Spent(step) => step,
        Spending::Missing => return Err(NotDone::CodeRequired),
        Spending::Wrong(why) => {
            attempts.fail(now_ms);
            authenticator::keep_attempts(&transaction, &attempts)?;
            transaction.commit().map_err(|error| database.not_committed(error))?;
            return Err(why);
        }
    };
    if attempts != Attempts::default() {
        attempts.succeed();
        authenticator::keep_attempts(&transaction, &attempts)?;
    }
    let body = prepared.carry_out(account, &transaction, &request.key, now_ms)?;
    stored_answers::keep(&transaction, &account.state_key, &request.key, request.hash, &body, now_ms)?;
    transaction.commit().map_err(|error| database.not_committed(error))?;
    account.authenticator.note_spent(step);
    Ok(Done { body, fresh: true })
}

fn json(row: &tokens::TokenRow<'_>) -> Result<Zeroizing<Vec<u8>>, Failure> {
    serde_json::to_vec(row).map(Zeroizing::new).map_err(|_| Failure::Internal)
}

/// What became of a code.
enum Spending {
    Missing,
    Spent(i64),
    /// To be counted.
    Wrong(NotDone),
}

fn spend_code(
    account: &Account,
    connection: &Connection,
    code: &SubmittedCode,
    now_ms: i64,
) -> rusqlite::Result<Spending> {
    let code = match code {
        SubmittedCode::Missing => return Ok(Spending::Missing),
        SubmittedCode::Malformed => return Ok(Spending::Wrong(NotDone::CodeInvalid)),
        SubmittedCode::Code(code) => code,
    };
    let Some(step) = account.authenticator.otp.matching_step(code, now_ms) else {
        return Ok(Spending::Wrong(NotDone::CodeInvalid));
    };
    if authenticator::spend(connection, step)? {
        Ok(Spending::Spent(step))
    } else {
        Ok(Spending::Wrong(NotDone::CodeReused))
    }
}
