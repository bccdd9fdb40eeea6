//! What crosses between the page and Rust: plain data, converted at once on either side.
//!
//! It knows no Tauri, so that what is generated from it, `ui/src/lib/bindings.ts`, is there in seconds.

mod creation;
mod detection;
mod draft;
mod error;
mod family;
mod loss;
mod mirrored;
mod moment;
mod network_steps;
mod note;
mod practice;
mod safe;
mod server;
mod sources;
mod startup;
mod token;
mod trusted_ips;
mod unfinished;

use ts_rs::{Config, TS};

/// Declares which types the page has: each is here for Rust and in [`declarations`] for TypeScript.
macro_rules! types {
    ($($file:ident: $($name:ident),+;)+) => {
        $(pub use self::$file::{$($name),+};)+

        /// The TypeScript of every type, by name.
        pub fn declarations() -> Vec<String> {
            let mut named = vec![$($(declaration::<self::$file::$name>()),+),+];
            named.sort();
            named.into_iter().map(|(_, declaration)| declaration).collect()
        }
    };
}

types! {
    creation: Created, KeyReady, Proof, ProofState, ProofStep;
    detection: Added, AddressStatus, DetectTrouble, Detected, Hint, Offered, OfferedStatus, OwnNetwork, SourceAnswer;
    draft: Draft, DraftCheck, Missing, NameProblem, ScriptPlace;
    error: AppError, Field;
    family: Family;
    loss: Loss, Rebuilt;
    network_steps: NetworkCare, NetworkStep, NetworkSteps;
    note: NoteCheck;
    practice: Authenticator, PracticeCode;
    safe: Safe, SafePlace;
    server: HostAddress, HostLookup, ServerCommand, Shell;
    sources: AddressSource, AddressSources, KeptSources;
    startup: Startup;
    token: CheckView, Destination, Outcome, Permission, Risk, RiskWord, TokenType, TokenView, TrustedIpView;
    trusted_ips: EntryView, LabelledAddress, ListCounts, ListEdit, MergeView, TidyChange, TidyView, TrustedIpsView, Verdict;
    unfinished: Settled, Unfinished, UnfinishedStage;
}

/// What the page's fields hold people to, by name.
pub const LIMITS: &[(&str, usize)] = &[("label", trusted_ips::LABEL_TYPED), ("note", desk::NOTE_MAX)];

fn declaration<T: TS>() -> (String, String) {
    let config = Config::default();
    (T::ident(&config), T::decl(&config))
}
