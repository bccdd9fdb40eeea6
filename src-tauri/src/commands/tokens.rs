use desk::{Desk, Error};
use page_types::{AppError, CheckView, TokenView};
use tauri::State;
use uuid::Uuid;

use crate::app::App;

/// Tokens whose secret is held in memory only, then all recorded ones, newest first.
#[tauri::command]
pub(super) async fn list_tokens(app: State<'_, App>) -> Result<Vec<TokenView>, AppError> {
    listed(&app).await
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
    app.unkept.release(id);
    Ok(())
}

/// The keyring is asked only for what is held.
pub(super) async fn listed(app: &App) -> Result<Vec<TokenView>, AppError> {
    let desk = app.desk().await?;
    let mut listed = views(desk).await?;
    for token in app.unkept.tokens().iter().rev() {
        if desk.secret(token.token_type.item_kind(), token.id).await.is_ok() {
            // Kept in the meantime, by finishing what was left open.
            app.unkept.release(token.id);
        } else if let Some(recorded) = listed.iter_mut().find(|recorded| recorded.id == token.id) {
            recorded.secret_kept = false;
        } else {
            listed.insert(0, TokenView { secret_kept: false, ..TokenView::new(token, None) });
        }
    }
    Ok(listed)
}

async fn views(desk: &Desk) -> Result<Vec<TokenView>, Error> {
    desk.on_store(|store| {
        let view = |token: &desk::Token| Ok(TokenView::new(token, store.check(token.id)?.as_ref()));
        store.tokens()?.iter().map(view).collect()
    })
    .await
}
