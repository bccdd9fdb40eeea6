use desk::recovery;
use page_types::{AppError, Rebuilt};
use tauri::State;

use crate::app::App;

/// Brings back what the keyring and the service know of the tokens of a lost database. Can be repeated.
#[tauri::command]
pub(super) async fn rebuild_tokens(app: State<'_, App>) -> Result<Rebuilt, AppError> {
    Ok(recovery::rebuild(app.desk().await?).await?.into())
}

/// Goes on without what could not be brought back. What was set aside stays.
#[tauri::command]
pub(super) async fn give_up_rebuilding(app: State<'_, App>) -> Result<(), AppError> {
    Ok(recovery::give_up(app.desk().await?).await?)
}
