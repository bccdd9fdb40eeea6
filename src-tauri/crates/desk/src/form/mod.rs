//! What a person fills in to get a token.

pub(crate) mod draft;

pub use draft::{CompleteDraft, Draft, DraftCheck, DraftContext, Missing, ScriptPlace};
