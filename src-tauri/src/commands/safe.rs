use desk::{Desk, Error};
use page_types::{AppError, Safe};
use tauri::State;
use vault::Secret;

use crate::app::App;

/// Where secrets are kept. Neither keyring nor passphrase is asked.
#[tauri::command]
pub(super) async fn safe(app: State<'_, App>) -> Result<Safe, AppError> {
    Ok(app.desk().await?.safe().into())
}

/// Whether the app has been waiting for the keyring for a while. Answers as soon as that is another than `seen`.
#[tauri::command]
pub(super) async fn keyring_waits(app: State<'_, App>, seen: bool) -> Result<bool, AppError> {
    Ok(app.keyring_waits.other_than(seen).await)
}

/// Opens the secrets file, once after each start.
#[tauri::command]
pub(super) async fn open_secrets_file(app: State<'_, App>, passphrase: String) -> Result<Safe, AppError> {
    let passphrase = Secret::from(passphrase);
    after(&app, async |desk| desk.open_secrets_file(passphrase).await).await
}

/// Moves all secrets from the keyring into a file under this passphrase.
#[tauri::command]
pub(super) async fn keep_in_file(app: State<'_, App>, passphrase: String) -> Result<Safe, AppError> {
    let passphrase = Secret::from(passphrase);
    after(&app, async |desk| desk.keep_in_file(passphrase).await).await
}

/// Puts a file that nobody can open aside, and begins an empty one under this passphrase.
#[tauri::command]
pub(super) async fn begin_new_secrets_file(app: State<'_, App>, passphrase: String) -> Result<Safe, AppError> {
    let passphrase = Secret::from(passphrase);
    after(&app, async |desk| desk.begin_new_secrets_file(passphrase).await).await
}

/// Moves all secrets from the file into the keyring.
#[tauri::command]
pub(super) async fn keep_in_keyring(app: State<'_, App>) -> Result<Safe, AppError> {
    after(&app, async |desk| desk.keep_in_keyring().await).await
}

/// Gives the secrets file another passphrase.
#[tauri::command]
pub(super) async fn change_passphrase(app: State<'_, App>, current: String, wanted: String) -> Result<Safe, AppError> {
    let (current, wanted) = (Secret::from(current), Secret::from(wanted));
    after(&app, async |desk| desk.change_passphrase(current, wanted).await).await
}

/// Where secrets are kept once that is changed.
async fn after<T>(app: &App, change: impl AsyncFnOnce(&Desk) -> Result<T, Error>) -> Result<Safe, AppError> {
    let desk = app.desk().await?;
    change(desk).await?;
    Ok(desk.safe().into())
}
