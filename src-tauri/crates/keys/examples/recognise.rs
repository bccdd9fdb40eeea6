//! Says what stands on standard input: `cargo run -p keys --example recognise < key.pem`.
//!
//! Reads to the end and prints one JSON line. Exits with 0 whatever was pasted.

use std::io::{self, Read};

use keys::{Field, recognise};
use serde::Serialize;
use zeroize::Zeroizing;

#[derive(Serialize)]
struct Line {
    kind: &'static str,
    in_public_field: &'static str,
    in_private_field: &'static str,
    message: String,
}

fn main() -> io::Result<()> {
    let mut pasted = Zeroizing::new(Vec::new());
    io::stdin().read_to_end(&mut pasted)?;
    let recognised = recognise(&pasted);
    let line = Line {
        kind: recognised.kind().as_str(),
        in_public_field: recognised.verdict(Field::Public).as_str(),
        in_private_field: recognised.verdict(Field::Private).as_str(),
        message: recognised.message(),
    };
    println!("{}", serde_json::to_string(&line)?);
    Ok(())
}
