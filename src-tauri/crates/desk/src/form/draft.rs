use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use trusted_ips::TrustedIps;
use uuid::Uuid;

use crate::token::destination::Destination;
use crate::token::permission::{Permission, Risk};
use crate::token::{KnownToken, TRUSTED_IPS_MAX, TokenName, TokenNameProblem, TokenType, TrustedEntry};

/// What a person has filled in so far. It never holds a secret, so it may be kept on disk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    /// Becomes the token's id.
    pub id: Uuid,
    /// Where the token is to be made.
    pub destination: Destination,
    /// Not chosen at first.
    pub token_type: Option<TokenType>,
    /// As typed.
    pub name: String,
    /// The whole text of the field, as typed, pasted or detected.
    pub trusted_ips: String,
    /// The person has knowingly chosen that calls may come from anywhere (Self generated only).
    pub any_address: bool,
    /// What the person said about where the script runs.
    pub script_place: Option<ScriptPlace>,
    /// The switches that are on.
    pub permissions: BTreeSet<Permission>,
}

/// Where the script that uses the token runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum ScriptPlace {
    Both,
    Server,
    ThisComputer,
    Unknown,
}

/// What completeness depends on besides the draft itself.
#[derive(Clone, Copy, Debug)]
pub struct DraftContext<'a> {
    /// Names of the tokens at each destination.
    pub taken_names: &'a [(Destination, String)],
    /// The RSA pair of a Self generated token is made.
    pub key_ready: bool,
}

/// What keeps a draft from being complete, in the order of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Missing {
    /// The chosen destination does not take tokens yet.
    Destination,
    /// No type is chosen.
    Type,
    /// The RSA pair is still being made.
    Key,
    /// No name.
    Name,
    /// A name that cannot be used.
    NameProblem,
    /// No trusted IP, and not knowingly any address.
    TrustedIps,
    /// An entry of the list is rejected.
    RejectedEntry,
    /// The list has more entries than any destination takes.
    TooManyEntries,
    /// All switches are off.
    Permissions,
}

/// A draft that has been looked at.
#[derive(Debug)]
pub struct DraftCheck {
    /// The list as it was understood.
    pub trusted_ips: TrustedIps,
    /// What is wrong with the name.
    pub name_problem: Option<TokenNameProblem>,
    /// Empty if and only if the token can be created.
    pub missing: Vec<Missing>,
    /// What the permissions amount to.
    pub risk: Risk,
}

/// A draft with nothing missing: the only thing that can be submitted.
#[derive(Clone, Debug, PartialEq)]
pub struct CompleteDraft {
    pub(crate) id: Uuid,
    pub(crate) destination: Destination,
    pub(crate) token_type: TokenType,
    pub(crate) name: TokenName,
    pub(crate) trusted_ips: Vec<TrustedEntry>,
    pub(crate) permissions: BTreeSet<Permission>,
}

impl Draft {
    /// Whether the token is what the form asks for, labels included. An unfinished form asks for none.
    pub(crate) fn describes(&self, token: &KnownToken) -> bool {
        let of_its_own = DraftContext { taken_names: &[], key_ready: true };
        self.complete(of_its_own)
            .is_ok_and(|complete| complete.describes(token) && complete.trusted_ips == token.trusted_ips)
    }

    /// Looks at every field. This is the whole rule for when Create is active.
    pub fn check(&self, context: DraftContext<'_>) -> DraftCheck {
        let trusted_ips = trusted_ips::parse(&self.trusted_ips, &self.destination.policy());
        let name = self.name(context);
        let rejected = trusted_ips.entries.iter().any(|entry| entry.verdict == trusted_ips::Verdict::Reject);
        let any_address = self.allows_any_address();
        let missing = [
            (self.destination != Destination::Practice, Missing::Destination),
            (self.token_type.is_none(), Missing::Type),
            (self.token_type == Some(TokenType::SelfGenerated) && !context.key_ready, Missing::Key),
            (name == Err(TokenNameProblem::Empty), Missing::Name),
            (name.as_ref().is_err_and(|problem| *problem != TokenNameProblem::Empty), Missing::NameProblem),
            (!any_address && rejected, Missing::RejectedEntry),
            (!any_address && trusted_ips.networks().len() > TRUSTED_IPS_MAX, Missing::TooManyEntries),
            (!any_address && !rejected && !trusted_ips.is_submittable(), Missing::TrustedIps),
            (self.permissions.is_empty(), Missing::Permissions),
        ];
        DraftCheck {
            trusted_ips,
            name_problem: name.err(),
            missing: missing.into_iter().filter_map(|(is_missing, what)| is_missing.then_some(what)).collect(),
            risk: Risk::of(&self.permissions),
        }
    }

    /// The draft as it is submitted, or what it lacks.
    pub fn complete(&self, context: DraftContext<'_>) -> Result<CompleteDraft, Vec<Missing>> {
        let check = self.check(context);
        let (Some(token_type), Ok(name), true) = (self.token_type, self.name(context), check.missing.is_empty()) else {
            return Err(check.missing);
        };
        let trusted_ips = if self.allows_any_address() { Vec::new() } else { entries(&check.trusted_ips) };
        Ok(CompleteDraft {
            id: self.id,
            destination: self.destination,
            token_type,
            name,
            trusted_ips,
            permissions: self.permissions.clone(),
        })
    }

