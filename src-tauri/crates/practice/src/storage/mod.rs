//! The data directory, the database in it, and how what must stay secret is sealed there. Knows no table: what is stored brings
//! its own.

pub(crate) mod columns;
pub(crate) mod data_dir;
pub(crate) mod database;
pub(crate) mod database_thread;
pub(crate) mod failure;
pub(crate) mod file;
pub(crate) mod migrations;
pub(crate) mod random;
pub(crate) mod seal;
pub(crate) mod state_key;
