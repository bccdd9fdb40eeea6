use desk::{Token, TokenType, blocking, secret_file};
use keys::KeyPair;
use page_types::{AppError, CheckView};
use tauri::{State, WebviewWindow};
use uuid::Uuid;
use vault::{ItemKind, Secret};
use zeroize::Zeroizing;

use crate::app::App;
use crate::system::file_dialog;

/// Copies the public identifier.
#[tauri::command]
pub(super) async fn copy_api_key(app: State<'_, App>, id: Uuid) -> Result<(), AppError> {
    Ok(app.copy(&token(&app, id).await?.api_key)?)
}

/// Copies the private key or the secret, marked as sensitive, for 30 seconds.
#[tauri::command]
pub(super) async fn copy_secret(app: State<'_, App>, id: Uuid) -> Result<(), AppError> {
    let secret = readable(&app, id).await?;
    Ok(app.copy_secret(secret)?)
}

/// The private key or the secret, because the person asked to see it.
#[tauri::command]
pub(super) async fn show_secret(app: State<'_, App>, id: Uuid) -> Result<String, AppError> {
    Ok(readable(&app, id).await?.to_string())
}

/// Saves what a script needs into a file of the person's choice; answers where, or `None` if they chose none.
#[tauri::command]
pub(super) async fn save_secret(
    app: State<'_, App>,
    window: WebviewWindow,
    id: Uuid,
) -> Result<Option<String>, AppError> {
    let token = token(&app, id).await?;
    let Some(path) = file_dialog::where_to_save(&window, &token).await else { return Ok(None) };
    let secret = Secret::from(readable(&app, id).await?);
    let shown = path.display().to_string();
    blocking(move || secret_file::save(&path, &token, &secret)).await?;
    app.unkept.saved(id);
    Ok(Some(shown))
}

/// Keeps again what is gone here, from the file that the person saved; answers whether the token works, or `None` if they
/// chose no file.
#[tauri::command]
pub(super) async fn restore_secret(
    app: State<'_, App>,
    window: WebviewWindow,
    id: Uuid,
) -> Result<Option<CheckView>, AppError> {
    let Some(path) = file_dialog::which_was_saved(&window).await else { return Ok(None) };
    let check = desk::restore(app.desk().await?, id, path).await?;
    Ok(Some(CheckView::from(&check)))
}

/// One that is recorded, or that waits for its secret to be kept.
async fn token(app: &App, id: Uuid) -> Result<Token, AppError> {
    match app.unkept.token(id) {
        Some(token) => Ok(token),
        None => Ok(app.desk().await?.on_store(move |store| store.token(id)).await?),
    }
}

/// A private key as PKCS#8 PEM, a secret as it was issued.
async fn readable(app: &App, id: Uuid) -> Result<Zeroizing<String>, AppError> {
    if let Some(held) = app.unkept.secret(id) {
        return Ok(held);
    }
    let desk = app.desk().await?;
    match desk.on_store(move |store| store.token(id)).await?.token_type {
        TokenType::SelfGenerated => {
            let der = desk.secret(ItemKind::PrivateKey, id).await?;
            let pair = KeyPair::from_pkcs8_der(der.expose()).map_err(desk::Error::from)?;
            Ok(pair.private_pem())
        }
        TokenType::SystemGenerated => {
            let secret = desk.secret(ItemKind::HmacSecret, id).await?;
            let text = secret.expose_str().ok_or(desk::Error::SecretGone)?;
            Ok(Zeroizing::new(text.to_owned()))
        }
    }
}
