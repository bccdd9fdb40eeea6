//! The rooms of this crate, top to bottom.

#[test]
fn every_import_runs_downwards() {
    rooms::hold(
        env!("CARGO_MANIFEST_DIR"),
        &["moving", "vault", "keyring", "bounded file platform store", "error item secret"],
    );
}
