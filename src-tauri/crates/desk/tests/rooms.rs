//! Which way imports run.

#[test]
fn imports_run_downwards() {
    rooms::hold(
        env!("CARGO_MANIFEST_DIR"),
        &[
            "secrets",
            "recovery",
            "creation",
            "addresses check notes",
            "desk",
            "store",
            "service",
            "error",
            "form",
            "token",
            "blocking labels",
        ],
    );
}
