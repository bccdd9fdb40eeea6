//! Which way imports run.

#[test]
fn imports_run_downwards() {
    rooms::hold(
        env!("CARGO_MANIFEST_DIR"),
        &[
            "service",
            "config http",
            "public_api shared",
            "account",
            "tokens",
            "conditions problems record storage",
            "documented error",
            "headers words",
        ],
    );
}
