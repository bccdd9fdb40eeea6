//! What the keyring keeps of a token besides its secret: the record for a lost database, and the keys of one being made.

use uuid::Uuid;
use vault::{ItemKind, Secret};

use crate::desk::{Desk, token_record};
use crate::error::Error;
use crate::token::KnownToken;

/// Keeps in the keyring what the app knows of a token besides its secret.
pub(crate) async fn keep_token_record(desk: &Desk, token: &KnownToken) -> Result<(), Error> {
    let text = token_record::encode(token).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
    desk.keep(ItemKind::TokenRecord, token.id, &token.name, Secret::new(text)).await?;
    let id = token.id;
    desk.on_store(move |store| store.record_is_kept(id)).await
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
