//! Which way imports run.

#[test]
fn imports_run_downwards() {
    rooms::hold(
        env!("CARGO_MANIFEST_DIR"),
        &["data_dir new_file core_dumps", "staged", "names file", "directory", "system", "error"],
    );
}
