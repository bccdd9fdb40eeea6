//! Which way imports run.

#[test]
fn imports_run_downwards() {
    rooms::hold(
        env!("CARGO_MANIFEST_DIR"),
        &[
            "startup",
            "unfinished",
            "creation",
            "draft",
            "detection network_steps note server sources token",
            "error family loss practice safe trusted_ips",
            "mirrored moment",
        ],
    );
}
