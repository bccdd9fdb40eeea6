use std::process::{self, Command};
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::{skipped, tried};

/// Whether network namespaces can be made and entered, as whole computers of a test's own.
#[must_use]
pub fn network_namespaces() -> bool {
    static MADE: AtomicUsize = AtomicUsize::new(0);
    let name = format!("permitted-{}-{}", process::id(), MADE.fetch_add(1, Ordering::Relaxed));
    let ip = |words: &[&str]| tried(Command::new("ip").arg("netns").args(words));

    // Some containers let one be made and not be entered.
    let permitted = ip(&["add", &name]).and_then(|()| ip(&["exec", &name, "true"]));
    let _ = ip(&["delete", &name]);
    permitted
        .inspect_err(|why| {
            skipped(&format!("network namespaces are not permitted here (they take root and iproute2): {why}"));
        })
        .is_ok()
}
