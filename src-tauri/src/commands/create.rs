use desk::creation::{keep_again, send};
use desk::service::OtpCode;
use page_types::{AppError, Created, Draft, KeyReady, Proof, ProofStep};
use tauri::State;
use uuid::Uuid;

use crate::app::App;
use crate::system::trace;

/// Makes the RSA pair of the form, or answers for the one that there is.
#[tauri::command]
pub(super) async fn prepare_key(app: State<'_, App>) -> Result<KeyReady, AppError> {
    let ready = app.key.prepare(|key| KeyReady { bits: key.pair.bits(), millis: key.millis }).await?;
    Ok(ready)
}

/// Zeroises a pair that is not wanted any more.
#[tauri::command]
pub(super) async fn discard_key(app: State<'_, App>) -> Result<(), AppError> {
    app.key.discard().await;
    Ok(())
}

/// Makes the token. On an error the draft and the pair stay, to try again.
#[tauri::command]
pub(super) async fn create_token(app: State<'_, App>, draft: Draft, code: String) -> Result<Created, AppError> {
    let code = OtpCode::parse(&code)?;
    let desk = app.desk().await?;
    let key = app.key.take().await;
    match send(desk, draft.into(), key.as_ref().map(|key| &key.pair), &code, &trace::step).await {
        Ok(sent) => {
            app.key.discard().await;
            Ok(Created::new(&sent.creation, sent.form))
        }
        Err(error) => {
            app.key.put_back(key).await;
            Err(error.into())
        }
    }
}

/// Lets a trusted caller in and a stranger be turned away.
#[tauri::command]
pub(super) async fn prove_token(app: State<'_, App>, id: Uuid) -> Result<Vec<Proof>, AppError> {
    let proof = desk::check::prove(app.desk().await?, id).await?;
    Ok(Proof::of_calls(&proof))
}

/// Tries the keyring once more with a secret that it did not take.
#[tauri::command]
pub(super) async fn keep_secret_again(app: State<'_, App>, id: Uuid) -> Result<Proof, AppError> {
    let at = keep_again(app.desk().await?, id).await?;
    Ok(Proof::done(ProofStep::Kept, at))
}
