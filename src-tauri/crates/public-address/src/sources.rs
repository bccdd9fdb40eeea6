//! The whole list of sources, as a person edits it and settings keep it.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use crate::defaults::default_sources;
use crate::row::{self, RowError, RowErrors, RowProblem, SourceRow};
use crate::source::{Family, Place, Source};

/// Sources that may be asked together. Made only by parsing, from rows or from JSON, so that neither a slip in the settings
/// nor a changed file gives one operator two votes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Vec<Source>", try_from = "Vec<SourceRow>")]
pub struct Sources(Vec<Source>);

impl Sources {
    /// How many there may be: each is a connection at every question.
    pub const MOST: usize = row::MOST;

    /// Reads all rows.
    ///
    /// # Errors
    /// Every row that cannot be taken, in their order, each with its first problem.
    pub fn parse(rows: &[SourceRow]) -> Result<Self, RowErrors> {
        let mut sources = Vec::with_capacity(rows.len().min(Self::MOST));
        let mut errors = Vec::new();
        for (row, text) in rows.iter().enumerate() {
            if row == Self::MOST {
                errors.push(RowError { row, problem: RowProblem::TooMany });
                break;
            }
            match text.parse().and_then(|source| apart(source, &sources)) {
                Ok(source) => sources.push((row, source)),
                Err(problem) => errors.push(RowError { row, problem }),
            }
        }

        if !errors.is_empty() {
            return Err(RowErrors(errors));
        }
        Ok(Self(sources.into_iter().map(|(_, source)| source).collect()))
    }

    /// The sources, in the order of their rows.
    #[must_use]
    pub fn as_slice(&self) -> &[Source] {
        &self.0
    }

    /// What is worth saying of a list that can be used.
    #[must_use]
    pub fn warnings(&self) -> Vec<SourcesWarning> {
        Family::ALL
            .into_iter()
            .map(|family| SourcesWarning { family, operators: self.voters(family) })
            .filter(|warning| warning.operators < 2)
            .collect()
    }

    fn voters(&self, family: Family) -> usize {
        let voters: HashSet<String> =
            self.0.iter().filter(|source| source.vote && source.family == family).map(Source::voter).collect();
        voters.len()
    }
}

/// Those that are shipped.
impl Default for Sources {
    fn default() -> Self {
        Self(default_sources())
    }
}

impl From<Sources> for Vec<Source> {
    fn from(sources: Sources) -> Self {
        sources.0
    }
}

impl TryFrom<Vec<SourceRow>> for Sources {
    type Error = RowErrors;

    fn try_from(rows: Vec<SourceRow>) -> Result<Self, RowErrors> {
        Self::parse(&rows)
    }
}

/// A family for which no address can be confirmed: fewer than two operators count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SourcesWarning {
    /// Which.
    pub family: Family,
    /// How many there are: one or none.
    pub operators: usize,
}

impl SourcesWarning {
    /// The stable kebab-case name of the warning.
    #[must_use]
    pub fn code(self) -> &'static str {
        "sources-too-few-operators"
    }
}

/// Lets a source pass that adds something to those before it.
fn apart(source: Source, before: &[(usize, Source)]) -> Result<Source, RowProblem> {
    let same = |other: &&(usize, Source)| {
        let (_, other) = *other;
        other.family == source.family && without_fragment(other) == without_fragment(&source)
    };
    if let Some((of, _)) = before.iter().find(same) {
        return Err(RowProblem::Duplicate { of: *of });
    }

    // The ports of this machine may be anybody's; elsewhere a host is one operator's.
    let elsewhere = !matches!(source.place(), Ok(Place::ThisMachine));
    let others = |other: &&(usize, Source)| {
        let (_, other) = *other;
        other.url.host() == source.url.host() && other.voter() != source.voter()
    };
    match before.iter().find(others) {
        Some((of, _)) if elsewhere => Err(RowProblem::OtherOperator { of: *of }),
        _ => Ok(source),
    }
}

