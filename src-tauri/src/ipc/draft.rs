use std::collections::BTreeSet;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use trusted_ips::count_in_words;
use ts_rs::TS;
use uuid::Uuid;

use super::token::mirrored;
use super::{Destination, Permission, Risk, TokenType};

mirrored! {
    /// As [`desk::creation::ScriptPlace`].
    #[serde(rename_all = "camelCase")]
    ScriptPlace = desk::creation::ScriptPlace { Both, Server, ThisComputer, Unknown }
}
mirrored! {
    /// As [`desk::creation::Missing`].
    #[serde(rename_all = "camelCase")]
    Missing = desk::creation::Missing {
        Destination, Type, Key, Name, NameProblem, TrustedIps, RejectedEntry, Permissions
    }
}
mirrored! {
    /// As [`desk::TokenNameProblem`].
    #[serde(rename_all = "kebab-case")]
    NameProblem = desk::TokenNameProblem { ControlCharacters, Empty, Taken, TooLong, TooShort }
}
mirrored! {
    /// As [`trusted_ips::Verdict`].
    #[serde(rename_all = "camelCase")]
    Verdict = trusted_ips::Verdict { Accept, Warn, Reject }
}
mirrored! {
    /// As [`public_address::Family`].
    #[serde(rename_all = "camelCase")]
    Family = public_address::Family { V4, V6 }
}

/// The form.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Draft {
    /// Seeds the seal, and becomes the token's id.
    #[ts(type = "string")]
    pub id: Uuid,
    /// Where the token is to be made.
    pub destination: Destination,
    /// Not chosen at first.
    pub token_type: Option<TokenType>,
    /// As typed.
    pub name: String,
    /// The whole text of the field.
    pub trusted_ips: String,
    /// Knowingly from anywhere.
    pub any_address: bool,
    /// Where the script runs.
    pub script_place: Option<ScriptPlace>,
    /// The switches that are on.
    pub permissions: BTreeSet<Permission>,
}

impl From<Draft> for desk::creation::Draft {
    fn from(draft: Draft) -> Self {
        Self {
            id: draft.id,
            destination: draft.destination.into(),
            token_type: draft.token_type.map(Into::into),
            name: draft.name,
            trusted_ips: draft.trusted_ips,
            any_address: draft.any_address,
            script_place: draft.script_place.map(Into::into),
            permissions: draft.permissions.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<desk::creation::Draft> for Draft {
    fn from(draft: desk::creation::Draft) -> Self {
        Self {
            id: draft.id,
            destination: draft.destination.into(),
            token_type: draft.token_type.map(Into::into),
            name: draft.name,
            trusted_ips: draft.trusted_ips,
            any_address: draft.any_address,
            script_place: draft.script_place.map(Into::into),
            permissions: draft.permissions.into_iter().map(Into::into).collect(),
        }
    }
}

/// Everything that is to be said of the form as it stands.
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DraftCheck {
    /// The list as it was understood.
    pub trusted_ips: TrustedIpsView,
    /// What is wrong with the name.
    pub name_problem: Option<NameProblem>,
    /// What keeps Create inactive.
    pub missing: Vec<Missing>,
    /// Create is active.
    pub complete: bool,
    /// What the permissions amount to.
    pub risk: Risk,
    /// How many addresses are trusted.
    pub trusted_address_count: String,
}

impl DraftCheck {
    /// `text` is the text of the field, in which the page counts UTF-16 units.
    pub fn new(check: &desk::creation::DraftCheck, text: &str) -> Self {
        let (v4, v6) = check.trusted_ips.address_count();
        Self {
            trusted_ips: TrustedIpsView::new(&check.trusted_ips, text),
            name_problem: check.name_problem.map(Into::into),
            missing: check.missing.iter().copied().map(Into::into).collect(),
            complete: check.missing.is_empty(),
            risk: check.risk.into(),
            trusted_address_count: count_in_words(v4.saturating_add(v6)),
        }
    }
}

/// The list of trusted IPs as it was understood.
#[derive(Debug, Serialize, TS)]
pub struct TrustedIpsView {
    /// In the order of the text.
    pub entries: Vec<EntryView>,
    /// Canonical and joined, for pasting.
    pub list: String,
    /// The worst of its entries.
    pub verdict: Verdict,
    /// Of the whole list.
    #[ts(type = "ReasonCode[]")]
    pub reasons: Vec<&'static str>,
    /// The tidied text, one entry a line.
    pub tidy: String,
}

impl TrustedIpsView {
    fn new(list: &trusted_ips::TrustedIps, text: &str) -> Self {
        let mut position = Utf16::new(text);
        Self {
            entries: list.entries.iter().map(|entry| EntryView::new(list, entry, &mut position)).collect(),
            list: list.list(),
            verdict: list.verdict().into(),
            reasons: list.reasons.iter().map(|reason| reason.as_str()).collect(),
            tidy: list.tidy(),
        }
    }
}

/// One entry, to be shown as a chip.
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct EntryView {
    /// Where the chip's text begins, in UTF-16 units of the field's text.
    #[ts(type = "number")]
    pub start: usize,
    /// Where it ends.
    #[ts(type = "number")]
    pub end: usize,
    /// The entry as typed.
    pub text: String,
    /// Whether it can be used.
    pub verdict: Verdict,
    /// Why not, or what to look at.
    #[ts(type = "ReasonCode[]")]
    pub reasons: Vec<&'static str>,
    /// Canonical; `null` when dropped or rejected.
    pub output: Option<String>,
    /// What was probably meant.
    pub suggestion: Option<String>,
    /// The person's name for it.
    pub label: Option<String>,
    /// How many addresses, for networks.
    pub address_count: Option<String>,
    /// The first of them.
    pub first: Option<String>,
    /// The last of them.
    pub last: Option<String>,
    /// More than one address.
    pub is_network: bool,
    /// One of the practice addresses.
    pub made_up: bool,
}

impl EntryView {
    fn new(list: &trusted_ips::TrustedIps, entry: &trusted_ips::Entry, position: &mut Utf16<'_>) -> Self {
        let network = entry.network.filter(|network| network.prefix_len() < network.max_prefix_len());
        Self {
            start: position.of(entry.chip_span.start),
            end: position.of(entry.chip_span.end),
            text: list.text_of(entry).to_owned(),
            verdict: entry.verdict.into(),
            reasons: entry.reasons().iter().map(|reason| reason.as_str()).collect(),
            output: entry.output(),
            suggestion: entry.suggestion().map(str::to_owned),
            label: entry.label().map(str::to_owned),
            address_count: network.and_then(|network| address_count(&network)),
            first: network.map(|network| network.network().to_string()),
            last: network.map(|network| network.broadcast().to_string()),
            is_network: network.is_some(),
            made_up: entry.practice,
        }
    }
}

/// Turns ascending byte offsets into UTF-16 offsets in one pass.
struct Utf16<'a> {
    text: &'a str,
    bytes: usize,
    units: usize,
}

impl<'a> Utf16<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, bytes: 0, units: 0 }
    }

