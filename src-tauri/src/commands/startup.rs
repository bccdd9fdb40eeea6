use desk::creation::resume;
use tauri::State;

use super::tokens::views;
use crate::app::App;
use crate::ipc::{AppError, Startup, TokenView};
use crate::trace;

/// What the page starts with. Neither the keyring nor the network is touched.
#[tauri::command]
pub(super) async fn startup(app: State<'_, App>) -> Result<Startup, AppError> {
    let mut startup =
        Startup { draft: None, tokens: Vec::new(), version: env!("CARGO_PKG_VERSION"), problems: Vec::new() };
    match app.desk().await {
        Ok(desk) => {
            startup.draft = desk.on_store(|store| store.draft()).await?.map(Into::into);
            startup.tokens = views(desk).await?;
        }
        Err(error) => startup.problems.push(error.into()),
    }
    Ok(startup)
}

/// Starts the practice service and finishes what a crash left open; answers the tokens found that way.
#[tauri::command]
pub(super) async fn begin_practice(app: State<'_, App>) -> Result<Vec<TokenView>, AppError> {
    let desk = app.desk().await?;
    trace::practice(desk.practice().url().await?.as_str());
    let resumed = resume(desk).await?;
    Ok(resumed.iter().map(|token| TokenView::new(token, None)).collect())
}

/// The form can be filled in.
#[tauri::command]
pub(super) fn usable() {
    trace::usable();
}
