//! A crash must not write memory, secrets and all, to a file.

use std::io;

/// Switches core dumps off for this process and, since the limit is inherited (getrlimit(2)), for every one that it starts:
/// a web view's among them. The hard limit too, so that none of them can switch them on again.
///
/// On Windows, where it is the system that decides about crash reports, nothing is done.
pub fn switch_off() -> io::Result<()> {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) })?;
    }
    Ok(())
}
