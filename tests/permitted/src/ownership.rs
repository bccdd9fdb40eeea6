use std::os::unix::fs::chown;
use std::path::Path;

use crate::skipped;

/// Gives a file or folder to another user; `false` where that may not be done, as by all but root, nor by root in a
/// namespace that knows no other user.
#[must_use]
pub fn give_away(path: &Path) -> bool {
    chown(path, Some(ANOTHER), Some(ANOTHER))
        .inspect_err(|why| skipped(&format!("nothing can be given to another user here (it takes root): {why}")))
        .is_ok()
}

/// Not `nobody`, 65534: that may be who runs the tests.
const ANOTHER: u32 = 65_533;
