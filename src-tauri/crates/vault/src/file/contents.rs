use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::{Deserialize, Serialize, Serializer};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::error::Error;
use crate::secret::Secret;

const VERSION: u32 = 1;

/// What the secrets file holds, by the names of the items; names that this version does not know are
/// carried along.
#[derive(Default)]
pub(crate) struct Contents(BTreeMap<String, Kept>);

pub(crate) struct Kept {
    pub(crate) label: String,
    pub(crate) secret: Secret,
}

impl Contents {
    pub(crate) fn insert(&mut self, name: String, kept: Kept) {
        self.0.insert(name, kept);
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Kept> {
        self.0.get(name)
    }

    pub(crate) fn remove(&mut self, name: &str) -> Option<Kept> {
        self.0.remove(name)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Kept)> {
        self.0.iter().map(|(name, kept)| (name.as_str(), kept))
    }

    pub(crate) fn is_same_as(&self, other: &Self) -> bool {
        self.0.len() == other.0.len()
            && self.0.iter().zip(&other.0).all(|((name, kept), (other_name, other))| {
                name == other_name
                    && kept.label == other.label
                    && bool::from(kept.secret.expose().ct_eq(other.secret.expose()))
            })
    }

    pub(crate) fn to_json(&self) -> Result<Zeroizing<Vec<u8>>, Error> {
        let items: BTreeMap<_, _> = self.0.iter().map(|(name, kept)| (name.as_str(), Line::of(kept))).collect();
        // JSON writes a character as six bytes at most. A buffer that grew would leave the old one behind.
        let most = items.iter().map(|(name, line)| 64 + 6 * (name.len() + line.label.len()) + line.secret.len());
        let mut json = Zeroizing::new(Vec::with_capacity(64 + most.sum::<usize>()));
        serde_json::to_writer(&mut *json, &Document { version: VERSION, items })
            .map_err(|error| Error::of_file("written as JSON", &error.into()))?;
        Ok(json)
    }

    pub(crate) fn from_json(json: &[u8]) -> Result<Self, Error> {
        const OTHER: Error = Error::FileDamaged { what: "what is in it is not what this version writes" };
        let document: StoredDocument<'_> = serde_json::from_slice(json).map_err(|_| OTHER)?;
        if document.version != VERSION {
            return Err(Error::FileDamaged { what: "it was written by another version of the app" });
        }
        let mut contents = Self::default();
        for (name, line) in document.items {
            let mut secret = Zeroizing::new(vec![0; base64::decoded_len_estimate(line.secret.len())]);
            let length = BASE64.decode_slice(line.secret, &mut secret).map_err(|_| OTHER)?;
            secret.truncate(length);
            contents.insert(name, Kept { label: line.label, secret: secret.into() });
        }
        Ok(contents)
    }
}

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    items: BTreeMap<&'a str, Line<'a>>,
}

#[derive(Serialize)]
struct Line<'a> {
    label: &'a str,
    #[serde(serialize_with = "as_text")]
    secret: Zeroizing<String>,
}

fn as_text<S: Serializer>(secret: &str, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(secret)
}

impl<'a> Line<'a> {
    fn of(kept: &'a Kept) -> Self {
        let bytes = kept.secret.expose();
        let mut secret = Zeroizing::new(String::with_capacity(bytes.len().div_ceil(3) * 4));
        BASE64.encode_string(bytes, &mut secret);
        Self { label: &kept.label, secret }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredDocument<'a> {
    version: u32,
    #[serde(borrow)]
    items: BTreeMap<String, StoredLine<'a>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredLine<'a> {
    label: String,
    /// Borrowed, so that no copy of it is made that nobody wipes.
    secret: &'a str,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_in_comes_out() {
        let mut contents = Contents::default();
        for size in [0, 1, 2, 3, 2_373, 2_560] {
            let secret = Secret::new((0..size).map(|index| u8::try_from(index % 251).unwrap()).collect());
            contents.insert(format!("item {size}"), Kept { label: "a \"label\"\n\u{1f916}\u{1}".to_owned(), secret });
        }
        let json = contents.to_json().unwrap();
        let back = Contents::from_json(&json).unwrap();
        assert!(back.is_same_as(&contents));
        assert_eq!(back.0["item 2373"].secret.expose(), contents.0["item 2373"].secret.expose());
    }

    #[test]
    fn the_buffer_of_the_json_never_grows() {
        let mut contents = Contents::default();
        for number in 0..50 {
            // Each character is written as six.
            let label = "\u{1}".repeat(64);
            contents.insert("\u{2}".repeat(number), Kept { label, secret: Secret::new(vec![7; number * 50]) });
        }
        let json = contents.to_json().unwrap();
        let most: usize = contents
            .0
            .iter()
            .map(|(name, kept)| 64 + 6 * (name.len() + kept.label.len()) + kept.secret.expose().len().div_ceil(3) * 4)
            .sum();
        assert!(json.len() <= 64 + most, "{} of {most}", json.len());
        assert_eq!(json.capacity(), 64 + most);
    }

    #[test]
    fn a_difference_in_any_part_is_seen() {
        let with = |name: &str, label: &str, secret: &str| {
            let mut contents = Contents::default();
            let kept = Kept { label: label.to_owned(), secret: Secret::from(secret.to_owned()) };
            contents.insert(name.to_owned(), kept);
            contents
        };
        let one = with("name", "label", "secret");
        assert!(one.is_same_as(&with("name", "label", "secret")));
        for other in [
            Contents::default(),
            with("nome", "label", "secret"),
            with("name", "lobel", "secret"),
            with("name", "label", "secre"),
            with("name", "label", "Secret"),
        ] {
            assert!(!one.is_same_as(&other));
        }
    }

    #[test]
    fn anything_else_is_damage_and_never_half_read() {
        for json in [
            "",
            "{}",
            "[]",
            r#"{"version":1}"#,
            r#"{"version":2,"items":{}}"#,
            r#"{"version":1,"items":{},"more":1}"#,
            r#"{"version":1,"items":{"a":{"label":"","secret":"not base64"}}}"#,
            r#"{"version":1,"items":{"a":{"label":"","secret":"QQ"}}}"#,
            r#"{"version":1,"items":{"a":{"label":"","secret":"\u0051Q=="}}}"#,
            r#"{"version":1,"items":{"a":{"label":"","secret":"QQ==","owner":"x"}}}"#,
            r#"{"version":1,"items":{"a":{"label":""}}}"#,
            r#"{"version":1,"items":{}} {}"#,
        ] {
            let read = Contents::from_json(json.as_bytes()).map(drop);
            assert_eq!(read.unwrap_err().code(), "secrets-file-damaged", "{json}");
        }
        assert!(Contents::from_json(br#"{"version":1,"items":{"a":{"label":"","secret":"QQ=="}}}   "#).is_ok());
    }
}
