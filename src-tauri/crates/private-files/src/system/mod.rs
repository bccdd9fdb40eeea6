//! What systems do differently: who may open a file, and when a name is on the disk.

#[cfg(not(unix))]
mod elsewhere;
mod renaming;
#[cfg(unix)]
mod unix;

#[cfg(not(unix))]
pub(crate) use elsewhere::*;
#[cfg(unix)]
pub(crate) use unix::*;
