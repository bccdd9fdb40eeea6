use serde::Serialize;
use ts_rs::TS;
use uuid::Uuid;

use crate::mirrored::mirrored;
use crate::moment::rfc3339;
use crate::trusted_ips::address_count;

mirrored! {
    /// As [`desk::Destination`].
    #[serde(rename_all = "camelCase")]
    Destination = desk::Destination { Guided, OwnServer, Practice }
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
    /// What the person wrote to it.
    pub note: Option<String>,
    /// The latest check.
    pub last_check: Option<CheckView>,
    /// `false` while the secret is held in memory only, because the keyring did not take it.
    pub secret_kept: bool,
}

impl TokenView {
    /// A token with its latest check.
    pub fn new(token: &desk::KnownToken, check: Option<&desk::store::Check>) -> Self {
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
            note: token.note.as_ref().map(|note| note.as_str().to_owned()),
            last_check: check.map(CheckView::from),
            secret_kept: true,
        }
    }

    /// The token while its secret is held in memory only.
    pub fn not_kept(self) -> Self {
        Self { secret_kept: false, ..self }
    }

    /// The latest look found no secret to make the call with.
    pub fn secret_is_gone(&self) -> bool {
        self.last_check.as_ref().is_some_and(|check| check.code == desk::Code::SecretGone.as_str())
    }
}

impl From<desk::TokenStatus> for TokenView {
    fn from(status: desk::TokenStatus) -> Self {
        let view = Self::new(&status.token, status.last_check.as_ref());
        if status.is_kept { view } else { view.not_kept() }
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
    fn new(entry: &desk::TrustedEntry, destination: desk::Destination) -> Self {
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
