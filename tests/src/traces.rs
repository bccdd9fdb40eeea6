//! Where secrets have been left: every form in which one may lie, in the files of a directory or the memory of a process.
//!
//! What is searched for lies in this process, so the memory searched must be another's.

use std::{
    collections::BTreeSet,
    fmt, fs,
    io::ErrorKind,
    os::unix::{ffi::OsStrExt, fs::FileExt},
    path::{Path, PathBuf},
};

use base64::{Engine, alphabet, engine::GeneralPurpose, engine::general_purpose::NO_PAD};
use rsa::{PrivateKey, pkcs8::DecodePrivateKey, traits::PrivateKeyParts};

use crate::{Error, Result};

/// How much of a private number is enough to call it a trace, in bytes: no chance find, and shorter than a line of PEM.
const WINDOW: usize = 32;
/// A window begins at every eighth byte: a trace of 39 bytes has a whole one.
const STRIDE: usize = 8;
/// Memory is read in parts of this many bytes.
const PART: usize = 1 << 20;

/// As small as pages are anywhere, in bytes.
const PAGE: usize = 4096;
const NOTHING: [u8; PAGE] = [0; PAGE];

/// A secret that was found.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Trace {
    /// As it was named when it was added.
    pub secret: String,
    /// How it lies there.
    pub form: &'static str,
    /// The file, or the address and its mapping.
    pub place: String,
}

/// Secrets in every form in which they are searched for.
pub struct Traces {
    needles: Vec<Needle>,
    /// By its first two bytes: most of what is searched ends here.
    by_start: Vec<Vec<u32>>,
}

struct Needle {
    secret: String,
    form: &'static str,
    bytes: Vec<u8>,
}

impl Traces {
    /// Whether there is nothing to search for yet.
    pub fn is_empty(&self) -> bool {
        self.needles.is_empty()
    }

    /// A secret text: as [`Traces::add_bytes`], and in UTF-16.
    pub fn add_text(&mut self, name: &str, secret: &str) {
        self.add_bytes(name, secret.as_bytes());
        self.add(name, "UTF-16", secret.encode_utf16().flat_map(u16::to_le_bytes).collect());
    }

    /// A private key as PKCS#8 DER: each of its secret numbers, whole or in part, in either byte order (libraries compute
    /// with the least significant limb first), in hex and base64, lines of PEM included. Its public half is no secret.
    pub fn add_private_key(&mut self, name: &str, pkcs8_der: &[u8]) {
        let key = PrivateKey::from_pkcs8_der(pkcs8_der).expect("a private key as PKCS#8 DER");
        let number = |number: &rsa::BoxedUint| number.to_be_bytes_trimmed_vartime().into_vec();
        let mut numbers = vec![("d", number(key.d()))];
        numbers.extend(["p", "q"].into_iter().zip(key.primes().iter().map(|prime| number(prime))));
        numbers
            .extend([("dP", key.dp()), ("dQ", key.dq())].into_iter().filter_map(|(part, n)| Some((part, number(n?)))));
        for (part, bytes) in numbers {
            let name = format!("{name}, {part}");
            for start in (0..=bytes.len() - WINDOW).step_by(STRIDE) {
                let window = &bytes[start..start + WINDOW];
                self.add_bytes(&name, window);
                self.add(&name, "least significant first", window.iter().rev().copied().collect());
            }
        }
    }

    /// Secret bytes, 12 at least: raw, in hex and base64.
    pub fn add_bytes(&mut self, name: &str, bytes: &[u8]) {
        assert!(bytes.len() >= 12, "{name} is too short to be told from chance finds");
        self.add(name, "raw", bytes.to_vec());
        self.add(name, "hex", bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into_bytes());
        self.add(
            name,
            "hex in capitals",
            bytes.iter().map(|byte| format!("{byte:02X}")).collect::<String>().into_bytes(),
        );
        for (form, alphabet) in [("base64", &alphabet::STANDARD), ("base64 for URLs", &alphabet::URL_SAFE)] {
            for shift in 0..3 {
                self.add(name, form, base64_within(bytes, shift, alphabet));
            }
        }
    }

    fn add(&mut self, name: &str, form: &'static str, bytes: Vec<u8>) {
        if self.needles.iter().any(|needle| needle.bytes == bytes) {
            return;
        }
        let index = u32::try_from(self.needles.len()).expect("fewer needles than that");
        self.by_start[first_two(&bytes)].push(index);
        self.needles.push(Needle { secret: name.to_owned(), form, bytes });
    }

    /// Searches what lies here; `place` is what it is called.
    pub fn in_bytes(&self, content: &[u8], place: &str) -> Vec<Trace> {
        let mut found = BTreeSet::new();
        self.search(content, |_| place.to_owned(), &mut found);
        found.into_iter().collect()
    }

    /// Searches every file below a directory, and the names of files.
    pub fn in_directory(&self, directory: &Path) -> Result<Vec<Trace>> {
        let mut found = BTreeSet::new();
        self.walk(directory, &mut found)?;
        Ok(found.into_iter().collect())
    }

