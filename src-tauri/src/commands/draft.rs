use desk::form::DraftContext;
use page_types::{AppError, Draft, DraftCheck};
use tauri::State;

use crate::app::App;

/// Looks at the form, as often as it changes. Works without the database: then no name is known to be taken.
#[tauri::command]
pub(super) async fn check_draft(app: State<'_, App>, draft: Draft) -> Result<DraftCheck, AppError> {
    let names = match app.desk().await {
        Ok(desk) => desk.on_store(|store| store.names()).await.unwrap_or_default(),
        Err(_) => Vec::new(),
    };
    let draft = desk::form::Draft::from(draft);
    let check = draft.check(DraftContext { taken_names: &names, key_ready: app.key.is_ready() });
    Ok(DraftCheck::new(&check))
}

/// Keeps the form for the next start.
#[tauri::command]
pub(super) async fn keep_draft(app: State<'_, App>, draft: Draft) -> Result<(), AppError> {
    let draft = draft.into();
    Ok(app.desk().await?.on_store(move |store| store.keep_draft(Some(&draft))).await?)
}
