//! The fields of a token as callers send them, each parsed or refused in words for its own place.

use std::collections::{BTreeMap, BTreeSet};

use ipnet::IpNet;
use serde_json::{Map, Value};
use trusted_ips::{Policy, Verdict};

use crate::{
    permission::{Permission, Permissions},
    refusal::Refusal,
};

const NAME_LENGTH: std::ops::RangeInclusive<usize> = 2..=64;
/// Far beyond what 3Commas' help centre speaks of (article 8075236): a bound, not a rule of theirs.
const TRUSTED_IPS: usize = 256;
/// Of what a caller sent, at most this much is repeated in an error.
const QUOTED_LENGTH: usize = 64;

/// Sentences by field, in the words of Rails as 3Commas uses them.
#[derive(Default)]
pub(crate) struct Problems(BTreeMap<String, Vec<String>>);

impl Problems {
    pub(crate) fn add(&mut self, field: &str, problem: impl Into<String>) {
        self.0.entry(field.to_owned()).or_default().push(problem.into());
    }

    pub(crate) fn field<T>(
        &mut self,
        body: &Map<String, Value>,
        field: &str,
        parse: impl FnOnce(&Value) -> Result<T, Vec<String>>,
    ) -> Option<T> {
        let parsed = match body.get(field) {
            None | Some(Value::Null) => Err(vec!["can't be blank".into()]),
            Some(value) => parse(value),
        };
        match parsed {
            Ok(value) => Some(value),
            Err(problems) => {
                problems.into_iter().for_each(|problem| self.add(field, problem));
                None
            }
        }
    }
    pub(crate) fn unknown_fields(&mut self, body: &Map<String, Value>, known: &[&str]) {
        for unknown in body.keys().filter(|name| !known.contains(&name.as_str())) {
            self.add(&cut(unknown), "is unknown");
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<Problems> for Refusal {
    fn from(problems: Problems) -> Self {
        Self::record_invalid(problems.0)
    }
}

/// Bodies of this service are objects.
pub(crate) fn object(body: &Value) -> Result<&Map<String, Value>, Refusal> {
    body.as_object().ok_or_else(|| Refusal::bad_request("invalid_json", "The body must be a JSON object"))
}

pub(crate) fn name(value: &Value) -> Result<String, Vec<String>> {
    let name = value.as_str().ok_or_else(|| vec!["must be a text".to_owned()])?.trim();
    let mut problems = Vec::new();
    let length = name.chars().count();
    if length < *NAME_LENGTH.start() {
        problems.push("is too short (minimum is 2 characters)".into());
    }
    if length > *NAME_LENGTH.end() {
        problems.push("is too long (maximum is 64 characters)".into());
    }
    if name.chars().any(char::is_control) {
        problems.push("must not contain control characters".into());
    }
    if problems.is_empty() { Ok(name.to_owned()) } else { Err(problems) }
}

pub(crate) fn permissions(value: &Value) -> Result<Permissions, Vec<String>> {
    let mut known = BTreeSet::new();
    let mut problems = Vec::new();
    for word in texts(value)? {
        match Permission::from_word(word) {
            Some(permission) => {
                known.insert(permission);
            }
            None => problems.push(format!("{} is no permission", quoted(word))),
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    Permissions::new(known).ok_or_else(|| vec!["can't be empty".into()])
}

pub(crate) fn trusted_ips(value: &Value) -> Result<Vec<IpNet>, Vec<String>> {
    let texts = texts(value)?;
    if texts.len() > TRUSTED_IPS {
        return Err(too_many());
    }
    let mut problems = Vec::new();
    for text in &texts {
        let parsed = trusted_ips::parse(text, &Policy::PRACTICE);
        if parsed.entries.is_empty() {
            problems.push(format!("{} is not an address", quoted(text)));
        }
        let rejected = parsed.entries.iter().filter(|entry| entry.verdict == Verdict::Reject);
        problems.extend(rejected.map(|entry| {
            let reasons: Vec<_> = entry.reasons().iter().map(|reason| reason.as_str()).collect();
            format!("{} is not accepted: {}", quoted(parsed.text_of(entry)), reasons.join(", "))
        }));
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    // Together once more: only so are duplicates and covered networks seen.
    let networks = trusted_ips::parse(&texts.join("\n"), &Policy::PRACTICE).networks();
    if networks.len() > TRUSTED_IPS { Err(too_many()) } else { Ok(networks) }
}

fn too_many() -> Vec<String> {
    vec![format!("must not have more than {TRUSTED_IPS} entries")]
}

fn texts(value: &Value) -> Result<Vec<&str>, Vec<String>> {
    let texts = value.as_array().and_then(|items| items.iter().map(Value::as_str).collect());
    texts.ok_or_else(|| vec!["must be an array of texts".into()])
}

fn quoted(text: &str) -> String {
    format!("{:?}", cut(text))
}

fn cut(text: &str) -> String {
    text.chars().take(QUOTED_LENGTH).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_list_of_trusted_ips_has_at_most_256_entries_however_they_are_cut() {
        let addresses = |count: usize| (0..count).map(|n| format!("198.41.{}.{}", n / 200, n % 200 + 1));
        let array = |count: usize| Value::from(addresses(count).collect::<Vec<_>>());
        let one_text = |count: usize| json!([addresses(count).collect::<Vec<_>>().join(" ")]);
        for list in [array(256), one_text(256)] {
            assert_eq!(trusted_ips(&list).unwrap().len(), 256);
        }
        for list in [array(257), one_text(257)] {
            assert_eq!(trusted_ips(&list).unwrap_err(), ["must not have more than 256 entries"]);
        }
    }
}
