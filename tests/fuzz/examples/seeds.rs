//! Writes what the fuzzer starts from: the texts of the tables that the tests read, a file each.
//!
//! They are made anew from the tables and not kept, so that they cannot fall behind them.

#[allow(dead_code)]
#[path = "../../../src-tauri/crates/trusted-ips/tests/table/mod.rs"]
mod table;

use std::path::Path;
use std::{fs, io};

fn main() -> io::Result<()> {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/trusted_ips");
    fs::create_dir_all(&seeds)?;
    for (name, table) in TABLES {
        for (at, row) in table::rows(table, 7).iter().enumerate() {
            fs::write(seeds.join(format!("{name}-{at}")), &row.text)?;
        }
    }
    Ok(())
}

const TABLES: [(&str, &str); 2] = [
    ("corpus", include_str!("../../../src-tauri/crates/trusted-ips/tests/corpus/trusted_ips.tsv")),
    ("rules", include_str!("../../../src-tauri/crates/trusted-ips/tests/corpus/rules.tsv")),
];
