use page_types::{AppError, CheckView, TokenView};
use tauri::State;
use uuid::Uuid;

use crate::app::App;

/// Tokens whose secret is held in memory only, then all recorded ones, newest first.
#[tauri::command]
pub(super) async fn list_tokens(app: State<'_, App>) -> Result<Vec<TokenView>, AppError> {
    Ok(app.desk().await?.tokens().await?.into_iter().map(TokenView::from).collect())
}

/// Verifies a token with one signed call.
#[tauri::command]
pub(super) async fn check_token(app: State<'_, App>, id: Uuid) -> Result<CheckView, AppError> {
    let check = desk::check::check(app.desk().await?, id).await?;
    Ok(CheckView::from(&check))
}

/// Forgets a token and its keyring item on this computer.
#[tauri::command]
pub(super) async fn forget_token(app: State<'_, App>, id: Uuid) -> Result<(), AppError> {
    Ok(app.desk().await?.forget(id).await?)
}
