//! Files and directories that are one person's alone (mode 0600 and 0700 on Unix), and files that are whole or not there.
//!
//! - [`DataDir`] is a directory that one process owns; [`DataDir::prepare`] makes or accepts one without owning it.
//! - [`open`], [`open_or_make`], [`read`] and [`find`] take what is there, if nobody else can have put it there.
//! - [`replace`] and [`create`] write a file in one step: a kill, a full disk or an error at any moment leaves what was there
//!   before. [`stage`] and [`draft`] are their first half.
//! - [`remove`], [`rename`] and [`set_aside`] change names, [`sweep`] takes away what a kill left unfinished.
//!
//! What others can write, what belongs to another user (also for root) and what is a link, a pipe or a device is refused as
//! [`Error::Unsafe`] and left as it is. Always the open file is looked at and changed, never its path after the look.

pub mod core_dumps;
mod data_dir;
mod directory;
mod error;
mod file;
mod names;
mod new_file;
mod staged;
mod system;

pub use data_dir::DataDir;
pub use error::{Error, Unsafe};
pub use file::{Found, find, open, open_or_make, read};
pub use names::{exists, remove, rename, set_aside, sync_directory_of};
pub use new_file::create;
pub use staged::{Staged, draft, replace, stage, sweep};
