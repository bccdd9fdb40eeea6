use page_types::AppError;
use tauri::{State, WebviewWindow};

use crate::app::App;

/// Answers once the person wants to close the window: the names of the tokens whose secrets would go with it.
#[tauri::command]
pub(super) async fn closing_asked(app: State<'_, App>) -> Result<Vec<String>, AppError> {
    Ok(app.closing.asked().await)
}

/// Closes the window, whatever goes with it.
#[tauri::command]
pub(super) async fn close_window(window: WebviewWindow) {
    // It is on its way out already.
    drop(window.destroy());
}
