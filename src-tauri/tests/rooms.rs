//! Which way imports run.

#[test]
fn the_shells_imports_run_downwards() {
    rooms::hold(env!("CARGO_MANIFEST_DIR"), &["commands", "app", "state system"]);
}
