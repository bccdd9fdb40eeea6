//! The rooms of this crate, top to bottom.

#[test]
fn every_import_runs_downwards() {
    rooms::hold(
        env!("CARGO_MANIFEST_DIR"),
        &[
            // a list, its text, and changes of both
            "edit",
            "tidy",
            "merge parse subnet",
            "list reader",
            // a text cut into pieces
            "brackets overlap plain",
            "cut segment",
            // a piece read
            "read",
            "decorations",
            "range",
            "digits names reading unbracketed",
            // a network judged
            "judge",
            "entry resolvers special",
            // what all of them need
            "canonical characters count policy radix verdict",
        ],
    );
}
