use desk::creation;
use desk::service::OtpCode;
use page_types::{AppError, Draft, Settled};
use tauri::State;
use uuid::Uuid;

use crate::app::App;
use crate::system::trace;

/// Finds out what became of creations that were interrupted, and finishes them. After an error it can be asked again.
#[tauri::command]
pub(super) async fn finish_creations(app: State<'_, App>) -> Result<Vec<Settled>, AppError> {
    let desk = app.desk().await?;
    let settled = creation::resume(desk, &trace::step).await?;
    let form = desk.on_store(|store| store.draft()).await?;
    Ok(settled.into_iter().map(|settled| Settled::new(settled, form.clone())).collect())
}

/// Asks no more about creations that cannot be found out.
#[tauri::command]
pub(super) async fn give_up_creations(app: State<'_, App>) -> Result<(), AppError> {
    Ok(creation::give_up(app.desk().await?).await?)
}

/// The person has seen what became of a creation: the next start does not tell it again.
#[tauri::command]
pub(super) async fn creation_seen(app: State<'_, App>, id: Uuid) -> Result<(), AppError> {
    Ok(app.desk().await?.on_store(move |store| store.told(id)).await?)
}

/// Revokes a token whose secret is gone; answers the form for its successor.
#[tauri::command]
pub(super) async fn revoke_for_renewal(app: State<'_, App>, id: Uuid, code: String) -> Result<Draft, AppError> {
    let code = OtpCode::parse(&code)?;
    let draft = creation::revoke_for_renewal(app.desk().await?, id, &code).await?;
    Ok(draft.into())
}
