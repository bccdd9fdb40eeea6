use desk::{Error, Note};
use page_types::{AppError, CheckView, NoteCheck, TokenView};
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

/// Looks at a note, as often as it changes.
#[tauri::command]
pub(super) async fn check_note(text: String) -> Result<NoteCheck, AppError> {
    Ok(desk::NoteCheck::of(&text).into())
}

/// Keeps a note to a token; an empty one takes away what there was.
#[tauri::command]
pub(super) async fn keep_note(app: State<'_, App>, id: Uuid, text: String) -> Result<Option<String>, AppError> {
    let note = Note::parse(&text).map_err(Error::from)?;
    let kept = note.as_ref().map(|note| note.as_str().to_owned());
    desk::notes::keep(app.desk().await?, id, note).await?;
    Ok(kept)
}
