use std::collections::BTreeSet;

use uuid::Uuid;

use crate::desk::Desk;
use crate::error::Error;
use crate::error::endpoint::EndpointError;
use crate::form::draft::Draft;
use crate::service::otp_code::OtpCode;
use crate::token::{KnownToken, TrustedEntry};

/// Revokes a token, forgets it here, and answers the form for its successor, which is kept as the draft.
///
/// For a token whose secret is gone. Whatever is cut off in between can be asked again: a token that its service no
/// longer knows counts as revoked, and needs no code.
pub async fn revoke_for_renewal(desk: &Desk, id: Uuid, code: &OtpCode) -> Result<Draft, Error> {
    let _one_at_a_time = desk.creating().await;
    let token = desk.on_store(move |store| store.token(id)).await?;
    if desk.fetch(token.token_type.item_kind(), id).await?.is_some() {
        // A keyring that was away is back, say: what was thought of the token is no longer true.
        desk.on_store(move |store| store.forget_check(id)).await?;
        return Err(Error::SecretFound);
    }
    let endpoint = desk.endpoint(token.destination).await?;
    let listed = endpoint.list().await?;
    if let Some(found) = listed.into_iter().find(|row| row.api_key == token.api_key) {
        match endpoint.revoke(&found.id, code).await {
            // Revoked by somebody else just now.
            Ok(_) => {}
            // It may be done all the same, and then the code is spent.
            Err(error @ (EndpointError::NoAnswer | EndpointError::ServiceFailed { .. })) => {
                let Ok(listed) = endpoint.list().await else { return Err(error.into()) };
                if listed.iter().any(|row| row.api_key == token.api_key) {
                    return Err(error.into());
                }
            }
            Err(error) => return Err(error.into()),
        }
    }
    let draft = Draft::like(&token);
    let kept = draft.clone();
    desk.on_store(move |store| store.replace(id, &kept)).await?;
    // What opens nothing any more may stay behind in a keyring that refuses just now.
    drop(desk.forget_items(id).await);
    Ok(draft)
}

impl Draft {
    /// The form that would make a token like this one.
    fn like(token: &KnownToken) -> Self {
        let entry = |entry: &TrustedEntry| match &entry.label {
            Some(label) => format!("{} # {label}", entry.network),
            None => entry.network.clone(),
        };
        Self {
            id: Uuid::new_v4(),
            destination: token.destination,
            token_type: Some(token.token_type),
            name: token.name.clone(),
            trusted_ips: token.trusted_ips.iter().map(entry).collect::<Vec<_>>().join("\n"),
            any_address: token.trusted_ips.is_empty(),
            script_place: None,
            permissions: BTreeSet::clone(&token.permissions),
        }
    }
}
