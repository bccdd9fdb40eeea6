//! Whom the app asks for the person's address.

use public_address::{Format, RowErrors, SourceRow, Sources};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::family::Family;

/// One service that tells an address.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct AddressSource {
    /// Who runs it.
    pub operator: String,
    /// What is asked for.
    pub url: String,
    /// Which address it tells.
    pub family: Family,
}

/// All of them.
#[derive(Debug, Serialize, TS)]
pub struct AddressSources {
    /// In the order in which they are shown.
    pub sources: Vec<AddressSource>,
    /// They are those that the app came with.
    pub usual: bool,
    /// The families of which no address can be confirmed, for want of a second operator.
    pub lonely: Vec<Family>,
}

impl From<&Sources> for AddressSources {
    fn from(sources: &Sources) -> Self {
        Self {
            sources: sources.as_slice().iter().map(Into::into).collect(),
            usual: *sources == Sources::default(),
            lonely: sources.warnings().iter().map(|warning| warning.family.into()).collect(),
        }
    }
}

impl From<&public_address::Source> for AddressSource {
    fn from(source: &public_address::Source) -> Self {
        Self { operator: source.operator.clone(), url: source.url.to_string(), family: source.family.into() }
    }
}

impl From<AddressSource> for SourceRow {
    /// The one form of answer that is not the bare address is known by its path, so that nobody is asked for it.
    fn from(source: AddressSource) -> Self {
        let trace = source.url.trim_end_matches('/').ends_with("/cdn-cgi/trace");
        Self {
            operator: source.operator,
            url: source.url,
            family: source.family.into(),
            format: if trace { Format::Trace } else { Format::Text },
            vote: true,
        }
    }
}

/// What became of a changed list.
#[derive(Debug, Serialize, TS)]
pub struct KeptSources {
    /// As they are from now on; `null` if they were not kept.
    pub sources: Option<AddressSources>,
    /// Why not.
    #[ts(type = "SourcesProblem | null")]
    pub problem: Option<&'static str>,
}

impl KeptSources {
    /// They are kept.
    pub fn kept(sources: &Sources) -> Self {
        Self { sources: Some(sources.into()), problem: None }
    }

    /// They are not.
    pub fn refused(errors: &RowErrors) -> Self {
        Self { sources: None, problem: errors.0.first().map(|error| error.code()) }
    }
}
