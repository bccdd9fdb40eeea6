//! The window, its system and this process.

pub(crate) mod clipboard;
pub(crate) mod file_dialog;
pub(crate) mod panics;
pub(crate) mod trace;
pub(crate) mod window;
pub(crate) mod words;
