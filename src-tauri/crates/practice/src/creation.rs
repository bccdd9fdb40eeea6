//! `POST /api_tokens` behind its headers and body: stored answer, lock, one-time code, creation,
//! in one transaction. If the creation fails, the code is not spent; a wrong code is counted.

use rusqlite::{Connection, TransactionBehavior};
use zeroize::Zeroizing;

use crate::{
    answers::{self, Known},
    app::App,
    attempts::{Attempts, Lock},
    authenticator,
    idempotency::{IdempotencyKey, RequestHash},
    new_token::NewToken,
    otp::OtpCode,
    refusal::Refusal,
    tokens,
};

/// A request whose headers and body are in order.
pub(crate) struct CreationRequest {
    pub(crate) key: IdempotencyKey,
    pub(crate) hash: RequestHash,
    pub(crate) code: SubmittedCode,
    pub(crate) new_token: NewToken,
}

/// What stands in `X-OTP-Code`.
pub(crate) enum SubmittedCode {
    Missing,
    /// Something, but not six ASCII digits: wrong, and counted.
    Malformed,
    Code(OtpCode),
}

/// The body of the 201: of this creation, or of the same one before.
pub(crate) fn create(
    app: &App,
    connection: &mut Connection,
    request: &CreationRequest,
) -> Result<Zeroizing<Vec<u8>>, Refusal> {
    let now_ms = app.clock.now_ms();
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    match answers::find(&transaction, &app.state_key, &request.key, request.hash, now_ms)? {
        Some(Known::Answer(body)) => return Ok(body),
        Some(Known::OtherRequest) => return Err(Refusal::idempotency_key_reused()),
        Some(Known::Unreadable) => return Err(Refusal::internal()),
        None => {}
    }
    let mut attempts = authenticator::attempts(&transaction)?;
    match attempts.lock(now_ms) {
        Lock::Open => {}
        Lock::For { seconds } => return Err(Refusal::otp_locked(seconds)),
        Lock::UntilNewAuthenticator => return Err(Refusal::otp_stopped()),
    }
    let step = match spend_code(app, &transaction, &request.code, now_ms)? {
        Code::Spent(step) => step,
        Code::Missing => return Err(Refusal::otp_required()),
        Code::Failed(refusal) => {
            attempts.fail(now_ms);
            authenticator::keep_attempts(&transaction, &attempts)?;
            transaction.commit()?;
            return Err(refusal);
        }
    };
    if attempts != Attempts::default() {
        attempts.succeed();
        authenticator::keep_attempts(&transaction, &attempts)?;
    }
    let fingerprint = request.key.fingerprint();
    let issued = tokens::issue(&transaction, &app.sealer, &request.new_token, &fingerprint, now_ms)?;
    let body = serde_json::to_vec(&issued.row()).map(Zeroizing::new).map_err(|_| Refusal::internal())?;
    answers::keep(&transaction, &app.state_key, &request.key, request.hash, &body, now_ms)?;
    transaction.commit()?;
    app.authenticator.note_spent(step);
    Ok(body)
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
