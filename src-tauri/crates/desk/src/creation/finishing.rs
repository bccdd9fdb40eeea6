use std::collections::HashMap;

use time::OffsetDateTime;
use uuid::Uuid;
use vault::{ItemKind, Secret};

use crate::creation::step::{OnStep, Step};
use crate::desk::Desk;
use crate::desk::items::keep_token_record;
use crate::error::Error;
use crate::error::endpoint::EndpointError;
use crate::service::token_endpoint::IssuedToken;
use crate::store::attempt::Attempt;
use crate::token::{KnownToken, TokenType, TrustedEntry};

/// A token that the service has made.
#[derive(Debug)]
pub struct Creation {
    /// As the service answered it, with the person's labels.
    pub token: KnownToken,
    /// The service's answer has every value as it was asked for.
    pub as_asked: bool,
    /// When the secret or private key was safe in the keyring, or what the keyring said instead: then the desk holds the secret,
    /// to be [shown](crate::secrets::readable), saved or [kept later](keep_again).
    pub kept: Result<OffsetDateTime, vault::Error>,
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
    let token = KnownToken {
        id: attempt.id,
        destination: attempt.destination,
        token_type,
        name: issued.name,
        api_key: issued.api_key,
        trusted_ips: labelled(issued.trusted_ips, &attempt.trusted_ips),
        permissions: issued.permissions,
        created_at: issued.created_at,
        note: None,
    };
    let as_asked = attempt.describes(&token);
    let kept = match (token_type, issued.secret) {
        (TokenType::SelfGenerated, _) => Ok(attempt.started_at),
        (TokenType::SystemGenerated, Some(secret)) => {
            let kept = keep_secret(desk, &token, &secret).await;
            match kept {
                Ok(_) => on_step(Step::SecretKept),
                // The service's stored answer can still be opened with the idempotency key, for 24 hours, by `resume`.
                Err(_) => desk.unkept().hold(token.clone(), secret),
            }
            kept
        }
        (TokenType::SystemGenerated, None) => return Err(EndpointError::AnswerInvalid("secret").into()),
    };
    if kept.is_ok() {
        record(desk, &token, on_step).await?;
    }
    Ok(Creation { token, as_asked, kept })
}

/// Tries the keyring once more with a secret that it did not take, and records the token; answers when it was safe. Can be
/// repeated.
pub async fn keep_again(desk: &Desk, id: Uuid) -> Result<OffsetDateTime, Error> {
    let _one_at_a_time = desk.creating().await;
    let Some((token, secret)) = desk.unkept().get(id) else {
        // Kept in the meantime, by finishing what was left open.
        let token = desk.on_store(move |store| store.token(id)).await?;
        drop(desk.secret(token.token_type.item_kind(), id).await?);
        return Ok(token.created_at);
    };
    let kept_at = keep_secret(desk, &token, &secret).await?;
    record(desk, &token, &|_| ()).await?;
    Ok(kept_at)
}

async fn keep_secret(desk: &Desk, token: &KnownToken, secret: &Secret) -> Result<OffsetDateTime, vault::Error> {
    let copy = Secret::new(secret.expose().to_vec());
    desk.keep(ItemKind::HmacSecret, token.id, &token.name, copy).await?;
    Ok(OffsetDateTime::now_utc())
}

pub(super) async fn record(desk: &Desk, token: &KnownToken, on_step: OnStep<'_>) -> Result<(), Error> {
    let row = token.clone();
    desk.on_store(move |store| store.record(&row)).await?;
    desk.unkept().release(token.id);
    on_step(Step::Recorded);
    drop(keep_token_record(desk, token).await);
    // Its work is done; should the keyring refuse just now, a key to nothing stays behind.
    drop(desk.forget_item(ItemKind::IdempotencyKey, token.id).await);
    on_step(Step::Finished);
    Ok(())
}

/// The entries as the service has them, with the labels that the person gave them.
pub(super) fn labelled(networks: Vec<String>, asked: &[TrustedEntry]) -> Vec<TrustedEntry> {
    let labels: HashMap<&str, &str> =
        asked.iter().filter_map(|entry| Some((entry.network.as_str(), entry.label.as_deref()?))).collect();
    networks
        .into_iter()
        .map(|network| TrustedEntry { label: labels.get(network.as_str()).map(|&label| label.to_owned()), network })
        .collect()
}
