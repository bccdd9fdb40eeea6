use time::OffsetDateTime;

use crate::creation::finishing::{Creation, finish, labelled, record};
use crate::creation::step::{OnStep, Step};
use crate::desk::Desk;
use crate::desk::items::{forget_keys, idempotency_key};
use crate::error::Error;
use crate::service::token_endpoint::ListedToken;
use crate::store::attempt::{Attempt, Stage};
use crate::store::checks::Check;
use crate::token::KnownToken;

/// What became of a creation that was interrupted.
#[derive(Debug)]
pub enum Settled {
    /// The token exists, and its secret or private key is kept. If not, it is told again, as long as the service has its answer.
    Made(Creation),
    /// No token exists: the same form can be sent again.
    NotMade(Attempt),
    /// The token exists, and its secret or private key is lost for ever: it is of no use to anybody.
    SecretGone(KnownToken),
}

/// Settles what a crash or a cut connection left open, oldest first, and says what became of it.
///
/// Each open attempt is sent again as it was, without a code: the stored answer means that it had happened, a question
/// for a code that it had not. What the person has not seen yet is among the answers until
/// [`DeskStore::told`](crate::store::DeskStore::told). After an error everything can be asked again.
pub async fn resume(desk: &Desk, on_step: OnStep<'_>) -> Result<Vec<Settled>, Error> {
    let _one_at_a_time = desk.creating().await;
    let mut settled = Vec::new();
    for attempt in desk.on_store(|store| store.open_attempts()).await? {
        settled.extend(match attempt.stage {
            Stage::Recorded => recorded(desk, &attempt, on_step).await?,
            Stage::NotMade => Some(Settled::NotMade(attempt)),
            Stage::Journalled | Stage::Submitted => Some(settle(desk, attempt, on_step).await?),
        });
    }
    Ok(settled)
}

/// Asks no more about what is left open, because the person says so, and tells no more of what has an end.
///
/// Only what is open is forgotten, with its keys: a token that came of it lives on at its service. What was recorded in the
/// meantime stays.
pub async fn give_up(desk: &Desk) -> Result<(), Error> {
    let _one_at_a_time = desk.creating().await;
    for Attempt { id, stage, .. } in desk.on_store(|store| store.open_attempts()).await? {
        if matches!(stage, Stage::Journalled | Stage::Submitted) {
            desk.forget_items(id).await?;
            desk.on_store(move |store| store.forget(id)).await?;
        } else {
            desk.on_store(move |store| store.told(id)).await?;
        }
    }
    Ok(())
}

/// As [`resume`], for a caller that holds the creation lock; without those that are settled and only not yet seen.
pub(super) async fn settle_all(desk: &Desk, on_step: OnStep<'_>) -> Result<Vec<Settled>, Error> {
    let mut settled = Vec::new();
    for attempt in desk.on_store(|store| store.open_attempts()).await? {
        if matches!(attempt.stage, Stage::Journalled | Stage::Submitted) {
            settled.push(settle(desk, attempt, on_step).await?);
        }
    }
    Ok(settled)
}

async fn settle(desk: &Desk, attempt: Attempt, on_step: OnStep<'_>) -> Result<Settled, Error> {
    if attempt.stage == Stage::Submitted {
        if let Some(settled) = replayed(desk, &attempt, on_step).await? {
            return Ok(settled);
        }
        if let Some(settled) = find_in_list(desk, &attempt, on_step).await? {
            return Ok(settled);
        }
    }
    // What cannot be cleaned up now is found out once more at the next start.
    if forget_keys(desk, attempt.id).await {
        let id = attempt.id;
        desk.on_store(move |store| store.advance(id, Stage::NotMade)).await?;
    }
    Ok(Settled::NotMade(attempt))
}

