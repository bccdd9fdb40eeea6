//! Which address the world sees, by agreement of independent sources.
//!
//! A machine behind a router cannot know its own public address; it has to ask somebody, and whoever is asked can lie.
//! So [`detect`] asks several operators at once, per [`Family`], and calls an address [`Status::Confirmed`] only when two of
//! *different* operators say the same. An operator has one vote however many sources it runs.
//!
//! The crate speaks HTTPS only (plain HTTP to this machine itself excepted), follows no redirect, reads no more than it
//! needs, and takes nothing for an answer but one public address of the family that was asked for. It keeps nothing, and
//! asks nobody until [`detect`] or [`lookup`] is called.

mod answer;
mod certificates;
mod command;
mod defaults;
mod detection;
mod error;
mod hint;
mod host;
mod interfaces;
mod local;
mod lookup;
mod options;
mod parse;
mod resolver;
mod row;
mod source;
mod sources;
mod tally;

pub use answer::Answer;
pub use command::{ServerCommand, Shell, server_commands};
pub use defaults::{default_sources, three_commas_sources};
pub use detection::{Detection, Finding, detect};
pub use error::{Declared, Error, SourceError};
pub use hint::{Hint, hints};
pub use interfaces::InterfaceKind;
pub use local::{LocalAddress, LocalNetwork};
pub use lookup::{Host, HostAddress, LookupError, MOST_ADDRESSES, lookup};
pub use options::{Authorities, Options, Proxying};
pub use row::{RowError, RowErrors, RowProblem, SourceRow};
pub use source::{Family, Format, Source};
pub use sources::{Sources, SourcesWarning};
pub use tally::Status;

/// What the README shows compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
