use desk::Error;
use desk::creation::{Creation, DraftContext, NotKept, OtpCode, create, keep_again};
use page_types::{AppError, Created, Draft, KeyReady, Proof, ProofStep, TokenView};
use tauri::State;
use uuid::Uuid;

use crate::app::App;
use crate::commands::tokens::listed;
use crate::state::key_slot::Prepared;
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
    let names = desk.on_store(|store| store.names()).await?;
    let context = DraftContext { taken_names: &names, key_ready: app.key.is_ready() };
    let draft = desk::creation::Draft::from(draft);
    let complete = draft.complete(context).map_err(Error::DraftIncomplete)?;
    // The page keeps what is typed with a delay: should this be the end, the form is there as it was sent.
    desk.on_store(move |store| store.keep_draft(Some(&draft))).await?;
    let key = app.key.take().await;
    match create(desk, complete, key.as_ref().map(|Prepared { pair, .. }| pair), &code, &trace::step).await {
        Ok(creation) => {
            app.key.discard().await;
            let token = creation.token.clone();
            // The token exists: a form that cannot be let go of now must not hide it.
            let form = desk.on_store(move |store| store.release_draft(&token)).await.unwrap_or_default();
            Ok(created(&app, creation, form))
        }
        Err(error) => {
            if let Some(key) = key {
                app.key.put_back(key).await;
            }
            // What was left open before may have been kept all the same.
            drop(listed(&app).await);
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
    let desk = app.desk().await?;
    let at = match app.unkept.get(id) {
        Some((token, secret)) => keep_again(desk, &token, &secret).await?,
        // Kept in the meantime, by finishing what was left open.
        None => {
            let token = desk.on_store(move |store| store.token(id)).await?;
            drop(desk.secret(token.token_type.item_kind(), id).await?);
            token.created_at
        }
    };
    app.unkept.release(id);
    Ok(Proof::done(ProofStep::Kept, at))
}

pub(super) fn created(app: &App, creation: Creation, form: Option<desk::creation::Draft>) -> Created {
    let mut token = TokenView::new(&creation.token, None);
    let made = if creation.as_asked {
        Proof::done(ProofStep::Made, creation.token.created_at)
    } else {
        Proof::failed(ProofStep::Made, "differs")
    };
    let form = form.map(Into::into);
    match creation.kept {
        Ok(at) => Created { token, proofs: vec![Proof::done(ProofStep::Kept, at), made], not_kept: None, form },
        Err(NotKept { error, secret }) => {
            token.secret_kept = false;
            app.unkept.hold(creation.token, secret);
            let kept = Proof::failed(ProofStep::Kept, desk::vault_code(&error).as_str());
            Created { token, proofs: vec![kept, made], not_kept: Some(error.into()), form }
        }
    }
}

#[cfg(test)]
mod tests {
    use desk::destination::Destination;
    use desk::{Token, TokenType};
    use time::OffsetDateTime;
    use vault::Secret;

    use super::*;

    /// The page hears that it was not kept, and can ask to see it; it is not sent along.
    #[test]
    fn a_secret_that_was_not_kept_stays_on_this_side() {
        let canary = "canary-5f2c-9a71";
        let id = Uuid::new_v4();
        let token = Token {
            id,
            destination: Destination::Practice,
            token_type: TokenType::SystemGenerated,
            name: "Home bot".to_owned(),
            api_key: "practice1".to_owned(),
            trusted_ips: Vec::new(),
            permissions: [].into(),
            created_at: OffsetDateTime::UNIX_EPOCH,
        };
        let app = App::new(std::path::PathBuf::new());
        let not_kept = NotKept { error: vault::Error::Locked, secret: Secret::from(canary.to_owned()) };
        let created = created(&app, Creation { token, as_asked: true, kept: Err(not_kept) }, None);
        let sent = serde_json::to_string(&created).unwrap();
        let bytes: String = canary.bytes().map(|byte| byte.to_string()).collect::<Vec<_>>().join(",");
        for text in [sent.clone(), format!("{created:?} {:?}", app.unkept)] {
            assert!(!text.contains(canary) && !text.contains(&bytes), "{text}");
        }
        assert!(sent.contains("keyring-locked") && sent.contains("practice1"), "{sent}");
        assert_eq!(app.unkept.secret(id).as_deref().map(String::as_str), Some(canary), "it is held");
    }
}
