use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use trusted_ips::count_in_words;
use ts_rs::TS;
use uuid::Uuid;

use crate::mirrored::mirrored;
use crate::token::{Destination, Permission, Risk, TokenType};
use crate::trusted_ips::TrustedIpsView;

mirrored! {
    /// As [`desk::form::ScriptPlace`].
    #[serde(rename_all = "camelCase")]
    ScriptPlace = desk::form::ScriptPlace { Both, Server, ThisComputer, Unknown }
}
mirrored! {
    /// As [`desk::form::Missing`].
    #[serde(rename_all = "camelCase")]
    Missing = desk::form::Missing {
        Destination, Type, Key, Name, NameProblem, TrustedIps, RejectedEntry, TooManyEntries, Permissions
    }
}
mirrored! {
    /// As [`desk::TokenNameProblem`].
    #[serde(rename_all = "kebab-case")]
    NameProblem = desk::TokenNameProblem { ControlCharacters, Empty, Taken, TooLong, TooShort }
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

/// The same fields on both sides, so that a draft crosses either way.
macro_rules! draft_crosses {
    ($from:ty => $to:ty) => {
        impl From<$from> for $to {
            fn from(draft: $from) -> Self {
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
    };
}
draft_crosses!(Draft => desk::form::Draft);
draft_crosses!(desk::form::Draft => Draft);

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
    /// What the page shows of it.
    pub fn new(check: &desk::form::DraftCheck) -> Self {
        let (v4, v6) = check.trusted_ips.address_count();
        Self {
            trusted_ips: TrustedIpsView::new(&check.trusted_ips),
            name_problem: check.name_problem.map(Into::into),
            missing: check.missing.iter().copied().map(Into::into).collect(),
            complete: check.missing.is_empty(),
            risk: check.risk.into(),
            trusted_address_count: count_in_words(v4.saturating_add(v6)),
        }
    }
}
