//! Making, changing and revoking a token, behind headers and body: stored answer, lock, one-time
//! code, change, in one transaction. If the change fails, the code is not spent; a wrong code is
//! counted.

use axum::http::StatusCode;
use rusqlite::{Connection, TransactionBehavior};
use zeroize::Zeroizing;

use crate::account::attempts::{Attempts, Lock};
use crate::account::authenticator;
use crate::account::idempotency::{IdempotencyKey, RequestHash};
use crate::account::otp::OtpCode;
use crate::account::stored_answers::{self, Known};
use crate::app::App;
use crate::http::refusal::Refusal;
use crate::storage::database::Database;
use crate::tokens::edit::TokenEdit;
use crate::tokens::new::NewToken;
use crate::tokens::{self, Token};

/// A request whose headers and body are in order.
pub(crate) struct MutationRequest {
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
    pub(crate) status: StatusCode,
    pub(crate) body: Zeroizing<Vec<u8>>,
    /// It was done now, not before.
    pub(crate) fresh: bool,
}

impl Change {
    /// The status belongs to what is asked, and what is asked to the hash of the request: a stored
    /// answer needs none.
    fn status(&self) -> StatusCode {
        match self {
            Self::Create(_) => StatusCode::CREATED,
            Self::Edit { .. } => StatusCode::OK,
            Self::Revoke { .. } => StatusCode::NO_CONTENT,
        }
    }

    /// What can be said before a code is looked at: a change that cannot be burns none.
    fn prepare(&self, connection: &Connection) -> Result<Prepared<'_>, Refusal> {
        let token = |id| tokens::by_id(connection, id)?.ok_or_else(Refusal::not_found);
        match self {
            Self::Create(new) => Ok(Prepared::Issue(new)),
            Self::Edit { id, edit } => Ok(Prepared::Update(edit.applied_to(token(*id)?)?)),
            Self::Revoke { id } => Ok(Prepared::Delete(token(*id)?)),
        }
    }
}

/// A change that fits what is stored.
enum Prepared<'a> {
    Issue(&'a NewToken),
    Update(Token),
    Delete(Token),
}

impl Prepared<'_> {
    /// The body of the answer.
    fn carry_out(
        &self,
        app: &App,
        connection: &Connection,
        key: &IdempotencyKey,
        now_ms: i64,
    ) -> Result<Zeroizing<Vec<u8>>, Refusal> {
        match self {
            Self::Issue(new) => {
                let issued = tokens::issue(connection, &app.sealer, new, &key.fingerprint(), now_ms)?;
                json(&issued.row())
            }
            // Who is known by the old token is forgotten before the new one is committed, and learnt
            // again only behind this transaction: no request is judged by what was.
            Self::Update(token) => {
                tokens::update(connection, token)?;
                app.callers.forget(token.api_key());
                json(&token.row())
            }
            Self::Delete(token) => {
                tokens::delete(connection, token)?;
                app.callers.forget(token.api_key());
                Ok(Zeroizing::default())
            }
        }
    }
}

pub(crate) fn carry_out(app: &App, database: &mut Database, request: &MutationRequest) -> Result<Done, Refusal> {
    let now_ms = app.clock.now_ms();
    let status = request.change.status();
    let transaction = database.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    match stored_answers::find(&transaction, &app.state_key, &request.key, request.hash, now_ms)? {
        Some(Known::Answer(body)) => return Ok(Done { status, body, fresh: false }),
        Some(Known::OtherRequest) => return Err(Refusal::idempotency_key_reused()),
        Some(Known::Unreadable) => return Err(Refusal::internal()),
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
            return Err(Refusal::otp_locked(seconds));
        }
        Lock::UntilNewAuthenticator => return Err(Refusal::otp_stopped()),
    }
    let step = match spend_code(app, &transaction, &request.code, now_ms)? {
        Code::Spent(step) => step,
        Code::Missing => return Err(Refusal::otp_required()),
        Code::Failed(refusal) => {
            attempts.fail(now_ms);
            authenticator::keep_attempts(&transaction, &attempts)?;
            transaction.commit().map_err(|error| database.not_committed(error))?;
            return Err(refusal);
        }
    };
    if attempts != Attempts::default() {
        attempts.succeed();
        authenticator::keep_attempts(&transaction, &attempts)?;
    }
    let body = prepared.carry_out(app, &transaction, &request.key, now_ms)?;
    stored_answers::keep(&transaction, &app.state_key, &request.key, request.hash, &body, now_ms)?;
    transaction.commit().map_err(|error| database.not_committed(error))?;
    app.authenticator.note_spent(step);
    Ok(Done { status, body, fresh: true })
}

fn json(row: &tokens::TokenRow<'_>) -> Result<Zeroizing<Vec<u8>>, Refusal> {
    serde_json::to_vec(row).map(Zeroizing::new).map_err(|_| Refusal::internal())
}

enum Code {
    Missing,
    Spent(i64),
    Failed(Refusal),
}

fn spend_code(app: &App, connection: &Connection, code: &SubmittedCode, now_ms: i64) -> rusqlite::Result<Code> {
    let code = match code {
        SubmittedCode::Missing => return Ok(Code::Missing),
        SubmittedCode::Malformed => return Ok(Code::Failed(Refusal::otp_invalid())),
        SubmittedCode::Code(code) => code,
    };
    let Some(step) = app.authenticator.otp.matching_step(code, now_ms) else {
        return Ok(Code::Failed(Refusal::otp_invalid()));
    };
    if authenticator::spend(connection, step)? {
        Ok(Code::Spent(step))
    } else {
        Ok(Code::Failed(Refusal::otp_reused()))
    }
}
