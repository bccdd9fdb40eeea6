//! Makes a pair and shows it: `cargo run -p keys --example make -- --bits 4096`.
//!
//! Standard output has the private key (PKCS#8 PEM), then the public key (SPKI PEM); standard error
//! has one line of JSON with the length, the fingerprint and the milliseconds it took. A length that
//! 3Commas does not take is an error (exit code 2).

use std::error::Error;
use std::io::{self, Write};
use std::time::Instant;

use clap::Parser;
use keys::{Bits, KeyPair};

/// Makes an RSA key pair.
#[derive(Parser)]
struct Arguments {
    /// Length of the modulus: 2048 or 4096.
    #[arg(long, default_value = "4096", value_parser = bits)]
    bits: Bits,
}

fn main() -> Result<(), Box<dyn Error>> {
    let Arguments { bits } = Arguments::parse();
    let start = Instant::now();
    let pair = KeyPair::generate(bits)?;
    let made = serde_json::json!({
        "bits": pair.bits(),
        "fingerprint": pair.public().fingerprint(),
        "millis": start.elapsed().as_millis() as u64,
    });
    let mut out = io::stdout().lock();
    out.write_all(pair.private_pem().as_bytes())?;
    out.write_all(pair.public_pem().as_bytes())?;
    eprintln!("{made}");
    Ok(())
}

fn bits(text: &str) -> Result<Bits, String> {
    let number: u32 = text.parse().map_err(|_| "give a number of bits".to_owned())?;
    Bits::try_from(number).map_err(|error| error.to_string())
}
