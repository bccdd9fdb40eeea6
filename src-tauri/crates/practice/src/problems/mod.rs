//! What is wrong with the fields of a body: a stable word for programs, a sentence for people.

pub(crate) mod public_key;

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use trusted_ips::Reason;

use crate::problems::public_key::PublicKeyProblem;

/// Rails' place for what belongs to no single field.
pub(crate) const WHOLE: &str = "base";
/// Of what a caller sent, at most this much is repeated.
const QUOTED_LENGTH: usize = 64;
/// Of all that is wrong with a body, at most so much is said: a small one could have thousands of bad entries.
const SAID: usize = 256;

/// What is wrong with a field, or with one entry of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Word {
    /// In the words of the trusted IPs.
    Address(Reason),
    Blank,
    ControlCharacters,
    Key(PublicKeyProblem),
    NoChange,
    NotAllowed,
    NotAText,
    NotTexts,
    OutOfRange,
    TooLong,
    TooMany,
    TooShort,
    Unknown,
}

impl Word {
    const OWN: [Self; 11] = [
        Self::Blank,
        Self::ControlCharacters,
        Self::NoChange,
        Self::NotAllowed,
        Self::NotAText,
        Self::NotTexts,
        Self::OutOfRange,
        Self::TooLong,
        Self::TooMany,
        Self::TooShort,
        Self::Unknown,
    ];

    /// `docs/openapi.json` lists them: it is to be renewed (`./dev update`) for each new one, those of trusted-ips too.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        let keys = PublicKeyProblem::ALL.map(Self::Key);
        Self::OWN.into_iter().chain(keys).chain(Reason::ALL.iter().copied().map(Self::Address))
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Address(reason) => reason.as_str(),
            Self::Blank => "blank",
            Self::ControlCharacters => "control_characters",
            Self::Key(problem) => problem.as_str(),
            Self::NoChange => "no_change",
            Self::NotAllowed => "not_allowed",
            Self::NotAText => "not_a_text",
            Self::NotTexts => "not_texts",
            Self::OutOfRange => "out_of_range",
            Self::TooLong => "too_long",
            Self::TooMany => "too_many",
            Self::TooShort => "too_short",
            Self::Unknown => "unknown",
        }
    }

    /// What follows the name of the field, or the entry.
    fn says(self) -> String {
        match self {
            Self::Address(reason) => format!("is not accepted ({})", reason.as_str()),
            Self::Blank => "can't be blank".into(),
            Self::ControlCharacters => "must not contain control characters".into(),
            Self::Key(problem) => problem.to_string(),
            Self::NoChange => "must not be empty".into(),
            Self::NotAllowed => "must be left out".into(),
            Self::NotAText => "must be a text".into(),
            Self::NotTexts => "must be an array of texts".into(),
            Self::OutOfRange => "is out of range".into(),
            Self::TooLong => "is too long".into(),
            Self::TooMany => "has too many entries".into(),
            Self::TooShort => "is too short".into(),
            Self::Unknown => "is unknown".into(),
        }
    }

    /// In more words than its own.
    pub(crate) fn saying(self, says: impl Into<String>) -> Problem {
        Problem { entry: None, word: self, says: says.into() }
    }

    /// Of one entry of a list.
    pub(crate) fn of(self, entry: &str) -> Problem {
        Problem { entry: Some(cut(entry)), ..self.into() }
    }
}

/// A word with the entry that it is about, if it is not about the whole field, and its sentence.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    entry: Option<String>,
    word: Word,
    says: String,
}

impl Problem {
    fn attribute(&self) -> String {
        match &self.entry {
            Some(entry) => format!("{entry}: {}", self.word.as_str()),
            None => self.word.as_str().into(),
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
        word.saying(word.says())
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
        problems.add("trusted_ips", Word::Address(Reason::PrivateAddress).of("192.168.1.5"));
        problems.add("trusted_ips", Word::Address(Reason::NotAnAddress).of(&"\"x\n".repeat(100)));
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
        let mut words: Vec<_> = Word::all().map(Word::as_str).collect();
        let count = words.len();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), count);
    }
}
