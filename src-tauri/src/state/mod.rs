//! What lives as long as the app, each part for itself.

pub(crate) mod closing;
pub(crate) mod detecting;
pub(crate) mod key_slot;
pub(crate) mod keyring_waits;
