//! The data directory, the database in it, and what is sealed there.

pub(crate) mod data_dir;
pub(crate) mod database;
pub(crate) mod random;
pub(crate) mod schema;
pub(crate) mod seal;
pub(crate) mod state_key;
pub(crate) mod thread;
