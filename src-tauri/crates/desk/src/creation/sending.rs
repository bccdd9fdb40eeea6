use keys::KeyPair;

use crate::creation::attempt::create;
use crate::creation::finishing::Creation;
use crate::creation::step::OnStep;
use crate::desk::Desk;
use crate::error::Error;
use crate::form::draft::{Draft, DraftContext};
use crate::service::otp_code::OtpCode;

/// What came of a form that was sent.
#[derive(Debug)]
pub struct Sent {
    /// The token.
    pub creation: Creation,
    /// The form as it is now: none, unless it was changed after this token was asked for.
    pub form: Option<Draft>,
}

/// Makes the token of the form as the person sent it. `key` is the RSA pair of a Self generated token, if it is ready.
///
/// On an error the form stays, to be sent again.
pub async fn send(
    desk: &Desk,
    draft: Draft,
    key: Option<&KeyPair>,
    code: &OtpCode,
    on_step: OnStep<'_>,
) -> Result<Sent, Error> {
    let names = desk.on_store(|store| store.names()).await?;
    let context = DraftContext { taken_names: &names, key_ready: key.is_some() };
    let complete = draft.complete(context).map_err(Error::DraftIncomplete)?;
    // What is typed is kept with a delay: should this be the end, the form is there as it was sent.
    desk.on_store(move |store| store.keep_draft(Some(&draft))).await?;
    let creation = create(desk, complete, key, code, on_step).await?;
    let token = creation.token.clone();
    // The token exists: a form that cannot be let go of now must not hide it.
    let form = desk.on_store(move |store| store.release_draft(&token)).await.unwrap_or_default();
    Ok(Sent { creation, form })
}
