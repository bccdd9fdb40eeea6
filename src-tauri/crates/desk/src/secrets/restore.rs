use std::path::PathBuf;

use uuid::Uuid;

use crate::blocking::blocking;
use crate::check::try_out;
use crate::desk::Desk;
use crate::desk::items::keep_token_record;
use crate::error::Error;
use crate::secrets::file;
use crate::store::checks::Check;

/// Keeps again what is gone here, from the file that the person [saved](file::save) it to, and answers whether the
/// token works.
///
/// Nothing is kept that the service has not seen to be this token's: [`Error::FileNotOfToken`] where it is another's or the file
/// has nothing of it, [`Error::NotProven`] where the service cannot be asked or no longer knows the token.
/// [`Error::SecretFound`] if it is not gone: a file that is mistaken for another would take its place.
pub async fn restore(desk: &Desk, id: Uuid, path: PathBuf) -> Result<Check, Error> {
    let _one_at_a_time = desk.creating().await;
    let token = desk.on_store(move |store| store.token(id)).await?;
    let kind = token.token_type.item_kind();
    if desk.fetch(kind, id).await?.is_some() {
        desk.on_store(move |store| store.forget_check(id)).await?;
        return Err(Error::SecretFound);
    }
    let (of, from) = (token.clone(), path.clone());
    let secret = blocking(move || file::read(&from, &of)).await?;
    let check = try_out(desk, &token, &secret).await?;
    match check.code.as_str() {
        // The service looks at the signature before the rest.
        "ok" | "untrusted-address" | "forbidden" => {}
        "signature-invalid" => return Err(Error::FileNotOfToken(path)),
        _ => return Err(Error::NotProven),
    }
    desk.keep(kind, id, &token.name, secret).await?;
    desk.unkept().release(id);
    let kept = check.clone();
    desk.on_store(move |store| store.keep_check(id, &kept)).await?;
    // As after a creation: what the keyring refuses just now is done at a next start, or stays without harm.
    drop(keep_token_record(desk, &token).await);
    drop(desk.forget_item(vault::ItemKind::IdempotencyKey, id).await);
    Ok(check)
}
