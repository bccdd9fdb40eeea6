//! Who may call the public API, and what a client did wrong who may not.

pub(crate) mod diagnosis;
pub(crate) mod guard;
pub(crate) mod identify;
mod mistakes;
