use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use ts_rs::TS;
use uuid::Uuid;

use super::trusted_ips::address_count;
use super::{AppError, Draft};

/// Declares an enum of the page that has the same variants as one of the desk.
macro_rules! mirrored {
    ($(#[$meta:meta])* $name:ident = $domain:path { $($variant:ident),+ $(,)? }) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
        $(#[$meta])*
        #[expect(missing_docs, reason = "documented where it is mirrored from")]
        pub enum $name { $($variant),+ }

        impl From<$domain> for $name {
            fn from(value: $domain) -> Self {
                match value { $(<$domain>::$variant => Self::$variant),+ }
            }
        }

        impl From<$name> for $domain {
            fn from(value: $name) -> Self {
                match value { $($name::$variant => Self::$variant),+ }
            }
        }
    };
}
pub(super) use mirrored;

mirrored! {
    /// As [`desk::destination::Destination`].
    #[serde(rename_all = "camelCase")]
    Destination = desk::destination::Destination { Guided, OwnServer, Practice }
}
mirrored! {
    /// As [`desk::TokenType`].
    #[serde(rename_all = "camelCase")]
    TokenType = desk::TokenType { SelfGenerated, SystemGenerated }
}
mirrored! {
    /// As [`desk::Permission`].
    #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
    Permission = desk::Permission { BotsRead, BotsWrite, AccountsRead, AccountsWrite, SmartTradesRead, SmartTradesWrite }
}
mirrored! {
    /// As [`desk::store::Outcome`].
    #[serde(rename_all = "camelCase")]
    Outcome = desk::store::Outcome { NotReached, Refused, Works }
}

/// What the page starts with.
#[derive(Debug, Serialize, TS)]
pub struct Startup {
    /// The form as it was left.
    pub draft: Option<super::Draft>,
    /// All recorded tokens, newest first.
    pub tokens: Vec<TokenView>,
    /// Creations that were interrupted, oldest first.
    pub unfinished: Vec<super::Unfinished>,
    /// The database that was there before could not be used, and that is not dealt with yet.
    pub loss: Option<super::Loss>,
    /// Where secrets are kept; `null` while there is no data directory.
    pub safe: Option<super::Safe>,
    /// Of the app.
    pub version: &'static str,
    /// What did not work, to be shown with "try again".
    pub problems: Vec<AppError>,
}

/// A recorded token.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TokenView {
    /// Seeds the seal.
    #[ts(type = "string")]
    pub id: Uuid,
    /// Where it was made.
    pub destination: Destination,
    /// Who made its key.
    pub token_type: TokenType,
    /// Its name.
    pub name: String,
    /// The public identifier.
    pub api_key: String,
    /// Empty for any address.
    pub trusted_ips: Vec<TrustedIpView>,
    /// The switches that are on.
    pub permissions: Vec<Permission>,
    /// What they amount to.
    pub risk: Risk,
    /// RFC 3339.
    pub created_at: String,
    /// The latest check.
    pub last_check: Option<CheckView>,
    /// `false` while the secret is held in memory only, because the keyring did not take it.
    pub secret_kept: bool,
}

impl TokenView {
    /// A token with its latest check.
    pub fn new(token: &desk::Token, check: Option<&desk::store::Check>) -> Self {
        Self {
            id: token.id,
            destination: token.destination.into(),
            token_type: token.token_type.into(),
            name: token.name.clone(),
            api_key: token.api_key.clone(),
            trusted_ips: token.trusted_ips.iter().map(|entry| TrustedIpView::new(entry, token.destination)).collect(),
            permissions: token.permissions.iter().copied().map(Permission::from).collect(),
            risk: desk::Risk::of(&token.permissions).into(),
            created_at: rfc3339(token.created_at),
            last_check: check.map(CheckView::from),
            secret_kept: true,
        }
    }
}

impl TokenView {
    /// The latest look found no secret to make the call with.
    pub fn secret_is_gone(&self) -> bool {
        self.last_check.as_ref().is_some_and(|check| check.code == desk::Code::SecretGone.as_str())
    }
}

/// One entry of a recorded token.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TrustedIpView {
    /// Canonical.
    pub text: String,
    /// The person's name for it.
    pub label: Option<String>,
    /// More than one address.
    pub is_network: bool,
    /// How many, for networks.
    pub address_count: Option<String>,
    /// One of the practice addresses.
    pub made_up: bool,
}

impl TrustedIpView {
    fn new(entry: &desk::TrustedEntry, destination: desk::destination::Destination) -> Self {
        let parsed = trusted_ips::parse(&entry.network, &destination.policy());
        let found = parsed.entries.first();
        let count = found.and_then(|entry| entry.network).and_then(|network| address_count(&network));
        Self {
            text: entry.network.clone(),
            label: entry.label.clone(),
            is_network: count.is_some(),
            address_count: count,
            made_up: found.is_some_and(|entry| entry.practice),
        }
    }
}

/// The risk meter.
#[derive(Clone, Copy, Debug, Serialize, TS)]
pub struct Risk {
    /// Filled fields, 0 to 5.
    pub level: u8,
    /// What to call it.
    pub word: RiskWord,
}

