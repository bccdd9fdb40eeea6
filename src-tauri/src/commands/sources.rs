use page_types::{AddressSource, AddressSources, AppError, KeptSources};
use public_address::{SourceRow, Sources};
use tauri::State;

use crate::app::App;

/// Whom the app asks for the person's address.
#[tauri::command]
pub(super) async fn address_sources(app: State<'_, App>) -> Result<AddressSources, AppError> {
    Ok(AddressSources::from(&app.address_sources().await))
}

/// Asks these from now on, if they can be asked.
#[tauri::command]
pub(super) async fn keep_address_sources(
    app: State<'_, App>,
    sources: Vec<AddressSource>,
) -> Result<KeptSources, AppError> {
    let rows: Vec<SourceRow> = sources.into_iter().map(Into::into).collect();
    let sources = match Sources::parse(&rows) {
        Ok(sources) => sources,
        Err(errors) => return Ok(KeptSources::refused(&errors)),
    };
    let kept = KeptSources::kept(&sources);
    app.desk().await?.on_store(move |store| store.keep_address_sources(Some(&sources))).await?;
    Ok(kept)
}

/// Asks those again that the app came with.
#[tauri::command]
pub(super) async fn usual_address_sources(app: State<'_, App>) -> Result<AddressSources, AppError> {
    app.desk().await?.on_store(|store| store.keep_address_sources(None)).await?;
    Ok(AddressSources::from(&Sources::default()))
}
