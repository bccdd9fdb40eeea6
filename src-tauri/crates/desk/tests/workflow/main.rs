//! The workflow against the real practice service, over a keyring that fails when told to.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first thing that is not as it should be")]

mod away;
mod creation;
mod cut_answers;
mod interrupted;
mod notes;
mod panic;
mod practice_data;
mod recovery;
mod restoring;
mod support;