/// A token that was recorded before the person saw it; `None` if it has been forgotten since.
async fn recorded(desk: &Desk, attempt: &Attempt, on_step: OnStep<'_>) -> Result<Option<Settled>, Error> {
    let id = attempt.id;
    let token = match desk.on_store(move |store| store.token(id)).await {
        Err(Error::TokenUnknown) => return Ok(None),
        token => token?,
    };
    match with_its_secret(desk, attempt, token).await? {
        // It may have been recorded while the keyring was away: the key that opens the stored answer is back, perhaps.
        Settled::SecretGone(token) => {
            Ok(Some(replayed(desk, attempt, on_step).await?.unwrap_or(Settled::SecretGone(token))))
        }
        settled => Ok(Some(settled)),
    }
}

/// A recorded token is only worth what its secret or private key is.
async fn with_its_secret(desk: &Desk, attempt: &Attempt, token: KnownToken) -> Result<Settled, Error> {
    if desk.fetch(token.token_type.item_kind(), token.id).await?.is_some() {
        let as_asked = attempt.describes(&token);
        return Ok(Settled::Made(Creation { token, as_asked, kept: Ok(attempt.started_at) }));
    }
    // The token is shown as what it is.
    let (id, gone) = (token.id, Check::secret_gone(OffsetDateTime::now_utc()));
    desk.on_store(move |store| store.keep_check(id, &gone)).await?;
    Ok(Settled::SecretGone(token))
}

/// What the stored answer says, or `None` where the service has none (any more).
async fn replayed(desk: &Desk, attempt: &Attempt, on_step: OnStep<'_>) -> Result<Option<Settled>, Error> {
    let Some(creation) = replay(desk, attempt, on_step).await? else { return Ok(None) };
    if creation.kept.is_err() {
        let token = creation.token.clone();
        desk.on_store(move |store| store.release_draft(&token)).await?;
        return Ok(Some(Settled::Made(creation)));
    }
    // A private key was kept long before: whether it still is there is to be seen.
    Ok(Some(with_its_secret(desk, attempt, creation.token).await?))
}

/// The stored answer, or `None` where the service has none (any more).
async fn replay(desk: &Desk, attempt: &Attempt, on_step: OnStep<'_>) -> Result<Option<Creation>, Error> {
    let Some(key) = idempotency_key(desk, attempt.id).await? else { return Ok(None) };
    match desk.endpoint(attempt.destination).await?.create(&attempt.request, &key, None).await {
        Ok(issued) => Ok(Some(finish(desk, attempt, issued, on_step).await?)),
        Err(error) if error.has_no_stored_answer() => Ok(None),
        Err(error) => Err(Error::CreationUnfinished(error)),
    }
}

/// Answers are stored for a day, tokens for ever: an older attempt is known by its fingerprint.
async fn find_in_list(desk: &Desk, attempt: &Attempt, on_step: OnStep<'_>) -> Result<Option<Settled>, Error> {
    let listed = desk.endpoint(attempt.destination).await?.list().await.map_err(Error::CreationUnfinished)?;
    let Some(found) = listed.into_iter().find(|row| row.request_fingerprint == attempt.request_fingerprint) else {
        return Ok(None);
    };
    on_step(Step::Answered);
    let token = listed_token(attempt, found)?;
    // The key that may open the stored answer stays as long as the secret is not there.
    let row = token.clone();
    desk.on_store(move |store| store.record(&row)).await?;
    let settled = with_its_secret(desk, attempt, token).await?;
    if let Settled::Made(made) = &settled {
        record(desk, &made.token, on_step).await?;
    }
    Ok(Some(settled))
}

fn listed_token(attempt: &Attempt, found: ListedToken) -> Result<KnownToken, Error> {
    Ok(KnownToken {
        id: attempt.id,
        destination: attempt.destination,
        token_type: attempt.asked()?.token_type,
        name: found.name,
        api_key: found.api_key,
        trusted_ips: labelled(found.trusted_ips, &attempt.trusted_ips),
        permissions: found.permissions,
        created_at: found.created_at,
        note: None,
    })
}
