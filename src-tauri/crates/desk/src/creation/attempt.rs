use std::collections::HashMap;

use keys::KeyPair;
use time::OffsetDateTime;
use uuid::Uuid;
use vault::{ItemKind, Secret};

use super::{Attempt, CompleteDraft, OtpCode, Stage, resume};
use crate::destination::{EndpointError, IssuedToken, TokenRequest};
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
) -> Result<Creation, Error> {
    let _one_at_a_time = desk.creating().await;
    for settled in resume::settle_all(desk).await? {
        if settled.token.id == draft.id {
            // The form may have been changed since that request left.
            let as_asked = describes(&draft, &settled.token);
            return Ok(Creation { as_asked, ..settled });
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
    if let Err(error) = keep_items(desk, attempt.id, &label, key, &idempotency_key).await {
        abandon(desk, &attempt).await;
        return Err(error.into());
    }
    submit(desk, &attempt, &idempotency_key, code).await
}

/// What must be safe before anything leaves: the private key, and the key that opens the service's stored answer.
async fn keep_items(
    desk: &Desk,
    id: Uuid,
    label: &str,
    key: Option<&KeyPair>,
    idempotency_key: &Uuid,
) -> Result<(), vault::Error> {
    if let Some(key) = key {
        desk.keep(ItemKind::PrivateKey, id, label, Secret::new(key.private_pkcs8_der().to_vec())).await?;
    }
    let replay = Secret::new(idempotency_key.to_string().into_bytes());
    desk.keep(ItemKind::IdempotencyKey, id, &format!("{label} (being made)"), replay).await
}

fn describes(draft: &CompleteDraft, token: &Token) -> bool {
    draft.token_type == token.token_type
        && draft.name.as_str() == token.name
        && draft.permissions == token.permissions
        && draft.trusted_ips.iter().map(|entry| &entry.network).eq(token.trusted_ips.iter().map(|entry| &entry.network))
}

async fn submit(desk: &Desk, attempt: &Attempt, key: &Uuid, code: &OtpCode) -> Result<Creation, Error> {
    let endpoint = match desk.endpoint(attempt.destination).await {
        Ok(endpoint) => endpoint,
        Err(error) => {
            abandon(desk, attempt).await;
            return Err(error);
        }
    };
    let id = attempt.id;
    desk.on_store(move |store| store.advance(id, Stage::Submitted)).await?;
    match endpoint.create(&attempt.request, key, Some(code)).await {
        Ok(issued) => finish(desk, attempt, issued).await,
        Err(error) => {
            if !error.leaves_open() {
                abandon(desk, attempt).await;
            }
            Err(error.into())
        }
    }
}

/// Keeps the secret, then records the token: in this order, so that no recorded token lacks its secret.
pub(super) async fn finish(desk: &Desk, attempt: &Attempt, issued: IssuedToken) -> Result<Creation, Error> {
    let request: TokenRequest =
        serde_json::from_str(&attempt.request).map_err(|_| EndpointError::AnswerInvalid("journal"))?;
    let as_asked = request.name == issued.name
        && request.trusted_ips == issued.trusted_ips
        && request.permissions == issued.permissions;
    let token = Token {
        id: attempt.id,
        destination: attempt.destination,
        token_type: request.token_type,
        name: issued.name,
        api_key: issued.api_key,
        trusted_ips: labelled(issued.trusted_ips, &attempt.trusted_ips),
        permissions: issued.permissions,
        created_at: issued.created_at,
    };
    let kept = match (request.token_type, issued.secret) {
        (TokenType::SelfGenerated, _) => Ok(attempt.started_at),
        (TokenType::SystemGenerated, Some(secret)) => {
            keep_secret(desk, &token, &secret).await.map_err(|error| NotKept { error, secret })
        }
        (TokenType::SystemGenerated, None) => return Err(EndpointError::AnswerInvalid("secret").into()),
    };
    if kept.is_ok() {
        record(desk, &token).await?;
    }
    Ok(Creation { token, as_asked, kept })
}

/// Tries the keyring once more with a secret that it did not take, and records the token. Can be repeated.
pub async fn keep_again(desk: &Desk, token: &Token, secret: &Secret) -> Result<OffsetDateTime, Error> {
    let kept_at = keep_secret(desk, token, secret).await?;
    record(desk, token).await?;
    Ok(kept_at)
}

async fn keep_secret(desk: &Desk, token: &Token, secret: &Secret) -> Result<OffsetDateTime, vault::Error> {
    let label = format!("Token Desk: {}", token.name);
    let copy = Secret::new(secret.expose().to_vec());
    desk.keep(ItemKind::HmacSecret, token.id, &label, copy).await?;
    Ok(OffsetDateTime::now_utc())
}

pub(super) async fn record(desk: &Desk, token: &Token) -> Result<(), Error> {
    let row = token.clone();
    desk.on_store(move |store| store.record(&row)).await?;
    // Its work is done; should the keyring refuse just now, a key to nothing stays behind.
    drop(desk.forget_item(ItemKind::IdempotencyKey, token.id).await);
    Ok(())
}

/// Ends an attempt that made no token. What cannot be cleaned up now is cleaned up by the next [`super::resume`].
pub(super) async fn abandon(desk: &Desk, attempt: &Attempt) {
    let id = attempt.id;
    for kind in [ItemKind::IdempotencyKey, ItemKind::PrivateKey] {
        if desk.forget_item(kind, id).await.is_err() {
            return;
        }
    }
    drop(desk.on_store(move |store| store.abandon(id)).await);
}

fn labelled(networks: Vec<String>, asked: &[TrustedEntry]) -> Vec<TrustedEntry> {
    let labels: HashMap<&str, &str> =
        asked.iter().filter_map(|entry| Some((entry.network.as_str(), entry.label.as_deref()?))).collect();
    networks
        .into_iter()
        .map(|network| TrustedEntry { label: labels.get(network.as_str()).map(|&label| label.to_owned()), network })
        .collect()
}
