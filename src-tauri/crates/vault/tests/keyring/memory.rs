//! What is left in the memory of the process when a secret is done with.

use std::fs::{self, File};
use std::os::unix::fs::FileExt;

use vault::{ItemKind, Secret, Vault};

use crate::session::{in_private_session, item};

#[test]
fn no_copy_of_a_secret_stays_in_memory() {
    in_private_session(|home| {
        let bus = home.start_bus();
        let _keyring = bus.start_keyring();
        let vault = Vault::system();
        let item = item(ItemKind::HmacSecret);
        let held = Secret::new(canary());
        assert!(copies() >= 1, "the search finds what is there");
        vault.keep(&item, "Token Desk: canary", &held).unwrap();
        drop(vault.fetch(&item).unwrap().unwrap());
        drop(held);
        vault.forget(&item).unwrap();
        assert_eq!(copies(), 0);
    });
}

const SIZE: u8 = 48;
const STEP: usize = 4096;
const UNTOUCHED: [u8; 2 * STEP] = [0; 2 * STEP];

/// Made when asked for, so that the program text does not hold it.
fn canary() -> Vec<u8> {
    (0..SIZE).map(byte).collect()
}

fn byte(index: u8) -> u8 {
    index.wrapping_mul(37) ^ 0x5c
}

/// How often all but the ends of the canary (where an allocator writes its own) lie in writable memory.
fn copies() -> usize {
    // Inverted, so that the search does not find what it searches with.
    let masked: Vec<u8> = (16..SIZE).map(|index| !byte(index)).collect();
    let memory = File::open("/proc/self/mem").unwrap();
    let maps = fs::read_to_string("/proc/self/maps").unwrap();
    let mut found = 0;
    for line in maps.lines().filter(|line| line.contains(" rw")) {
        let (start, end) = line.split(' ').next().unwrap().split_once('-').unwrap();
        let start = u64::from_str_radix(start, 16).unwrap();
        let end = u64::from_str_radix(end, 16).unwrap();
        let mut page = vec![0; usize::try_from(end - start).unwrap()];
        if memory.read_exact_at(&mut page, start).is_err() {
            continue;
        }
        for start in (0..page.len()).step_by(STEP) {
            let end = page.len().min(start + STEP + masked.len() - 1);
            let part = &page[start..end];
            // Most memory was never written: skipping it saves most of the time.
            if part != &UNTOUCHED[..part.len()] {
                found += occurrences(part, &masked);
            }
        }
        zeroize::Zeroize::zeroize(&mut page);
    }
    found
}

fn occurrences(part: &[u8], masked: &[u8]) -> usize {
    part.windows(masked.len()).filter(|window| window.iter().zip(masked).all(|(byte, mask)| *byte == !mask)).count()
}
