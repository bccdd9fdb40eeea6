use desk::recovery;
use page_types::{AppError, Startup, TokenView, Unfinished};
use tauri::State;

use crate::app::App;
use crate::system::trace;

/// What the page starts with. Neither the keyring nor the network is touched.
#[tauri::command]
pub(super) async fn startup(app: State<'_, App>) -> Result<Startup, AppError> {
    let mut startup = Startup {
        draft: None,
        tokens: Vec::new(),
        unfinished: Vec::new(),
        safe: None,
        loss: None,
        version: env!("CARGO_PKG_VERSION"),
        problems: Vec::new(),
    };
    match app.desk().await {
        Ok(desk) => {
            startup.draft = desk.on_store(|store| store.draft()).await?.map(Into::into);
            startup.loss = desk.lost().map(Into::into);
            startup.safe = Some(desk.safe().into());
            startup.tokens = desk.tokens().await?.into_iter().map(TokenView::from).collect();
            let open = desk.on_store(|store| store.open_attempts()).await?;
            let lost = |id| startup.tokens.iter().any(|token| token.id == id && token.secret_is_gone());
            startup.unfinished =
                open.iter().map(|attempt| Unfinished::new(attempt, lost(attempt.id))).collect::<Result<_, _>>()?;
        }
        Err(error) => startup.problems.push(error.into()),
    }
    Ok(startup)
}

/// Starts the practice service.
#[tauri::command]
pub(super) async fn begin_practice(app: State<'_, App>) -> Result<(), AppError> {
    let desk = app.desk().await?;
    trace::practice(desk.practice().url().await?.as_str());
    if desk.lost().is_none() {
        // What a failing keyring did not take then, it may take now; nobody waits for it.
        drop(recovery::keep_missing_records(desk).await);
    }
    Ok(())
}

/// The form can be filled in.
#[tauri::command]
pub(super) fn usable() {
    trace::usable();
}
