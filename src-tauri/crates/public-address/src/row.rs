//! One row of the list of sources, as it stands in a form, and what can be wrong with it.

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::source::{Family, Format, Source};

/// A source as it stands in a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceRow {
    /// Who answers for it.
    pub operator: String,
    /// What is asked for.
    pub url: String,
    /// Which address is asked for.
    pub family: Family,
    /// How the answer is written.
    pub format: Format,
    /// Whether the answer counts.
    pub vote: bool,
}

impl SourceRow {
    /// A source by itself; whether it may stand beside the others is not known here.
    pub(crate) fn parse(&self) -> Result<Source, RowProblem> {
        if self.operator.chars().count() > LONGEST_OPERATOR || self.url.len() > LONGEST_URL {
            return Err(RowProblem::TooLong);
        }
        let source = Source::new(&self.operator, &self.url, self.family, self.format).map_err(RowProblem::Source)?;
        Ok(if self.vote { source } else { source.without_vote() })
    }
}

impl From<&Source> for SourceRow {
    fn from(source: &Source) -> Self {
        let Source { operator, url, family, format, vote } = source.clone();
        Self { operator, url: url.into(), family, format, vote }
    }
}

/// How many rows a list may have: each is a connection at every question.
pub(crate) const MOST: usize = 32;

/// Unicode scalars; longer than any name that is meant to be read.
const LONGEST_OPERATOR: usize = 64;

/// Bytes; longer than the URL of any service.
const LONGEST_URL: usize = 2048;

/// A row that cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("row {row}: {problem}")]
pub struct RowError {
    /// Which, counted from 0.
    pub row: usize,
    /// Why.
    pub problem: RowProblem,
}

impl RowError {
    /// The stable kebab-case name of the problem.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.problem.code()
    }
}

/// All rows that cannot be taken, as one error.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
pub struct RowErrors(pub Vec<RowError>);

/// Why a row cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RowProblem {
    /// An earlier row asks the same for the same family.
    #[error("the same as row {of}")]
    Duplicate {
        /// That row, counted from 0.
        of: usize,
    },
    /// An earlier row says that this host is another operator's: whoever runs it would have two votes.
    #[error("row {of} gives this host to another operator")]
    OtherOperator {
        /// That row, counted from 0.
        of: usize,
    },
    /// By itself no source.
    #[error("{0}")]
    Source(Error),
    /// An operator of more than 64 characters, or a URL of more than 2,048.
    #[error("the operator or the URL is too long")]
    TooLong,
    /// One more than [`Sources::MOST`](crate::Sources::MOST); later rows were not read.
    #[error("more than {MOST} sources")]
    TooMany,
}

impl RowProblem {
    /// Every code that [`code`](Self::code) can answer.
    pub const CODES: &[&str] = &[
        "source-duplicate",
        "source-has-credentials",
        "source-not-a-url",
        "source-not-https",
        "source-of-another-operator",
        "source-too-long",
        "source-without-operator",
        "sources-too-many",
    ];

    /// The stable kebab-case name of the problem.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Duplicate { .. } => "source-duplicate",
            Self::OtherOperator { .. } => "source-of-another-operator",
            Self::Source(error) => error.code(),
            Self::TooLong => "source-too-long",
            Self::TooMany => "sources-too-many",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_are_those_that_are_written_out() {
        let mut codes: Vec<_> = [
            RowProblem::Duplicate { of: 0 },
            RowProblem::OtherOperator { of: 0 },
            RowProblem::Source(Error::HasCredentials),
            RowProblem::Source(Error::NoOperator),
            RowProblem::Source(Error::NotAUrl),
            RowProblem::Source(Error::NotHttps),
            RowProblem::TooLong,
            RowProblem::TooMany,
        ]
        .iter()
        .map(RowProblem::code)
        .collect();
        codes.sort_unstable();
        assert_eq!(codes, RowProblem::CODES);
    }
}
