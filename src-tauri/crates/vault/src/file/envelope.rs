//! The age format (<https://c2sp.org/age>) around a plaintext.

use std::io::{self, Read, Write};
use std::iter;

use age::{DecryptError, Decryptor, Encryptor, Identity, Recipient};
use zeroize::Zeroizing;

use crate::error::Error;

/// What age encrypts at a time, by its format.
const CHUNK: usize = 64 * 1024;

/// Encrypts `plaintext`, followed by `filler`, to `recipient`.
///
/// The library collects a chunk in a buffer which it does not wipe (age 0.12, `StreamWriter`). With a whole
/// chunk of filler at the end the buffer is overwritten before it is freed. That also hides how
/// much is kept.
pub(crate) fn seal(mut plaintext: Zeroizing<Vec<u8>>, filler: u8, recipient: &dyn Recipient) -> Result<Vec<u8>, Error> {
    let length = (plaintext.len().div_ceil(CHUNK) + 1) * CHUNK;
    if plaintext.capacity() < length {
        // Growing in place would leave the old buffer behind.
        let mut longer = Zeroizing::new(Vec::with_capacity(length));
        longer.extend_from_slice(&plaintext);
        plaintext = longer;
    }
    plaintext.resize(length, filler);
    encrypt(&plaintext, recipient).map_err(|error| Error::of_file("encrypted", &error))
}

fn encrypt(plaintext: &[u8], recipient: &dyn Recipient) -> io::Result<Vec<u8>> {
    let encryptor = Encryptor::with_recipients(iter::once(recipient)).map_err(|_| io::ErrorKind::InvalidInput)?;
    let mut sealed = Vec::new();
    let mut writer = encryptor.wrap_output(&mut sealed)?;
    writer.write_all(plaintext)?;
    writer.finish()?;
    Ok(sealed)
}

/// Why an envelope did not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unopened {
    /// Not as it was written.
    Damaged(&'static str),
    /// Made for another key or passphrase.
    OtherKey,
}

/// The plaintext, filler included.
pub(crate) fn open<'a>(
    sealed: &[u8],
    identities: impl Iterator<Item = &'a dyn Identity>,
) -> Result<Zeroizing<Vec<u8>>, Unopened> {
    let decryptor = Decryptor::new_buffered(sealed).map_err(|error| reason(&error))?;
    let mut reader = decryptor.decrypt(identities).map_err(|error| reason(&error))?;
    // Larger than the plaintext: it never grows.
    let mut plaintext = Zeroizing::new(Vec::with_capacity(sealed.len()));
    reader.read_to_end(&mut plaintext).map_err(|_| Unopened::Damaged("its content was changed or cut off"))?;
    Ok(plaintext)
}

fn reason(error: &DecryptError) -> Unopened {
    match error {
        DecryptError::DecryptionFailed | DecryptError::NoMatchingKeys => Unopened::OtherKey,
        DecryptError::ExcessiveWork { .. } => Unopened::Damaged("it asks for more work than any that was written here"),
        DecryptError::InvalidHeader | DecryptError::InvalidMac => Unopened::Damaged("its header was changed"),
        DecryptError::UnknownFormat => Unopened::Damaged("it is not in the age format"),
        DecryptError::Io(_) => Unopened::Damaged("it was cut off"),
        // Of plugins and of encrypted identities, neither of which is used here.
        _ => Unopened::Damaged("it is in a form of age that is not used here"),
    }
}

#[cfg(all(test, target_os = "linux"))]
#[allow(clippy::unwrap_used, reason = "helpers of tests are tests")]
mod tests {
    use std::fs::{self, File};
    use std::os::unix::fs::FileExt;

    use age::x25519;

    use super::*;

    #[test]
    fn the_librarys_buffer_holds_no_plaintext_when_it_is_freed() {
        let identity = x25519::Identity::generate();
        // Less than a chunk, and more than one, so that the first is followed by a part of another.
        for length in [20_000, CHUNK + 20_000] {
            let plaintext = Zeroizing::new((0..length).map(byte).collect());
            assert!(copies() > 0, "the search finds what is there");
            let sealed = seal(plaintext, b' ', &identity.to_public()).unwrap();
            assert_eq!(copies(), 0, "of {length} bytes");
            let opened = open(&sealed, iter::once(&identity as &dyn Identity)).unwrap();
            assert!(opened[..length].iter().enumerate().all(|(index, found)| *found == byte(index)));
            assert!(opened[length..].iter().all(|filler| *filler == b' '));
        }
    }

    /// Repeats itself, so that a copy of any part is found.
    fn byte(index: usize) -> u8 {
        u8::try_from(index % 64).unwrap() ^ 0xa9
    }

    /// In how many stretches of writable memory there is a run of the plaintext.
    fn copies() -> usize {
        let is_part = |window: &[u8]| (0..32).all(|index| window[index] == byte(16 + index));
        let memory = File::open("/proc/self/mem").unwrap();
        let maps = fs::read_to_string("/proc/self/maps").unwrap();
        let stretches = maps.lines().filter(|line| line.contains(" rw")).filter_map(|line| {
            let (start, end) = line.split_once(' ')?.0.split_once('-')?;
            Some((u64::from_str_radix(start, 16).ok()?, u64::from_str_radix(end, 16).ok()?))
        });
        let mut found = 0;
        for (start, end) in stretches {
            let mut stretch = Zeroizing::new(vec![0; usize::try_from(end - start).unwrap()]);
            if memory.read_exact_at(&mut stretch, start).is_ok() && stretch.windows(32).any(is_part) {
                found += 1;
            }
        }
        found
    }
}
