//! What a script needs of a token, for the person to see, copy or save.

use std::path::PathBuf;

use keys::KeyPair;
use uuid::Uuid;
use vault::{ItemKind, Secret};
use zeroize::Zeroizing;

use crate::blocking::blocking;
use crate::desk::Desk;
use crate::error::Error;
use crate::secrets::file;
use crate::token::TokenType;

/// A private key as PKCS#8 PEM, a secret as it was issued.
pub async fn readable(desk: &Desk, id: Uuid) -> Result<Zeroizing<String>, Error> {
    if let Some(held) = desk.unkept().text(id) {
        return Ok(held);
    }
    match desk.on_store(move |store| store.token(id)).await?.token_type {
        TokenType::SelfGenerated => {
            let der = desk.secret(ItemKind::PrivateKey, id).await?;
            Ok(KeyPair::from_pkcs8_der(der.expose())?.private_pem())
        }
        TokenType::SystemGenerated => {
            let secret = desk.secret(ItemKind::HmacSecret, id).await?;
            let text = secret.expose_str().ok_or(Error::SecretGone)?;
            Ok(Zeroizing::new(text.to_owned()))
        }
    }
}

/// [Writes](file::save) what a script needs into a new file of the person's choice.
pub async fn save_for_script(desk: &Desk, id: Uuid, path: PathBuf) -> Result<(), Error> {
    let token = desk.token(id).await?;
    let secret = Secret::from(readable(desk, id).await?);
    blocking(move || file::save(&path, &token, &secret)).await?;
    desk.unkept().saved(id);
    Ok(())
}