    fn of(&mut self, bytes: usize) -> usize {
        if bytes < self.bytes {
            (self.bytes, self.units) = (0, 0);
        }
        let between = self.text.get(self.bytes..bytes).unwrap_or_default();
        self.units += between.chars().map(char::len_utf16).sum::<usize>();
        self.bytes = bytes;
        self.units
    }
}

/// A key pair that is ready for a Self generated token.
#[derive(Debug, Serialize, TS)]
pub struct KeyReady {
    /// Its size.
    pub bits: u32,
    /// How long it took to make.
    #[ts(type = "number")]
    pub millis: u64,
}

/// What "add my addresses" found.
#[derive(Debug, Serialize, TS)]
pub struct Detected {
    /// To be added to the list.
    pub added: Vec<Added>,
    /// Not sure enough to be added without the person choosing it.
    pub offered: Vec<Offered>,
    /// How we know.
    pub answers: Vec<SourceAnswer>,
    /// No source could be reached.
    pub offline: bool,
}

/// An address to be added.
#[derive(Debug, Serialize, TS)]
pub struct Added {
    /// The address.
    pub address: String,
    /// Its family.
    pub family: Family,
    /// Why it may be added.
    pub status: AddressStatus,
}

/// Why an address may be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum AddressStatus {
    /// Two operators agree.
    Confirmed,
    /// A practice address, because no source answered.
    MadeUp,
}

/// An address that the person may choose.
#[derive(Debug, Serialize, TS)]
pub struct Offered {
    /// The address.
    pub address: String,
    /// Its family.
    pub family: Family,
    /// Why it was not added.
    pub status: OfferedStatus,
    /// Who said it.
    pub operators: Vec<String>,
}

/// Why an address was not added.
#[derive(Clone, Copy, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum OfferedStatus {
    /// The operators do not agree.
    Disputed,
    /// One operator said it.
    Unconfirmed,
}

/// What one source said.
#[derive(Debug, Serialize, TS)]
pub struct SourceAnswer {
    /// Who can change the answer.
    pub operator: String,
    /// Where it was asked.
    pub url: String,
    /// In which family.
    pub family: Family,
    /// Its answer.
    pub address: Option<String>,
    /// Why there is none.
    #[ts(type = "SourceProblem | null")]
    pub problem: Option<&'static str>,
    /// How long it took.
    #[ts(type = "number")]
    pub millis: u64,
    /// Whether its answer counts.
    pub vote: bool,
}

/// How many addresses a network has; `None` for a single address.
pub(crate) fn address_count(network: &IpNet) -> Option<String> {
    match u32::from(network.max_prefix_len() - network.prefix_len()) {
        0 => None,
        bits => Some(count_in_words(1u128.checked_shl(bits).unwrap_or(u128::MAX))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_count_what_the_page_counts() {
        let text = "é🤖8.8.8.8";
        let mut position = Utf16::new(text);
        assert_eq!(position.of(2), 1);
        assert_eq!(position.of(6), 3);
        assert_eq!(position.of(text.len()), 10);
        assert_eq!(position.of(0), 0);
    }
}
