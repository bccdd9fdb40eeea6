//! The fields of a token as callers send them, each parsed or refused with its problems.

use std::collections::BTreeSet;

use ipnet::IpNet;
use serde_json::Value;
use trusted_ips::{Policy, Reason, Verdict};

use crate::documented::permission::{Permission, Permissions};
use crate::problems::{Problem, Word};

const NAME_LENGTH: std::ops::RangeInclusive<usize> = 2..=64;
/// Far beyond what 3Commas' help centre speaks of (article 8075236): a bound, not a rule of theirs.
const TRUSTED_IPS: usize = 256;

pub(crate) fn name(value: &Value) -> Result<String, Vec<Problem>> {
    let name = value.as_str().ok_or_else(|| vec![Word::NotAText.into()])?.trim();
    let mut problems = Vec::new();
    let length = name.chars().count();
    if length < *NAME_LENGTH.start() {
        problems.push(Word::TooShort.saying("is too short (minimum is 2 characters)"));
    }
    if length > *NAME_LENGTH.end() {
        problems.push(Word::TooLong.saying("is too long (maximum is 64 characters)"));
    }
    if name.chars().any(char::is_control) {
        problems.push(Word::ControlCharacters.into());
    }
    if problems.is_empty() { Ok(name.to_owned()) } else { Err(problems) }
}

pub(crate) fn permissions(value: &Value) -> Result<Permissions, Vec<Problem>> {
    let mut known = BTreeSet::new();
    let mut problems = Vec::new();
    for word in texts(value)? {
        match Permission::from_word(word) {
            Some(permission) => {
                known.insert(permission);
            }
            None => problems.push(Word::Unknown.of(word)),
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    Permissions::new(known).ok_or_else(|| vec![Word::Blank.into()])
}

pub(crate) fn trusted_ips(value: &Value) -> Result<Vec<IpNet>, Vec<Problem>> {
    let texts = texts(value)?;
    if texts.len() > TRUSTED_IPS {
        return Err(too_many());
    }
    let (mut problems, mut entries) = (Vec::new(), 0);
    for text in &texts {
        let parsed = trusted_ips::parse(text, &Policy::PRACTICE);
        entries += parsed.entries.len();
        if entries > TRUSTED_IPS {
            return Err(too_many());
        }
        if parsed.entries.is_empty() {
            problems.push(Problem::from(Reason::NotAnAddress).of(text));
        }
        let rejected = parsed.entries.iter().filter(|entry| entry.verdict == Verdict::Reject);
        for entry in rejected {
            problems.extend(entry.reasons().iter().map(|reason| Problem::from(*reason).of(parsed.text_of(entry))));
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    // Together once more: only so are duplicates and covered networks seen.
    Ok(trusted_ips::parse(&texts.join("\n"), &Policy::PRACTICE).networks())
}

fn too_many() -> Vec<Problem> {
    vec![Word::TooMany.saying(format!("must not have more than {TRUSTED_IPS} entries"))]
}

fn texts(value: &Value) -> Result<Vec<&str>, Vec<Problem>> {
    let texts = value.as_array().and_then(|items| items.iter().map(Value::as_str).collect());
    texts.ok_or_else(|| vec![Word::NotTexts.into()])
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
        let unclear = json!(["1 ".repeat(257)]);
        for list in [array(257), one_text(257), unclear] {
            assert_eq!(trusted_ips(&list).unwrap_err(), too_many());
        }
    }
}
