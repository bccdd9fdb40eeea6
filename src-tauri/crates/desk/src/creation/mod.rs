//! Making a token so that no crash loses a secret and no retry makes a second token.
//!
//! `draft -> journalled -> submitted -> secret kept -> recorded -> told`. Each arrow is on disk before the next step
//! begins; [`resume`] takes up what a crash left between two of them.

mod attempt;
mod draft;
mod journal;
mod otp_code;
mod renewal;
mod resume;
mod step;

pub use attempt::{Creation, NotKept, create, keep_again};
pub(crate) use attempt::{forget_keys, idempotency_key};
pub use draft::{CompleteDraft, Draft, DraftCheck, DraftContext, Missing, ScriptPlace};
pub use journal::{Attempt, Stage};
pub use otp_code::OtpCode;
pub use renewal::revoke_for_renewal;
pub use resume::{Settled, give_up, resume};
pub use step::{OnStep, Step};