    fn walk(&self, directory: &Path, found: &mut BTreeSet<Trace>) -> Result<()> {
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |source| Error::Io { path, source }
        };
        for entry in fs::read_dir(directory).map_err(failed(directory))? {
            let path = entry.map_err(failed(directory))?.path();
            self.search(path.as_os_str().as_bytes(), |_| format!("the name of {}", path.display()), found);
            // It may be gone by now; links lead to what is searched in its own place.
            let Ok(kind) = fs::symlink_metadata(&path) else { continue };
            if kind.is_dir() {
                self.walk(&path, found)?;
            } else if kind.is_file() {
                match fs::read(&path) {
                    Ok(content) => self.search(&content, |_| path.display().to_string(), found),
                    Err(error) if error.kind() == ErrorKind::NotFound => {}
                    Err(error) => return Err(failed(&path)(error)),
                }
            }
        }
        Ok(())
    }

    /// Searches everything that another process can read of its own memory, as far as it has ever touched it.
    pub fn in_memory(&self, pid: u32) -> Result<Vec<Trace>> {
        let memory = Memory::of(pid)?;
        let longest = self.needles.iter().map(|needle| needle.bytes.len()).max().unwrap_or(1);
        let mut found = BTreeSet::new();
        let mut part = vec![0; PART + longest - 1];
        for line in memory.maps.lines() {
            let Some((start, end, name)) = readable(line) else { continue };
            for from in (start..end).step_by(PART) {
                let length = usize::try_from(end - from).map_or(part.len(), |rest| rest.min(part.len()));
                if !memory.is_touched(from, length) || !memory.read(from, &mut part[..length]) {
                    continue;
                }
                let place = |at: usize| format!("{:x} {name}", from + at as u64);
                self.search(&part[..length], place, &mut found);
            }
        }
        Ok(found.into_iter().collect())
    }

    fn search(&self, content: &[u8], place: impl Fn(usize) -> String, found: &mut BTreeSet<Trace>) {
        for start in (0..content.len()).step_by(PAGE) {
            // What begins in this page may end in the next.
            let end = content.len().min(start + PAGE);
            if content[start..end] == NOTHING[..end - start] {
                continue;
            }
            for (at, pair) in content[start..content.len().min(end + 1)].windows(2).enumerate() {
                let at = start + at;
                for needle in self.by_start[first_two(pair)].iter().map(|index| &self.needles[*index as usize]) {
                    if content[at..].starts_with(&needle.bytes) {
                        found.insert(Trace { secret: needle.secret.clone(), form: needle.form, place: place(at) });
                    }
                }
            }
        }
    }
}

/// The memory of a process; see proc_pid_mem(5), proc_pid_maps(5) and proc_pid_pagemap(5).
struct Memory {
    content: fs::File,
    maps: String,
    pages: fs::File,
}

impl Memory {
    fn of(pid: u32) -> Result<Memory> {
        let path = |name: &str| PathBuf::from(format!("/proc/{pid}/{name}"));
        let failed = |name: &str| {
            let path = path(name);
            move |source| Error::Io { path, source }
        };
        Ok(Memory {
            content: fs::File::open(path("mem")).map_err(failed("mem"))?,
            maps: fs::read_to_string(path("maps")).map_err(failed("maps"))?,
            pages: fs::File::open(path("pagemap")).map_err(failed("pagemap"))?,
        })
    }

    /// Whether any of these pages is in memory or in swap. A JavaScript engine reserves many gigabytes that it never uses.
    fn is_touched(&self, from: u64, length: usize) -> bool {
        const PRESENT_OR_SWAPPED: u64 = 0b11 << 62;
        let mut entries = vec![0; length.div_ceil(PAGE) * 8];
        let read = self.pages.read_exact_at(&mut entries, from / PAGE as u64 * 8);
        let entries = entries.as_chunks::<8>().0.iter().map(|entry| u64::from_ne_bytes(*entry));
        // What cannot be told is looked at.
        read.is_err() || entries.into_iter().any(|entry| entry & PRESENT_OR_SWAPPED != 0)
    }

    /// The kernel's own pages cannot be read, nor those that were unmapped in the meantime.
    fn read(&self, from: u64, into: &mut [u8]) -> bool {
        self.content.read_exact_at(into, from).is_ok()
    }
}

/// Nothing to search for yet.
impl Default for Traces {
    fn default() -> Traces {
        Traces { needles: Vec::new(), by_start: vec![Vec::new(); 1 << 16] }
    }
}

impl fmt::Debug for Traces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Traces").field("forms", &self.needles.len()).finish_non_exhaustive()
    }
}

fn first_two(bytes: &[u8]) -> usize {
    usize::from(u16::from_le_bytes([bytes[0], bytes[1]]))
}

