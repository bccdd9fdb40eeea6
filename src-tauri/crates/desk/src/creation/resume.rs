use time::OffsetDateTime;
use uuid::Uuid;
use vault::ItemKind;

use super::attempt::{Creation, NotKept, abandon, finish, record};
use super::{Attempt, Stage};
use crate::destination::{EndpointError, ListedToken, TokenRequest};
use crate::store::Check;
use crate::{Desk, Error, Token, TokenType, TrustedEntry};

/// Settles what a crash or a cut connection left open; returns the tokens that turned out to exist.
///
/// Each open attempt is sent again as it was, without a code: the stored answer means that it had happened, a question
/// for a code that it had not (design section 7).
pub async fn resume(desk: &Desk) -> Result<Vec<Token>, Error> {
    let _one_at_a_time = desk.creating().await;
    Ok(settle_all(desk).await?.into_iter().map(|creation| creation.token).collect())
}

/// As [`resume`], for a caller that holds the creation lock. Every returned creation is kept and recorded.
pub(super) async fn settle_all(desk: &Desk) -> Result<Vec<Creation>, Error> {
    let mut settled = Vec::new();
    for attempt in desk.on_store(|store| store.open_attempts()).await? {
        match attempt.stage {
            Stage::Journalled => abandon(desk, &attempt).await,
            Stage::Submitted => settled.extend(settle(desk, &attempt).await?),
        }
    }
    Ok(settled)
}

async fn settle(desk: &Desk, attempt: &Attempt) -> Result<Option<Creation>, Error> {
    let creation = match replay(desk, attempt).await? {
        Some(creation) => Some(creation),
        None => find_in_list(desk, attempt).await?,
    };
    match creation {
        None if desk
            .on_store({
                let id = attempt.id;
                move |store| store.is_recorded(id)
            })
            .await? =>
        {
            Ok(None)
        }
        Some(Creation { kept: Err(NotKept { error, .. }), .. }) => Err(error.into()),
        Some(creation) => Ok(Some(creation)),
        None => {
            abandon(desk, attempt).await;
            Ok(None)
        }
    }
}

/// The stored answer, or `None` where the service has none (any more).
async fn replay(desk: &Desk, attempt: &Attempt) -> Result<Option<Creation>, Error> {
    let Some(key) = desk.fetch(ItemKind::IdempotencyKey, attempt.id).await? else { return Ok(None) };
    let Some(key) = key.expose_str().and_then(|key| key.parse::<Uuid>().ok()) else { return Ok(None) };
    match desk.endpoint(attempt.destination).await?.create(&attempt.request, &key, None).await {
        Ok(issued) => Ok(Some(finish(desk, attempt, issued).await?)),
        // The service looks for a stored answer before it asks for codes: there is none.
        Err(
            EndpointError::OtpExhausted
            | EndpointError::OtpInvalid
            | EndpointError::OtpLocked { .. }
            | EndpointError::OtpRequired
            | EndpointError::OtpReused
            | EndpointError::RecordInvalid { .. },
        ) => Ok(None),
        Err(
            error @ (EndpointError::AnswerInvalid(_)
            | EndpointError::NoAnswer
            | EndpointError::OutOfSpace
            | EndpointError::Refused { .. }
            | EndpointError::SessionInvalid
            | EndpointError::ServiceFailed { .. }
            | EndpointError::Unreachable),
        ) => Err(Error::CreationUnfinished(error)),
    }
}

/// Answers are stored for a day, tokens for ever: an older attempt is known by its fingerprint.
async fn find_in_list(desk: &Desk, attempt: &Attempt) -> Result<Option<Creation>, Error> {
    let listed = desk.endpoint(attempt.destination).await?.list().await.map_err(Error::CreationUnfinished)?;
    let Some(found) = listed.into_iter().find(|row| row.request_fingerprint == attempt.fingerprint) else {
        return Ok(None);
    };
    let token = listed_token(attempt, found)?;
    record(desk, &token).await?;
    let kind = match token.token_type {
        TokenType::SelfGenerated => ItemKind::PrivateKey,
        TokenType::SystemGenerated => ItemKind::HmacSecret,
    };
    if desk.fetch(kind, token.id).await?.is_some() {
        return Ok(Some(Creation { token, as_asked: true, kept: Ok(attempt.started_at) }));
    }
    // Nothing can open the stored answer any more: the token is shown as what it is, and is no use to anybody.
    let gone = Check::secret_gone(OffsetDateTime::now_utc());
    desk.on_store(move |store| store.keep_check(token.id, &gone)).await?;
    Ok(None)
}

fn listed_token(attempt: &Attempt, found: ListedToken) -> Result<Token, Error> {
    let request: TokenRequest =
        serde_json::from_str(&attempt.request).map_err(|_| EndpointError::AnswerInvalid("journal"))?;
    let label = |network: &str| attempt.trusted_ips.iter().find(|entry| entry.network == network)?.label.clone();
    let token_type: TokenType = request.token_type;
    Ok(Token {
        id: attempt.id,
        destination: attempt.destination,
        token_type,
        name: found.name,
        api_key: found.api_key,
        trusted_ips: found
            .trusted_ips
            .into_iter()
            .map(|network| TrustedEntry { label: label(&network), network })
            .collect(),
        permissions: found.permissions,
        created_at: found.created_at,
    })
}
