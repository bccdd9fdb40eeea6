//! What differs between operating systems: how to connect, what an entry may be given, and what the
//! native errors mean. Each module has the same five functions.

/// The error of a native library, inside one of keyring-core's.
pub(crate) type Native = dyn std::error::Error + Send + Sync;

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "macos")]
mod macos;
#[cfg(not(any(target_os = "linux", target_os = "macos", target_os = "windows")))]
mod unsupported;
#[cfg(target_os = "windows")]
mod windows;

#[cfg(target_os = "linux")]
pub(crate) use linux::{connect, failure, modifiers, no_access, relabel};
#[cfg(target_os = "macos")]
pub(crate) use macos::{connect, failure, modifiers, no_access, relabel};
#[cfg(not(any(target_os = "linux", target_os = "macos", target_os = "windows")))]
pub(crate) use unsupported::{connect, failure, modifiers, no_access, relabel};
#[cfg(target_os = "windows")]
pub(crate) use windows::{connect, failure, modifiers, no_access, relabel};
