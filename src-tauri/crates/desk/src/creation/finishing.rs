use std::collections::HashMap;

use time::OffsetDateTime;
use vault::{ItemKind, Secret};

use crate::creation::step::{OnStep, Step};
use crate::desk::Desk;
use crate::desk::items::keep_token_record;
use crate::error::Error;
use crate::error::endpoint::EndpointError;
use crate::service::token_endpoint::IssuedToken;
use crate::store::attempt::Attempt;
use crate::token::{Token, TokenType, TrustedEntry};

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
/// The service's stored answer can still be opened with the idempotency key, for 24 hours, by [`resume`](crate::creation::resume()).
#[derive(Debug)]
pub struct NotKept {
    /// What the keyring said.
    pub error: vault::Error,
    /// To be shown, or kept by [`keep_again`].
    pub secret: Secret,
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
    let copy = Secret::new(secret.expose().to_vec());
    desk.keep(ItemKind::HmacSecret, token.id, &token.name, copy).await?;
    Ok(OffsetDateTime::now_utc())
}

pub(super) async fn record(desk: &Desk, token: &Token, on_step: OnStep<'_>) -> Result<(), Error> {
    let row = token.clone();
    desk.on_store(move |store| store.record(&row)).await?;
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
