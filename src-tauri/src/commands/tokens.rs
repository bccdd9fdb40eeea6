use desk::{Desk, Error};
use tauri::State;
use uuid::Uuid;

use crate::app::App;
use crate::ipc::{AppError, CheckView, TokenView};

/// Tokens whose secret is held in memory only, then all recorded ones, newest first.
#[tauri::command]
pub(super) async fn list_tokens(app: State<'_, App>) -> Result<Vec<TokenView>, AppError> {
    let recorded = views(app.desk().await?).await?;
    for token in &recorded {
        // Its stored answer may have been kept in the meantime.
        drop(app.release(token.id));
    }
    let held = app.held_tokens();
    let held = held.iter().map(|token| TokenView { secret_kept: false, ..TokenView::new(token, None) });
    Ok(held.chain(recorded).collect())
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
    app.desk().await?.forget(id).await?;
    drop(app.release(id));
    Ok(())
}

pub(super) async fn views(desk: &Desk) -> Result<Vec<TokenView>, Error> {
    desk.on_store(|store| {
        let view = |token: &desk::Token| Ok(TokenView::new(token, store.check(token.id)?.as_ref()));
        store.tokens()?.iter().map(view).collect()
    })
    .await
}
