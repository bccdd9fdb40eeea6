use keys::KeyPair;
use time::OffsetDateTime;
use uuid::Uuid;
use vault::{ItemKind, Secret};

use crate::creation::finishing::{Creation, finish};
use crate::creation::resume::{self, Settled};
use crate::creation::step::{OnStep, Step};
use crate::desk::Desk;
use crate::desk::items::forget_keys;
use crate::error::Error;
use crate::form::draft::CompleteDraft;
use crate::service::otp_code::OtpCode;
use crate::store::attempt::{Attempt, Stage};
use crate::token::TokenType;

/// Makes the token that the draft describes. `key` is the RSA pair of a Self generated token.
///
/// After an error the draft can be submitted again: a request whose outcome is not known is settled first, so no second
/// token comes of it.
pub async fn create(
    desk: &Desk,
    mut draft: CompleteDraft,
    key: Option<&KeyPair>,
    code: &OtpCode,
    on_step: OnStep<'_>,
) -> Result<Creation, Error> {
    let _one_at_a_time = desk.creating().await;
    for settled in resume::settle_all(desk, on_step).await? {
        match settled {
            Settled::Made(made) if made.token.id == draft.id => {
                // The form may have been changed since that request left.
                let as_asked = draft.describes(&made.token);
                return Ok(Creation { as_asked, ..made });
            }
            Settled::SecretGone(token) if token.id == draft.id => return Err(Error::SecretGone),
            // It is told with its secret by `resume`. Where nothing can be kept, no other token is begun.
            Settled::Made(Creation { kept: Err(error), .. }) => return Err(error.into()),
            Settled::Made(_) | Settled::NotMade(_) | Settled::SecretGone(_) => {}
        }
    }
    let id = draft.id;
    if desk.on_store(move |store| store.is_recorded(id)).await? {
        // The same form once more: the items of the token that came of it are not to be written over.
        draft.id = Uuid::new_v4();
    }
    let key = match draft.token_type {
        TokenType::SelfGenerated => Some(key.ok_or(Error::KeyNotReady)?),
        TokenType::SystemGenerated => None,
    };
    let name = draft.name.as_str().to_owned();
    let idempotency_key = Uuid::new_v4();
    let attempt = Attempt::new(draft, key.map(KeyPair::public_pem), &idempotency_key, OffsetDateTime::now_utc())?;
    let row = attempt.clone();
    desk.on_store(move |store| store.begin(&row)).await?;
    on_step(Step::Journalled);
    if let Err(error) = keep_items(desk, attempt.id, &name, key, &idempotency_key, on_step).await {
        abandon(desk, &attempt).await;
        return Err(error.into());
    }
    submit(desk, &attempt, &idempotency_key, code, on_step).await
}

/// What must be safe before anything leaves: the private key, and the key that opens the service's stored answer.
async fn keep_items(
    desk: &Desk,
    id: Uuid,
    name: &str,
    key: Option<&KeyPair>,
    idempotency_key: &Uuid,
    on_step: OnStep<'_>,
) -> Result<(), vault::Error> {
    if let Some(key) = key {
        desk.keep(ItemKind::PrivateKey, id, name, Secret::new(key.private_pkcs8_der().to_vec())).await?;
        on_step(Step::PrivateKeyKept);
    }
    let replay = Secret::new(idempotency_key.to_string().into_bytes());
    desk.keep(ItemKind::IdempotencyKey, id, name, replay).await?;
    on_step(Step::IdempotencyKeyKept);
    Ok(())
}

async fn submit(
    desk: &Desk,
    attempt: &Attempt,
    key: &Uuid,
    code: &OtpCode,
    on_step: OnStep<'_>,
) -> Result<Creation, Error> {
    let endpoint = match desk.endpoint(attempt.destination).await {
        Ok(endpoint) => endpoint,
        Err(error) => {
            abandon(desk, attempt).await;
            return Err(error);
        }
    };
    let id = attempt.id;
    desk.on_store(move |store| store.advance(id, Stage::Submitted)).await?;
    on_step(Step::Submitted);
    match endpoint.create(&attempt.request, key, Some(code)).await {
        Ok(issued) => finish(desk, attempt, issued, on_step).await,
        Err(error) => {
            if !error.leaves_open() {
                abandon(desk, attempt).await;
            }
            Err(error.into())
        }
    }
}

/// Ends an attempt of which the person hears at once that it made no token. What cannot be cleaned up now is cleaned up by
/// the next [`resume::resume`].
async fn abandon(desk: &Desk, attempt: &Attempt) {
    let id = attempt.id;
    if forget_keys(desk, id).await {
        drop(desk.on_store(move |store| store.abandon(id)).await);
    }
}
