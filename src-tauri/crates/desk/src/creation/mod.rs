//! Making a token so that no crash loses a secret and no retry makes a second token.
//!
//! `draft -> journalled -> submitted -> secret kept -> recorded -> told`. Each arrow is on disk before the next step
//! begins; [`resume`] takes up what a crash left between two of them.

pub(crate) mod attempt;
pub(crate) mod finishing;
pub(crate) mod renewal;
pub(crate) mod resume;
pub(crate) mod sending;
pub(crate) mod step;

pub use attempt::create;
pub use finishing::{Creation, keep_again};
pub use renewal::revoke_for_renewal;
pub use resume::{Settled, give_up, resume};
pub use sending::{Sent, send};
pub use step::{OnStep, Step};
