//! What is left in the memory of the process when a secret is done with.

use std::fs::{self, File};
use std::os::unix::fs::FileExt;

use base64::Engine;
use vault::{ItemKind, Place, Secret, Vault};
use zeroize::{Zeroize, Zeroizing};

use crate::session::{in_private_session, item};

#[test]
fn no_copy_of_a_secret_stays_in_memory() {
    in_private_session(|home| {
        let bus = home.start_bus();
        let _keyring = bus.start_keyring();
        let vault = Vault::system();
        let item = item(ItemKind::HmacSecret);
        let held = Secret::new(canary());
        assert!(copies(&raw()) >= 1, "the search finds what is there");
        vault.keep(&item, "Token Desk: canary", &held).unwrap();
        drop(vault.fetch(&item).unwrap().unwrap());
        drop(held);
        vault.forget(&item).unwrap();
        assert_eq!(copies(&raw()), 0);
    });
}

#[test]
fn no_copy_of_a_secret_in_the_file_nor_of_its_passphrase_stays_in_memory() {
    in_private_session(|home| {
        let bus = home.start_bus();
        let _keyring = bus.start_keyring();
        let in_base64 = encoded();
        let text = Zeroizing::new(in_base64.iter().map(|byte| !byte).collect::<Vec<_>>());
        assert!(copies(&in_base64) >= 1, "the search finds what is there in base64");
        drop(text);
        assert_eq!((copies(&raw()), copies(&in_base64)), (0, 0));

        let vault = Vault::for_person(home.path().join("secrets.age")).with_work_factor(2);
        let item = item(ItemKind::HmacSecret);
        let held = Secret::new(canary());
        vault.keep(&item, "Token Desk: canary", &held).unwrap();
        // The passphrase is the canary in base64, so that one search finds both.
        let passphrase = || {
            let mut text = Zeroizing::new(vec![0; 64]);
            base64::engine::general_purpose::STANDARD.encode_slice(&*Zeroizing::new(canary()), &mut text).unwrap();
            Secret::from(text)
        };
        vault.move_to_file(item.installation, &passphrase()).unwrap();
        assert_eq!(vault.place(), Place::File);
        vault.keep(&item, "Token Desk: canary", &held).unwrap();
        // Looked at once, before another call writes over what this one left.
        drop(held);
        assert_eq!((copies(&raw()), copies(&in_base64)), (0, 0));
        vault.change_passphrase(&passphrase(), &passphrase()).unwrap();
        drop(vault.fetch(&item).unwrap().unwrap());
        drop(vault);

        let vault = Vault::for_person(home.path().join("secrets.age"));
        vault.open_file(&passphrase()).unwrap();
        drop(vault.fetch(&item).unwrap().unwrap());
        vault.move_to_keyring(item.installation).unwrap();
        vault.forget(&item).unwrap();
        assert_eq!((copies(&raw()), copies(&in_base64)), (0, 0));
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

/// The canary without its ends, where an allocator writes its own. Inverted, so that the search does not find what it searches with.
fn raw() -> Vec<u8> {
    (16..SIZE).map(|index| !byte(index)).collect()
}

/// The same in base64, as it is in the file.
fn encoded() -> Vec<u8> {
    let mut text = Zeroizing::new([0; 64]);
    base64::engine::general_purpose::STANDARD.encode_slice(&*Zeroizing::new(canary()), &mut *text).unwrap();
    text[16..48].iter().map(|byte| !byte).collect()
}

/// How often this lies in writable memory.
fn copies(masked: &[u8]) -> usize {
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
                found += occurrences(part, masked);
            }
        }
        page.zeroize();
    }
    found
}

fn occurrences(part: &[u8], masked: &[u8]) -> usize {
    part.windows(masked.len()).filter(|window| window.iter().zip(masked).all(|(byte, mask)| *byte == !mask)).count()
}