    /// Only a Self generated token may be used from anywhere (help article 8097772).
    fn allows_any_address(&self) -> bool {
        self.any_address && self.token_type == Some(TokenType::SelfGenerated)
    }

    fn name(&self, context: DraftContext<'_>) -> Result<TokenName, TokenNameProblem> {
        let name = TokenName::parse(&self.name)?;
        let taken = context
            .taken_names
            .iter()
            .any(|(destination, taken)| *destination == self.destination && taken == name.as_str());
        if taken { Err(TokenNameProblem::Taken) } else { Ok(name) }
    }
}

impl CompleteDraft {
    /// Whether the token is what was asked for.
    pub(crate) fn describes(&self, token: &KnownToken) -> bool {
        let networks = token.trusted_ips.iter().map(|entry| &entry.network);
        self.token_type == token.token_type
            && self.name.as_str() == token.name
            && self.permissions == token.permissions
            && self.trusted_ips.iter().map(|entry| &entry.network).eq(networks)
    }
}

fn entries(list: &TrustedIps) -> Vec<TrustedEntry> {
    list.entries
        .iter()
        .filter_map(|entry| Some(TrustedEntry { network: entry.output()?, label: entry.label().map(str::to_owned) }))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTHING_TAKEN: DraftContext<'_> = DraftContext { taken_names: &[], key_ready: true };

    fn filled() -> Draft {
        Draft {
            id: Uuid::from_u128(7),
            destination: Destination::Practice,
            token_type: Some(TokenType::SelfGenerated),
            name: " Home bot ".to_owned(),
            trusted_ips: "203.0.113.7 # Home".to_owned(),
            any_address: false,
            script_place: None,
            permissions: BTreeSet::from([Permission::BotsRead]),
        }
    }

    #[test]
    fn a_filled_draft_is_complete_and_carries_labels() {
        let complete = filled().complete(NOTHING_TAKEN).unwrap();
        assert_eq!(complete.name.as_str(), "Home bot");
        let home = TrustedEntry { network: "203.0.113.7".to_owned(), label: Some("Home".to_owned()) };
        assert_eq!(complete.trusted_ips, [home]);
    }

    #[test]
    fn each_empty_field_is_named() {
        type Change = fn(&mut Draft);
        let table: [(&str, Change, Missing); 10] = [
            ("destination", |draft| draft.destination = Destination::Guided, Missing::Destination),
            ("type", |draft| draft.token_type = None, Missing::Type),
            ("name", |draft| draft.name.clear(), Missing::Name),
            ("one letter", |draft| draft.name = "x".to_owned(), Missing::NameProblem),
            ("no address", |draft| draft.trusted_ips.clear(), Missing::TrustedIps),
            ("only a label", |draft| draft.trusted_ips = "# Home".to_owned(), Missing::TrustedIps),
            ("a home address", |draft| draft.trusted_ips.push_str("\n192.168.1.5"), Missing::RejectedEntry),
            (
                "a list that nobody takes",
                |draft| {
                    let hosts = (0..=TRUSTED_IPS_MAX).map(|n| format!("20.{}.{}.7\n", n / 256, n % 256));
                    draft.trusted_ips = hosts.collect();
                },
                Missing::TooManyEntries,
            ),
            ("permissions", |draft| draft.permissions.clear(), Missing::Permissions),
            (
                "any address, but System generated",
                |draft| {
                    draft.token_type = Some(TokenType::SystemGenerated);
                    draft.trusted_ips.clear();
                    draft.any_address = true;
                },
                Missing::TrustedIps,
            ),
        ];
        for (what, change, missing) in table {
            let mut draft = filled();
            change(&mut draft);
            // At a real destination the practice address is refused too.
            let found = draft.complete(NOTHING_TAKEN).unwrap_err();
            assert!(found.contains(&missing), "{what}: {found:?}");
        }
    }

    #[test]
    fn a_key_in_the_making_keeps_create_inactive() {
        let context = DraftContext { key_ready: false, ..NOTHING_TAKEN };
        assert_eq!(filled().complete(context), Err(vec![Missing::Key]));
        let system = Draft { token_type: Some(TokenType::SystemGenerated), ..filled() };
        assert!(system.complete(context).is_ok());
    }

    #[test]
    fn knowingly_any_address_is_an_empty_list() {
        let draft = Draft { any_address: true, trusted_ips: "192.168.1.5".to_owned(), ..filled() };
        assert_eq!(draft.complete(NOTHING_TAKEN).unwrap().trusted_ips, []);
    }

    #[test]
    fn a_name_is_taken_at_its_own_destination_only() {
        let taken = |destination| [(destination, "Home bot".to_owned())];
        let problem = |names: &[(Destination, String)]| {
            filled().check(DraftContext { taken_names: names, key_ready: true }).name_problem
        };
        assert_eq!(problem(&taken(Destination::Practice)), Some(TokenNameProblem::Taken));
        assert_eq!(problem(&taken(Destination::OwnServer)), None);
    }
}
