use std::collections::HashMap;

use keys::KeyPair;
use time::OffsetDateTime;
use uuid::Uuid;
use vault::{ItemKind, Secret};

use super::{Attempt, CompleteDraft, OnStep, OtpCode, Settled, Stage, Step, resume};
use crate::destination::{EndpointError, IssuedToken};
use crate::{Desk, Error, Token, TokenType, TrustedEntry};

/// A token that the service has made.
#[derive(Debug)]
pub struct Creation {
    /// As the service answered it, with the person's labels.
    pub token: Token,
    /// The service's answer has every value as it was asked for.
    pub as_asked: bool,
    /// When the secret or private key was safe in the keyring, or the secret itself.
    pub kept: Result<OffsetDateTime, NotKept>,
}

/// The keyring failed between the answer and saving: this is the only copy of the secret here.
///
/// The service's stored answer can still be opened with the idempotency key, for 24 hours, by [`super::resume`].
#[derive(Debug)]
pub struct NotKept {
    /// What the keyring said.
    pub error: vault::Error,
    /// To be shown, or kept by [`keep_again`].
    pub secret: Secret,
}

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
            Settled::Made(Creation { kept: Err(NotKept { error, .. }), .. }) => return Err(error.into()),
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
    let label = format!("Token Desk: {}", draft.name.as_str());
    let idempotency_key = Uuid::new_v4();
    let attempt = Attempt::new(draft, key.map(KeyPair::public_pem), &idempotency_key, OffsetDateTime::now_utc())?;
    let row = attempt.clone();
    desk.on_store(move |store| store.begin(&row)).await?;
    on_step(Step::Journalled);
    if let Err(error) = keep_items(desk, attempt.id, &label, key, &idempotency_key, on_step).await {
        abandon(desk, &attempt).await;
        return Err(error.into());
    }
    submit(desk, &attempt, &idempotency_key, code, on_step).await
}

/// What must be safe before anything leaves: the private key, and the key that opens the service's stored answer.
async fn keep_items(
    desk: &Desk,
    id: Uuid,
    label: &str,
    key: Option<&KeyPair>,
    idempotency_key: &Uuid,
    on_step: OnStep<'_>,
) -> Result<(), vault::Error> {
    if let Some(key) = key {
        desk.keep(ItemKind::PrivateKey, id, label, Secret::new(key.private_pkcs8_der().to_vec())).await?;
        on_step(Step::PrivateKeyKept);
    }
    let replay = Secret::new(idempotency_key.to_string().into_bytes());
    desk.keep(ItemKind::IdempotencyKey, id, &format!("{label} (being made)"), replay).await?;
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

/// Keeps the secret, then records the token: in this order, so that no recorded token lacks its secret.
pub(super) async fn finish(
    desk: &Desk,
    attempt: &Attempt,
    issued: IssuedToken,
    on_step: OnStep<'_>,
) -> Result<Creation, Error> {
    on_step(Step::Answered);
    let token_type = attempt.asked()?.token_type;
    let token = Token {
        id: attempt.id,
        destination: attempt.destination,
        token_type,
        name: issued.name,
        api_key: issued.api_key,
        trusted_ips: labelled(issued.trusted_ips, &attempt.trusted_ips),
        permissions: issued.permissions,
        created_at: issued.created_at,
    };
    let as_asked = attempt.describes(&token);
    let kept = match (token_type, issued.secret) {
        (TokenType::SelfGenerated, _) => Ok(attempt.started_at),
        (TokenType::SystemGenerated, Some(secret)) => {
            let kept = keep_secret(desk, &token, &secret).await.map_err(|error| NotKept { error, secret });
            kept.inspect(|_| on_step(Step::SecretKept))
        }
        (TokenType::SystemGenerated, None) => return Err(EndpointError::AnswerInvalid("secret").into()),
    };
    if kept.is_ok() {
        record(desk, &token, on_step).await?;
    }
    Ok(Creation { token, as_asked, kept })
}

/// Tries the keyring once more with a secret that it did not take, and records the token. Can be repeated.
pub async fn keep_again(desk: &Desk, token: &Token, secret: &Secret) -> Result<OffsetDateTime, Error> {
    let _one_at_a_time = desk.creating().await;
    let kept_at = keep_secret(desk, token, secret).await?;
    record(desk, token, &|_| ()).await?;
    Ok(kept_at)
}

async fn keep_secret(desk: &Desk, token: &Token, secret: &Secret) -> Result<OffsetDateTime, vault::Error> {
    let label = format!("Token Desk: {}", token.name);
    let copy = Secret::new(secret.expose().to_vec());
    desk.keep(ItemKind::HmacSecret, token.id, &label, copy).await?;
    Ok(OffsetDateTime::now_utc())
}

pub(super) async fn record(desk: &Desk, token: &Token, on_step: OnStep<'_>) -> Result<(), Error> {
    let row = token.clone();
    desk.on_store(move |store| store.record(&row)).await?;
    on_step(Step::Recorded);
    drop(crate::recovery::keep_record(desk, token).await);
    // Its work is done; should the keyring refuse just now, a key to nothing stays behind.
    drop(desk.forget_item(ItemKind::IdempotencyKey, token.id).await);
    on_step(Step::Finished);
    Ok(())
}

/// Ends an attempt of which the person hears at once that it made no token. What cannot be cleaned up now is cleaned up by
/// the next [`super::resume`].
async fn abandon(desk: &Desk, attempt: &Attempt) {
    let id = attempt.id;
    if forget_keys(desk, id).await {
        drop(desk.on_store(move |store| store.abandon(id)).await);
    }
}

/// The key that opens the service's stored answer, if it is kept and can be read.
pub(crate) async fn idempotency_key(desk: &Desk, id: Uuid) -> Result<Option<Uuid>, Error> {
    let kept = desk.fetch(ItemKind::IdempotencyKey, id).await?;
    Ok(kept.and_then(|key| key.expose_str()?.parse().ok()))
}

/// Takes what an attempt kept before it was sent out of the vault; whether all of it is gone.
pub(crate) async fn forget_keys(desk: &Desk, id: Uuid) -> bool {
    for kind in [ItemKind::IdempotencyKey, ItemKind::PrivateKey] {
        if desk.forget_item(kind, id).await.is_err() {
            return false;
        }
    }
    true
}

fn labelled(networks: Vec<String>, asked: &[TrustedEntry]) -> Vec<TrustedEntry> {
    let labels: HashMap<&str, &str> =
        asked.iter().filter_map(|entry| Some((entry.network.as_str(), entry.label.as_deref()?))).collect();
    networks
        .into_iter()
        .map(|network| TrustedEntry { label: labels.get(network.as_str()).map(|&label| label.to_owned()), network })
        .collect()
}
