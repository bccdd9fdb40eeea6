//! What is wrong with the fields of a body: a stable word for programs, a sentence for people.

pub(crate) mod public_key;

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::{Map, Value};
use trusted_ips::Reason;

use crate::problems::public_key::PublicKeyProblem;
use crate::words::words;

/// Rails' place for what belongs to no single field.
pub(crate) const WHOLE: &str = "base";
/// Of what a caller sent, at most this much is repeated.
const QUOTED_LENGTH: usize = 64;
/// Of all that is wrong with a body, at most so much is said: a small one could have thousands of bad entries.
const SAID: usize = 256;

words! {
    /// What is wrong with a field, or with one entry of a list, beside an address or a key.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub(crate) enum Word {
        Blank = "blank" => "can't be blank",
        ControlCharacters = "control_characters" => "must not contain control characters",
        NoChange = "no_change" => "must not be empty",
        NotAllowed = "not_allowed" => "must be left out",
        NotAText = "not_a_text" => "must be a text",
        NotTexts = "not_texts" => "must be an array of texts",
        OutOfRange = "out_of_range" => "is out of range",
        TooLong = "too_long" => "is too long",
        TooMany = "too_many" => "has too many entries",
        TooShort = "too_short" => "is too short",
        Unknown = "unknown" => "is unknown",
    }
}

/// All stable words that a problem may have. `docs/openapi.json` lists them: it is to be renewed (`./dev update`) for each new one,
/// those of trusted-ips too.
pub(crate) fn all_words() -> impl Iterator<Item = &'static str> {
    let keys = PublicKeyProblem::ALL.map(PublicKeyProblem::as_str);
    Word::ALL.map(Word::as_str).into_iter().chain(keys).chain(Reason::ALL.iter().map(|reason| reason.as_str()))
}

/// A stable word with the entry that it is about, if it is not about the whole field, and its sentence.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    entry: Option<String>,
    word: &'static str,
    says: Cow<'static, str>,
}

impl Problem {
    /// In more words than its own.
    pub(crate) fn saying(self, says: impl Into<Cow<'static, str>>) -> Self {
        Self { says: says.into(), ..self }
    }

    /// Of one entry of a list.
    pub(crate) fn of(self, entry: &str) -> Self {
        Self { entry: Some(cut(entry)), ..self }
    }

    fn attribute(&self) -> String {
        match &self.entry {
            Some(entry) => format!("{entry}: {}", self.word),
            None => self.word.into(),
        }
    }

    fn sentence(&self, field: &str) -> String {
        match &self.entry {
            Some(entry) => format!("{field}: {entry:?} {}", self.says),
            None if field == WHOLE => format!("the whole {}", self.says),
            None => format!("{field} {}", self.says),
        }
    }
}

impl From<Word> for Problem {
    fn from(word: Word) -> Self {
        Self { entry: None, word: word.as_str(), says: word.says().into() }
    }
}

impl From<PublicKeyProblem> for Problem {
    fn from(problem: PublicKeyProblem) -> Self {
        Self { entry: None, word: problem.as_str(), says: problem.says().into() }
    }
}

impl From<Reason> for Problem {
    fn from(reason: Reason) -> Self {
        Self { entry: None, word: reason.as_str(), says: format!("is not accepted ({})", reason.as_str()).into() }
    }
}

impl Word {
    /// In more words than its own.
    pub(crate) fn saying(self, says: impl Into<Cow<'static, str>>) -> Problem {
        Problem::from(self).saying(says)
    }

    /// Of one entry of a list.
    pub(crate) fn of(self, entry: &str) -> Problem {
        Problem::from(self).of(entry)
    }
}

/// Problems by field.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    by_field: BTreeMap<String, Vec<Problem>>,
    count: usize,
}

impl Problems {
    pub(crate) fn add(&mut self, field: &str, problem: impl Into<Problem>) {
        if self.count < SAID {
            self.by_field.entry(cut(field)).or_default().push(problem.into());
            self.count += 1;
        }
    }

    /// What `read` makes of a field, or nothing and its problems.
    pub(crate) fn take<T>(&mut self, field: &str, read: Result<T, Vec<Problem>>) -> Option<T> {
        read.map_err(|problems| problems.into_iter().for_each(|problem| self.add(field, problem))).ok()
    }

    /// A field that must be there.
    pub(crate) fn field<T>(
        &mut self,
        body: &Map<String, Value>,
        field: &str,
        parse: impl FnOnce(&Value) -> Result<T, Vec<Problem>>,
    ) -> Option<T> {
        let parsed = match body.get(field) {
            None | Some(Value::Null) => Err(vec![Word::Blank.into()]),
            Some(value) => parse(value),
        };
        self.take(field, parsed)
    }

    pub(crate) fn unknown_fields(&mut self, body: &Map<String, Value>, known: &[&str]) {
        for unknown in body.keys().filter(|name| !known.contains(&name.as_str())) {
            self.add(unknown, Word::Unknown);
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.by_field.is_empty()
    }

    /// All of it in one text, for people.
    pub(crate) fn sentence(&self) -> String {
        let all =
            self.by_field.iter().flat_map(|(field, problems)| problems.iter().map(|problem| problem.sentence(field)));
        format!("Invalid parameters: {}", all.collect::<Vec<_>>().join("; "))
    }

    /// Stable words by field, for programs.
    pub(crate) fn attributes(&self) -> BTreeMap<String, Vec<String>> {
        let words = |problems: &Vec<Problem>| problems.iter().map(Problem::attribute).collect();
        self.by_field.iter().map(|(field, problems)| (field.clone(), words(problems))).collect()
    }
}

fn cut(text: &str) -> String {
    text.chars().take(QUOTED_LENGTH).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_for_programs_and_one_sentence_tells_all_of_it() {
        let mut problems = Problems::default();
        problems.add("name", Word::TooShort.saying("is too short (minimum is 2 characters)"));
        problems.add("trusted_ips", Problem::from(Reason::PrivateAddress).of("192.168.1.5"));
        problems.add("trusted_ips", Problem::from(Reason::NotAnAddress).of(&"\"x\n".repeat(100)));
        let attributes = problems.attributes();
        assert_eq!(attributes["name"], ["too_short"]);
        assert_eq!(attributes["trusted_ips"][0], "192.168.1.5: private-address");
        assert_eq!(attributes["trusted_ips"][1].chars().count(), QUOTED_LENGTH + ": not-an-address".len());
        let says = problems.sentence();
        assert!(
            says.starts_with(
                "Invalid parameters: name is too short (minimum is 2 characters); \
                 trusted_ips: \"192.168.1.5\" is not accepted (private-address); trusted_ips: \"\\\"x\\n"
            ),
            "{says}"
        );
    }

    #[test]
    fn a_body_with_thousands_of_problems_is_answered_in_a_bounded_size() {
        let mut problems = Problems::default();
        for number in 0..12_000 {
            problems.add("permissions", Word::Unknown.of(&format!("{number:0100}")));
        }
        assert_eq!(problems.attributes()["permissions"].len(), SAID);
        assert!(problems.sentence().len() < SAID * 2 * QUOTED_LENGTH);
    }

    #[test]
    fn no_two_words_are_the_same() {
        let mut words: Vec<_> = all_words().collect();
        let count = words.len();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), count);
    }
}
