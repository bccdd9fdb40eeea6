//! The rooms of this crate, top to bottom.

#[test]
fn every_import_runs_downwards() {
    rooms::hold(
        env!("CARGO_MANIFEST_DIR"),
        &[
            "hint",
            "detection",
            "resolver sources tally",
            "answer command defaults local parse row",
            "certificates lookup source",
            "error host interfaces options",
        ],
    );
}
