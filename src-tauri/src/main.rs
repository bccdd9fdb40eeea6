//! The desktop app. Everything is in the library, so that tests can reach it.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

/// Libraries free buffers that held a secret without wiping them: what is freed is wiped here.
#[cfg(not(feature = "not-wiping"))]
#[global_allocator]
static WIPING: zeroizing_alloc::ZeroAlloc<std::alloc::System> = zeroizing_alloc::ZeroAlloc(std::alloc::System);

fn main() -> std::process::ExitCode {
    token_desk::run()
}
