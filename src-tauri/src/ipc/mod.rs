//! What crosses between the page and Rust: plain data, converted at once on either side.
//!
//! `ui/src/lib/bindings.ts` is generated from these types and the signatures of the commands.

mod draft;
mod error;
mod token;

pub use draft::{
    Added, AddressStatus, Detected, Draft, DraftCheck, EntryView, Family, KeyReady, Missing, NameProblem, Offered,
    OfferedStatus, ScriptPlace, SourceAnswer, TrustedIpsView, Verdict,
};
pub use error::{AppError, Field};
pub(crate) use token::rfc3339;
pub use token::{
    Authenticator, CheckView, Created, Destination, Outcome, Permission, PracticeCode, Proof, ProofState, ProofStep,
    Risk, RiskWord, Startup, TokenType, TokenView, TrustedIpView,
};
