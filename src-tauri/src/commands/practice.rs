use page_types::{AppError, Authenticator, PracticeCode};
use practice::CodeNow;
use qrcode::QrCode;
use qrcode::types::Color;
use tauri::State;
use time::OffsetDateTime;

use crate::app::App;

/// A code of the practice account that is still unused, or how long to wait for one.
#[tauri::command]
pub(super) async fn practice_code(app: State<'_, App>) -> Result<PracticeCode, AppError> {
    Ok(match app.desk().await?.practice().unused_code().await? {
        CodeNow::Code { code, seconds_left } => PracticeCode { code: Some(code), seconds_left },
        CodeNow::Wait { seconds } => PracticeCode { code: None, seconds_left: seconds },
    })
}

/// What an authenticator app needs to make codes for the practice account.
#[tauri::command]
pub(super) async fn practice_authenticator(app: State<'_, App>) -> Result<Authenticator, AppError> {
    let (secret, uri) = app.desk().await?.practice().authenticator().await?;
    let code = QrCode::new(uri.as_bytes()).map_err(|_| AppError::new(desk::Code::Internal))?;
    Ok(Authenticator {
        secret: secret.as_bytes().chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>().join(" "),
        qr_size: code.width(),
        qr_path: path(&code),
    })
}

/// Puts practice data that cannot be opened any more aside and starts anew.
#[tauri::command]
pub(super) async fn start_practice_over(app: State<'_, App>) -> Result<(), AppError> {
    let stamp = OffsetDateTime::now_utc().unix_timestamp().to_string();
    Ok(app.desk().await?.practice().start_over(&stamp).await?)
}

/// One square of one unit for each dark module.
fn path(code: &QrCode) -> String {
    let width = code.width();
    let dark = code.to_colors().into_iter().enumerate().filter(|(_, color)| *color == Color::Dark);
    dark.map(|(index, _)| format!("M{} {}h1v1h-1z", index % width, index / width)).collect()
}
