//! What crosses between the page and Rust: plain data, converted at once on either side.
//!
//! `ui/src/lib/bindings.ts` is generated from these types and the signatures of the commands.

mod detection;
mod draft;
mod error;
mod loss;
mod network_steps;
mod safe;
mod server;
mod sources;
mod token;
mod trusted_ips;
mod unfinished;

pub use detection::{
    Added, AddressStatus, DetectTrouble, Detected, Family, Hint, Offered, OfferedStatus, OwnNetwork, SourceAnswer,
};
pub use draft::{Draft, DraftCheck, KeyReady, Missing, NameProblem, ScriptPlace};
pub use error::{AppError, Field};
pub use loss::{Loss, Rebuilt};
pub use network_steps::{NetworkCare, NetworkStep, NetworkSteps};
pub use safe::{Safe, SafePlace};
pub use server::{HostAddress, HostLookup, ServerCommand, Shell};
pub use sources::{AddressSource, AddressSources, KeptSources};
pub(crate) use token::rfc3339;
pub use token::{
    Authenticator, CheckView, Created, Destination, Outcome, Permission, PracticeCode, Proof, ProofState, ProofStep,
    Risk, RiskWord, Startup, TokenType, TokenView, TrustedIpView,
};
pub use trusted_ips::{
    EntryView, LabelledAddress, ListCounts, ListEdit, MergeView, TidyChange, TidyView, TrustedIpsView, Verdict,
};
pub use unfinished::{Settled, Unfinished, UnfinishedStage};
