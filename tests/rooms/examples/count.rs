//! `cargo run -p rooms --example count -- FOLDER...`: what the crates in these folders look like, with their circles.

use std::path::Path;

fn main() {
    for folder in std::env::args().skip(1) {
        let house = rooms::House::of(Path::new(&folder));
        println!("{folder}: {house}");
        for circle in house.circles() {
            println!("  circle: {}", circle.join(", "));
        }
    }
}
