use desk::secrets::{readable, restore, save_for_script};
use page_types::{AppError, CheckView};
use tauri::{State, WebviewWindow};
use uuid::Uuid;

use crate::app::App;
use crate::system::file_dialog;

/// Copies the public identifier.
#[tauri::command]
pub(super) async fn copy_api_key(app: State<'_, App>, id: Uuid) -> Result<(), AppError> {
    Ok(app.copy(&app.desk().await?.token(id).await?.api_key)?)
}

/// Copies the private key or the secret, marked as sensitive, for 30 seconds.
#[tauri::command]
pub(super) async fn copy_secret(app: State<'_, App>, id: Uuid) -> Result<(), AppError> {
    let secret = readable(app.desk().await?, id).await?;
    Ok(app.copy_secret(secret)?)
}

/// The private key or the secret, because the person asked to see it.
#[tauri::command]
pub(super) async fn show_secret(app: State<'_, App>, id: Uuid) -> Result<String, AppError> {
    Ok(readable(app.desk().await?, id).await?.to_string())
}

/// Saves what a script needs into a file of the person's choice; answers where, or `None` if they chose none.
#[tauri::command]
pub(super) async fn save_secret(
    app: State<'_, App>,
    window: WebviewWindow,
    id: Uuid,
) -> Result<Option<String>, AppError> {
    let desk = app.desk().await?;
    let token = desk.token(id).await?;
    let Some(path) = file_dialog::where_to_save(&window, &token).await else { return Ok(None) };
    let shown = path.display().to_string();
    save_for_script(desk, id, path).await?;
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
    let check = restore(app.desk().await?, id, path).await?;
    Ok(Some(CheckView::from(&check)))
}
