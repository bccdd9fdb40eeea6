//! Notes that a person writes to their tokens.

use uuid::Uuid;

use crate::desk::Desk;
use crate::desk::items::keep_token_record;
use crate::error::Error;
use crate::token::note::Note;

/// Keeps a note, or takes away the one that there was: in the database, and in the record of the token in the keyring, from
/// which a lost list is made anew.
///
/// A keyring that refuses keeps nobody from writing: [`recovery::keep_missing_records`](crate::recovery::keep_missing_records)
/// asks it again at the next start.
pub async fn keep(desk: &Desk, id: Uuid, note: Option<Note>) -> Result<(), Error> {
    // A token that is being forgotten must not get a record again.
    let _not_while_it_comes_or_goes = desk.creating().await;
    let noted = desk.on_store(move |store| {
        store.keep_note(id, note.as_ref())?;
        store.token(id)
    });
    drop(keep_token_record(desk, &noted.await?).await);
    Ok(())
}