/// What the worst use of a token would be.
#[derive(Clone, Copy, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "documented at desk::Risk")]
pub enum RiskWord {
    None,
    Looks,
    Trades,
    Full,
}

impl From<desk::Risk> for Risk {
    fn from(risk: desk::Risk) -> Self {
        let word = match risk {
            desk::Risk::None => RiskWord::None,
            desk::Risk::Looks => RiskWord::Looks,
            desk::Risk::Trades | desk::Risk::TradesEverywhere => RiskWord::Trades,
            desk::Risk::Full => RiskWord::Full,
        };
        Self { level: risk.level(), word }
    }
}

/// The result of verifying a token.
#[derive(Clone, Debug, Serialize, TS)]
pub struct CheckView {
    /// What came of it.
    pub outcome: Outcome,
    /// `ok`, or why not.
    #[ts(type = "CheckCode")]
    pub code: String,
    /// RFC 3339.
    pub at: String,
    /// How long the call took.
    #[ts(type = "number")]
    pub millis: u64,
}

impl From<&desk::store::Check> for CheckView {
    fn from(check: &desk::store::Check) -> Self {
        Self { outcome: check.outcome.into(), code: check.code.clone(), at: rfc3339(check.at), millis: check.millis }
    }
}

/// A token that was just made.
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Created {
    /// The token.
    pub token: TokenView,
    /// Saved in the keyring, and made.
    pub proofs: Vec<Proof>,
    /// The keyring failed after the answer: the secret is held in memory only.
    pub not_kept: Option<AppError>,
    /// The form as it is now: empty, unless it was changed after this token was asked for.
    pub form: Option<Draft>,
}

/// One line of the proof that a token works.
#[derive(Debug, Serialize, TS)]
pub struct Proof {
    /// What was to be shown.
    pub step: ProofStep,
    /// Whether it was.
    pub state: ProofState,
    /// When, RFC 3339.
    pub at: Option<String>,
    /// How long it took.
    #[ts(type = "number | null")]
    pub millis: Option<u64>,
    /// `address` that was used; `code` of what failed.
    pub detail: BTreeMap<String, String>,
}

impl Proof {
    /// It was shown, at that time.
    pub fn done(step: ProofStep, at: OffsetDateTime) -> Self {
        Self { at: Some(rfc3339(at)), ..Self::without_detail(step, ProofState::Done) }
    }

    /// It was not; `code` says why.
    pub fn failed(step: ProofStep, code: &str) -> Self {
        let detail = BTreeMap::from([("code".to_owned(), code.to_owned())]);
        Self { detail, ..Self::without_detail(step, ProofState::Failed) }
    }

    /// A trusted caller was let in and a stranger turned away, or not.
    pub fn of_calls(proof: &desk::check::Proof) -> Vec<Self> {
        let works = proof.answered.check.outcome == desk::store::Outcome::Works;
        let turned_away = match &proof.turned_away {
            Some(stranger) => Self::of_call(ProofStep::TurnedAway, stranger, stranger.was_turned_away()),
            None => Self::without_detail(ProofStep::TurnedAway, ProofState::NotApplicable),
        };
        vec![Self::of_call(ProofStep::Answered, &proof.answered, works), turned_away]
    }

    fn of_call(step: ProofStep, called: &desk::check::Called, as_hoped: bool) -> Self {
        Self {
            step,
            state: if as_hoped { ProofState::Done } else { ProofState::Failed },
            at: Some(rfc3339(called.check.at)),
            millis: Some(called.check.millis),
            detail: BTreeMap::from([
                ("address".to_owned(), called.address.to_string()),
                ("code".to_owned(), called.check.code.clone()),
            ]),
        }
    }

    fn without_detail(step: ProofStep, state: ProofState) -> Self {
        Self { step, state, at: None, millis: None, detail: BTreeMap::new() }
    }
}

/// What a proof line shows.
#[derive(Clone, Copy, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum ProofStep {
    /// A signed call from a trusted address was let in.
    Answered,
    /// The secret or private key is in the keyring.
    Kept,
    /// The service made the token as asked.
    Made,
    /// The same call from elsewhere was refused.
    TurnedAway,
}

/// What came of it.
#[derive(Clone, Copy, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum ProofState {
    /// It was shown.
    Done,
    /// It was not.
    Failed,
    /// There is nothing to show: any address is trusted.
    NotApplicable,
}

/// The current code of the practice account's authenticator.
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PracticeCode {
    /// `null` while there is no unused one.
    pub code: Option<String>,
    /// How long the code is good, or how long to wait.
    pub seconds_left: u32,
}

/// What an authenticator app needs.
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Authenticator {
    /// Base32 in groups of four.
    pub secret: String,
    /// The QR code as the `d` of an SVG path, one unit a module.
    pub qr_path: String,
    /// Modules on a side.
    #[ts(type = "number")]
    pub qr_size: usize,
}

pub(crate) fn rfc3339(moment: OffsetDateTime) -> String {
    // Only years beyond 9999 cannot be written.
    moment.format(&Rfc3339).unwrap_or_default()
}