/// What is sent of a URL.
fn without_fragment(source: &Source) -> &str {
    source.url.as_str().split('#').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use crate::source::Format;

    fn row(operator: &str, url: &str, family: Family) -> SourceRow {
        let (operator, url) = (operator.to_owned(), url.to_owned());
        SourceRow { operator, url, family, format: Format::Text, vote: true }
    }

    fn v4(operator: &str, url: &str) -> SourceRow {
        row(operator, url, Family::V4)
    }

    /// The rows that cannot be taken, and why.
    fn refused(rows: &[SourceRow]) -> Vec<(usize, &'static str)> {
        let errors = Sources::parse(rows).err().map(|RowErrors(errors)| errors).unwrap_or_default();
        errors.iter().map(|error| (error.row, error.code())).collect()
    }

    #[test]
    fn the_shipped_list_is_one_and_warns_of_nothing() {
        let rows: Vec<SourceRow> = default_sources().iter().map(SourceRow::from).collect();
        assert_eq!(Sources::parse(&rows), Ok(Sources::default()));
        assert_eq!(Sources::default().warnings(), []);
    }

    #[test]
    fn every_bad_row_is_named_with_its_reason() {
        assert_eq!(
            refused(&[
                v4("One", "https://one.example/"),
                v4("Two", "http://two.example/"),
                v4(" ", "https://three.example/"),
                v4("Four", "four.example"),
                v4("Five", "https://user:secret@five.example/"),
                v4("Six", "https://six.example/"),
                v4(&"S".repeat(65), "https://seven.example/"),
                v4("Eight", &format!("https://eight.example/{}", "8".repeat(2048))),
            ]),
            [
                (1, "source-not-https"),
                (2, "source-without-operator"),
                (3, "source-not-a-url"),
                (4, "source-has-credentials"),
                (6, "source-too-long"),
                (7, "source-too-long"),
            ]
        );
    }

    #[test]
    fn what_asks_the_same_is_listed_once() {
        for (second, expected) in [
            (v4("One", "https://one.example/ip"), vec![(1, "source-duplicate")]),
            (v4("one ", "HTTPS://ONE.example:443/ip#part"), vec![(1, "source-duplicate")]),
            // Under another name it would be a second vote.
            (v4("Two", "https://one.example/ip"), vec![(1, "source-duplicate")]),
            (v4("Two", "https://one.example/other"), vec![(1, "source-of-another-operator")]),
            (v4("Two", "https://one.example:8443/ip"), vec![(1, "source-of-another-operator")]),
            (row("Two", "https://one.example/ip", Family::V6), vec![(1, "source-of-another-operator")]),
            (row("One", "https://one.example/ip", Family::V6), vec![]),
            (v4("One", "https://one.example/other"), vec![]),
            (v4("Two", "https://two.example/ip"), vec![]),
        ] {
            assert_eq!(refused(&[v4("One", "https://one.example/ip"), second.clone()]), expected, "{second:?}");
        }
    }

    #[test]
    fn a_row_that_is_refused_refuses_no_other() {
        let rows =
            [v4("One", "http://one.example/"), v4("One", "https://one.example/"), v4("One", "https://one.example/")];
        let duplicate = RowError { row: 2, problem: RowProblem::Duplicate { of: 1 } };
        let not_https = RowError { row: 0, problem: RowProblem::Source(Error::NotHttps) };
        assert_eq!(Sources::parse(&rows), Err(RowErrors(vec![not_https, duplicate])));
    }

    #[test]
    fn two_operators_of_this_machine_are_told_apart_by_their_ports() {
        let rows = [v4("One", "http://127.0.0.1:8701/"), v4("Two", "http://127.0.0.1:8702/")];
        assert_eq!(refused(&rows), []);
    }

    #[test]
    fn thirty_two_are_taken_and_the_next_is_named() {
        let mut rows: Vec<SourceRow> =
            (0..Sources::MOST).map(|place| v4("One", &format!("https://one.example/{place}"))).collect();
        assert_eq!(refused(&rows), []);
        rows.extend([v4("One", "https://one.example/more"), v4("One", "https://one.example/yet-more")]);
        assert_eq!(refused(&rows), [(Sources::MOST, "sources-too-many")]);
    }

    #[test]
    fn a_family_that_nobody_can_confirm_is_warned_of() {
        let one = v4("One", "https://one.example/");
        let same = v4("ONE", "https://one.example/other");
        let two = v4("Two", "https://two.example/");
        let silent = SourceRow { vote: false, ..two.clone() };
        let v6 = row("Two", "https://two.example/", Family::V6);
        let few = |family, operators| SourcesWarning { family, operators };
        for (rows, expected) in [
            (vec![], vec![few(Family::V4, 0), few(Family::V6, 0)]),
            (vec![one.clone(), two], vec![few(Family::V6, 0)]),
            (vec![one.clone(), same, v6.clone()], vec![few(Family::V4, 1), few(Family::V6, 1)]),
            (vec![one, silent, v6], vec![few(Family::V4, 1), few(Family::V6, 1)]),
        ] {
            assert_eq!(Sources::parse(&rows).unwrap().warnings(), expected, "{rows:?}");
        }
    }

    #[test]
    fn a_list_comes_back_from_json_as_it_was() {
        let mut rows: Vec<SourceRow> = Sources::default().as_slice().iter().map(SourceRow::from).collect();
        rows[0].vote = false;
        rows[1].format = Format::Trace;
        let sources = Sources::parse(&rows).unwrap();
        let json = serde_json::to_string(&sources).unwrap();
        assert_eq!(serde_json::from_str::<Sources>(&json).unwrap(), sources);
        assert_eq!(serde_json::from_str::<Vec<SourceRow>>(&json).unwrap(), rows);
    }

    #[test]
    fn json_that_was_changed_by_hand_is_held_to_the_same_rules() {
        let good = serde_json::to_string(&Sources::default()).unwrap();
        for (from, to, said) in [
            ("https://ipv6.icanhazip.com/", "http://ipv6.icanhazip.com/", "row 1: a source must use https"),
            ("https://checkip.amazonaws.com/", "https://ipv4.icanhazip.com/", "row 2: the same as row 0"),
            ("\"v4\"", "\"v5\"", "unknown variant"),
        ] {
            let error = serde_json::from_str::<Sources>(&good.replace(from, to)).unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        }
    }
}