/// The characters that are the same whatever stands before and after, if `shift` bytes (modulo 3) stand before.
fn base64_within(bytes: &[u8], shift: usize, alphabet: &alphabet::Alphabet) -> Vec<u8> {
    let mut shifted = vec![0; shift];
    shifted.extend_from_slice(bytes);
    let text = GeneralPurpose::new(alphabet, NO_PAD).encode(&shifted).into_bytes();
    // Six bits a character: the first whole one of ours, and the end of the last.
    text[(shift * 8).div_ceil(6)..shifted.len() * 8 / 6].to_vec()
}

/// Begin, end and name of a mapping that can be read; see proc_pid_maps(5).
fn readable(line: &str) -> Option<(u64, u64, &str)> {
    let mut fields = line.split_whitespace();
    let (start, end) = fields.next()?.split_once('-')?;
    let name = fields.clone().nth(4).unwrap_or("anonymous");
    fields.next()?.starts_with('r').then_some(())?;
    Some((u64::from_str_radix(start, 16).ok()?, u64::from_str_radix(end, 16).ok()?, name))
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
    use keys::{Bits, KeyPair};

    use super::*;

    const SECRET: &str = "canary?>~5f2c-9a71-\u{fc}\u{df}";

    fn forms(traces: &Traces, content: impl AsRef<[u8]>) -> Vec<&'static str> {
        let directory = tempfile::tempdir().unwrap();
        fs::create_dir(directory.path().join("below")).unwrap();
        let file = directory.path().join("below/file");
        fs::write(&file, content).unwrap();
        let found = traces.in_directory(directory.path()).unwrap();
        assert!(found.iter().all(|trace| trace.place == file.display().to_string()));
        found.into_iter().map(|trace| trace.form).collect()
    }

    #[test]
    fn a_secret_is_found_in_every_form_and_at_every_place() {
        let mut traces = Traces::default();
        traces.add_text("canary", SECRET);
        for before in ["", "x", "xy", "xyz", "wxyz{\"secret\":\""] {
            let text = format!("{before}{SECRET} and more");
            assert_eq!(forms(&traces, &text), ["raw"]);
            assert_eq!(forms(&traces, STANDARD.encode(&text)), ["base64"], "{before}");
            assert_eq!(forms(&traces, URL_SAFE_NO_PAD.encode(&text)), ["base64 for URLs"], "{before}");
            let hex: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(forms(&traces, &hex), ["hex"]);
            assert_eq!(forms(&traces, hex.to_uppercase()), ["hex in capitals"]);
            assert_eq!(forms(&traces, text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>()), ["UTF-16"]);
        }
        assert!(forms(&traces, "canary?>~5f2c-9a71-").is_empty());
        assert!(forms(&traces, "").is_empty());
    }

    #[test]
    fn a_secret_in_a_file_name_is_found() {
        let mut traces = Traces::default();
        traces.add_text("canary", "canary-5f2c-9a71");
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join("draft-canary-5f2c-9a71"), "").unwrap();
        assert_eq!(traces.in_directory(directory.path()).unwrap().len(), 1);
    }

    #[test]
    fn a_private_key_is_found_in_any_form_and_its_public_half_is_not_taken_for_it() {
        let pair = KeyPair::generate(Bits::B2048).unwrap();
        let other = KeyPair::generate(Bits::B2048).unwrap();
        let mut traces = Traces::default();
        traces.add_private_key("pair", &pair.private_pkcs8_der());
        let der = pair.private_pkcs8_der();
        let reversed: Vec<u8> = der.iter().rev().copied().collect();
        let in_json = serde_json::to_string(&*pair.private_pem()).unwrap();
        for (what, content, form) in [
            ("DER", &der[..], "raw"),
            ("PKCS#1 DER", &pair.private_pkcs1_der(), "raw"),
            ("limbs", &reversed, "least significant first"),
            ("PEM", pair.private_pem().as_bytes(), "base64"),
            ("PKCS#1 PEM", pair.private_pkcs1_pem().as_bytes(), "base64"),
            ("JSON", in_json.as_bytes(), "base64"),
            ("a line of PEM", pair.private_pem().lines().nth(8).unwrap().as_bytes(), "base64"),
            ("a part", &der[400..439], "raw"),
        ] {
            assert!(forms(&traces, content).contains(&form), "{what}");
        }
        for public in [pair.public_pem().as_bytes(), pair.public().spki_der(), other.private_pem().as_bytes()] {
            assert!(forms(&traces, public).is_empty());
        }
    }

    #[test]
    fn memory_of_another_process_is_searched() {
        let mut traces = Traces::default();
        traces.add_text("canary", "canary-5f2c-9a71");
        let mut holder = std::process::Command::new("sleep").arg("60").env("HELD", "canary-5f2c-9a71").spawn().unwrap();
        let held = traces.in_memory(holder.id());
        let mut without = std::process::Command::new("sleep").arg("60").spawn().unwrap();
        let not_held = traces.in_memory(without.id());
        for child in [&mut holder, &mut without] {
            child.kill().unwrap();
            child.wait().unwrap();
        }
        let held = held.unwrap();
        assert!(held.iter().any(|trace| trace.place.ends_with("[stack]")), "{held:?}");
        assert_eq!(not_held.unwrap(), []);
    }
}
